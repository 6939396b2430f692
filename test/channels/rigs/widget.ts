import assert from 'node:assert/strict';
import type { ChannelEvent, InPart } from '../../../src/channels/channel.ts';
import { widget } from '../../../src/channels/widget/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { TestClock } from '../../support/clock.ts';
import { formOf, pdf, png, type GivenFile } from '../../support/files.ts';
import { request } from '../../support/request.ts';
import { bearer } from '../../visitors/support/client.ts';
import { openHouse, type House } from '../../visitors/support/house.ts';
import { SAID, type Kind, type Rig, type Saying } from './rig.ts';

const byRoute = 'a visitor’s message comes in by its own route, one at a time, with their token';
const unknown = 'the panel has no such thing';
const unsent = 'nothing is sent to a visitor: their page reads what is stored';

export const widgetKind: Kind = {
  kind: 'widget',
  skips: {
    ...{ sends: unsent, blocked: unsent, rate: unsent, cut: unsent, absent: unsent, revoked: unsent, 'broken-markup': unsent },
    ...{ window: unsent, broken: unsent, page: unsent, half: unsent, 'files-out': unsent },
    ...{ batches: byRoute, signed: byRoute, 'signed-bytes': byRoute, unknown: 'a post with anything unknown in it is refused' },
    ...{ sticker: unknown, location: unknown, contact: unknown, reaction: unknown, 'reaction-gone': unknown, reply: unknown },
    ...{ edit: unknown, revoke: unknown, alias: unknown },
    'replies-out': 'the one that is replied to is quoted in words',
    reacts: 'the panel shows no reactions',
    choices: 'they are read from the store, too: test/visitors/choices.test.ts offers them',
    'any-text': 'what nobody sees is taken out of a visitor’s words: test/visitors/visitor-messages.test.ts',
    'endless-text': 'a visitor writes up to 4,000 characters',
    'other-clock': 'a visitor’s message has this server’s own time',
    'files-in': 'a visitor’s files come with their message',
  },
  start: startWidget,
};

/** What a visitor's page posts. */
interface Post {
  act: 'messages' | 'files';
  fields: Record<string, string>;
  files: GivenFile[];
  at?: number;
}

let posts = 0;
const clientIdOf = (id: number): string => `contract-${String(id).padStart(16, '0')}`;
const freshId = (): string => clientIdOf(1_000_000 + posts++);
const withFile = (name: string, content: Buffer, text?: string): Post => ({
  act: 'files',
  fields: { clientId: freshId(), ...(text === undefined ? {} : { text }) },
  files: [{ name, content }],
});

/** The beginnings of an Ogg and of an MP4 file: they are told by these alone. */
const OGG = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead'), Buffer.alloc(60)]);
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(100)]);

const bodies = (): Partial<Record<Saying, Post>> => ({
  image: withFile('cake.png', png(), SAID.caption),
  voice: withFile('voice.ogg', OGG),
  video: withFile('film.mp4', MP4),
  document: withFile(SAID.name, pdf()),
  nameless: { act: 'messages', fields: { clientId: freshId(), text: 'Hi' }, files: [] },
});

/** A website's chat, served for real: what a visitor posts, and what is stored of it. */
class Website {
  readonly clock = new TestClock();
  /** The visitor's, from their first message on. */
  thread = '';
  #house: House | undefined;
  #token: string | undefined;

  async hear(body: unknown): Promise<ChannelEvent[]> {
    const house = (this.#house ??= await openHouse({ clock: this.clock }));
    const { act, fields, files, at } = body as Post;
    // Nobody writes faster than a visitor may.
    this.clock.move(at === undefined ? 10_000 : at - this.clock.now());
    const { status, text } = await request('POST', house.to(act), {
      body: act === 'files' ? formOf(fields, files) : JSON.stringify(fields),
      headers: {
        Accept: 'application/json',
        ...(act === 'files' ? {} : { 'Content-Type': 'application/json' }),
        ...(this.#token === undefined ? {} : bearer(this.#token)),
      },
    });
    assert.equal(status, 200, text);
    const answer = JSON.parse(text) as { token?: string; messageId: number };
    this.#token ??= answer.token;
    const event = storedEvent(house, answer.messageId);
    this.thread ||= event.thread;
    return [event];
  }

  async end(): Promise<void> {
    await this.#house?.end();
  }
}

function storedEvent({ ws }: House, messageId: number): Extract<ChannelEvent, { type: 'message' }> {
  const message = ws.sql
    .prepare(
      `SELECT c.thread, i.external_id AS sender, i.display_name AS displayName, m.external_id AS externalId, m.said_at AS saidAt
       FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN identities i ON i.id = m.identity_id WHERE m.id = ?`,
    )
    .get(messageId) as { thread: string; sender: string; displayName: string | null; externalId: string; saidAt: number };
  const parts = ws.sql
    .prepare(
      `SELECT p.kind, p.text, a.path AS reference, a.name FROM message_parts p LEFT JOIN attachments a ON a.id = p.attachment_id
       WHERE p.message_id = ? ORDER BY p.position`,
    )
    .all(messageId) as { kind: InPart['kind']; text: string | null; reference: string | null; name: string | null }[];
  const { thread, externalId, saidAt, displayName } = message;
  return {
    type: 'message',
    thread,
    sender: { externalId: message.sender, ...(displayName === null ? {} : { displayName }) },
    externalId,
    saidAt,
    parts: parts.map(({ kind, text, reference, name }) => ({
      kind,
      ...(text === null ? {} : { text }),
      ...(reference === null ? {} : { file: { reference, ...(name === null ? {} : { name }) } }),
    })),
  };
}

async function startWidget(): Promise<Rig> {
  const never = () => Promise.reject(new Error('the widget has no far side'));
  const website = new Website();
  return {
    channel: widget,
    secret: 'a widget has none',
    get thread() {
      return website.thread;
    },
    batch: { body: null, texts: [] },
    pauseMs: 0,
    link: '',
    access: (more = {}) => ({
      channelId: 1,
      settings: widget.settings.parse({}),
      state: null,
      apiRoot: '',
      fetch: never,
      agent: () => assert.fail('the widget has no far side'),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    hear: (body) => website.hear(body),
    says: (text, { at, id } = {}): Post => ({
      act: 'messages',
      fields: { clientId: id === undefined ? freshId() : clientIdOf(id), text },
      files: [],
      ...(at === undefined ? {} : { at }),
    }),
    bodies: bodies(),
    cause: () => undefined,
    fail: () => undefined,
    read: () => [],
    readFiles: () => [],
    shownTyping: () => 0,
    holdNextSend: never,
    leave: async () => undefined,
    end: () => website.end(),
  };
}
