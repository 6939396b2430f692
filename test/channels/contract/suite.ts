/** What the situations of the contract share: a fresh rig for each test, and how one speaks to its channel. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { DeliveryError, type ChannelAccess, type ChannelEvent, type Choice, type Outbound } from '../../../src/channels/channel.ts';
import type { Kind, Rig, Situation } from '../rigs/rig.ts';

export type MessageEvent = Extract<ChannelEvent, { type: 'message' }>;

export class Suite {
  readonly #kind: Kind;
  #rig: Rig | undefined;

  constructor(kind: Kind) {
    this.#kind = kind;
    beforeEach(async () => void (this.#rig = await kind.start()));
    afterEach(() => this.#rig?.end());
  }

  get rig(): Rig {
    return this.#rig ?? assert.fail('a rig is there while a test runs');
  }

  /** A test, or why it can't be: the channel can't come into one of its situations. */
  situation(needs: Situation | Situation[], title: string, test: () => Promise<void> | void): void {
    const [reason] = [needs].flat().flatMap((name) => this.#kind.skips[name] ?? []);
    if (reason === undefined) it(title, test);
    else it.skip(`${title} (skipped: ${reason})`);
  }

  send(text: string, more: { choices?: Choice[]; kind?: 'file' } & Partial<Outbound> & Partial<ChannelAccess> = {}) {
    const { signal, state, choices, ...outbound } = more;
    const access = this.rig.access({ ...(signal ? { signal } : {}), ...(state === undefined ? {} : { state }) });
    return this.rig.channel.send(access, {
      thread: this.rig.thread,
      recipient: this.rig.recipient ?? this.rig.thread,
      reference: 'ref-1',
      attempt: 1,
      author: 'bot',
      kind: 'text',
      text,
      ...(choices ? { choices } : {}),
      ...outbound,
    });
  }

  /** What a send or another call is refused with: in a plain sentence, and without the secret. */
  async refusal(act: Promise<unknown>): Promise<DeliveryError> {
    const error = await act.then(
      () => assert.fail('it went through'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof DeliveryError, inspect(error));
    this.plain(error);
    return error;
  }

  plain(error: Error & { says: string }): void {
    assert.match(error.says, /^[A-Z][^!{<]*\.$/, 'it is said in a plain sentence');
    assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), new RegExp(this.rig.secret), 'no secret is in the error');
  }

  /** The events of a body that has come over the wire. */
  async heard(body: unknown): Promise<ChannelEvent[]> {
    return this.rig.hear?.(body) ?? this.rig.channel.parse(JSON.parse(JSON.stringify(body)));
  }

  /** The body of a text, which every rig gives whose channel is told of messages. */
  says(text: string, more?: { at?: number; id?: number }): unknown {
    assert.ok(this.rig.says, 'the rig gives the body of a text');
    return this.rig.says(text, more);
  }

  /** The one message of a body, from a known sender in a known thread. */
  async message(body: unknown): Promise<MessageEvent> {
    const [event, ...others] = await this.heard(body);
    assert.ok(event?.type === 'message', inspect(event));
    assert.deepEqual(others, []);
    for (const id of [event.thread, event.sender.externalId, event.externalId]) assert.match(id, /./);
    return event;
  }
}

export function textOf(event: ChannelEvent): string[] {
  return event.type === 'message' ? event.parts.flatMap((part) => part.text ?? []) : [];
}
