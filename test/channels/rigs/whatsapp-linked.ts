import assert from 'node:assert/strict';
import type { DeviceChange, DeviceStore, LinkStep } from '../../../src/channels/channel.ts';
import { whatsappLinked } from '../../../src/channels/whatsapp-linked/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createOutbound } from '../../../src/lib/outbound.ts';
import { WhatsappLinkedSimulator } from '../../simulators/whatsapp-linked.ts';
import { SAID, type Kind, type Rig, type Saying } from './rig.ts';

const ABOUT = '3A00000000000000ABOUT';
const FILES_AT_MOST = 1024 * 1024;
const lid = '5550001@lid';
const OWN = ['4915123456789', '99887766'];

interface Heard {
  key: Record<string, unknown>;
  messageTimestamp: number;
  pushName?: string;
  message: unknown;
}

function messageOf(
  message: unknown,
  { at = Date.now(), id = `3A${Math.random().toString(16).slice(2)}`, name = 'Ayşe Demir', key = {} } = {},
): Heard {
  return {
    key: { remoteJid: lid, fromMe: false, id, ...key },
    messageTimestamp: Math.floor(at / 1000),
    ...(name === '' ? {} : { pushName: name }),
    message,
  };
}

const bodyOf = (...messages: unknown[]) => ({ own: OWN, groups: false, at: Date.now(), messages });
const text = (words: string) => ({ conversation: words });

/** What a customer does, as the library tells it. */
function bodies(): Record<Saying, unknown> {
  const does = (message: unknown, more = {}) => bodyOf(messageOf(message, more));
  const media = { mediaKey: 'AAAA', directPath: '/v/1', mimetype: 'application/octet-stream', fileLength: 12 };
  const { name, phone } = SAID.contact;
  const vcard = `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=49301234567:${phone}\nEND:VCARD`;
  const about = { key: { id: ABOUT, remoteJid: lid } };
  return {
    image: does({ ephemeralMessage: { message: { imageMessage: { ...media, caption: SAID.caption } } } }),
    voice: does({ audioMessage: { ...media, ptt: true } }),
    video: does({ viewOnceMessageV2: { message: { videoMessage: media } } }),
    document: does({ documentWithCaptionMessage: { message: { documentMessage: { ...media, fileName: SAID.name } } } }),
    sticker: does({ stickerMessage: media }),
    location: does({ locationMessage: { degreesLatitude: SAID.place.latitude, degreesLongitude: SAID.place.longitude } }),
    contact: does({ contactMessage: { displayName: name, vcard } }),
    reaction: does({ reactionMessage: { ...about, text: SAID.emoji } }),
    'reaction-gone': does({ reactionMessage: { ...about, text: '' } }),
    reply: does({ extendedTextMessage: { text: 'Yes', contextInfo: { stanzaId: ABOUT, participant: lid } } }),
    edit: does({ protocolMessage: { ...about, type: 14, editedMessage: text(SAID.edited), timestampMs: Date.now() } }),
    revoke: does({ protocolMessage: { ...about, type: 0 } }),
    unknown: bodyOf({ of: 'no known shape' }),
    nameless: does(text('Hi'), { name: '' }),
    alias: does(text('Hi'), { key: { remoteJidAlt: '491701234567@s.whatsapp.net' } }),
  };
}

const NO_HTTP = 'WhatsApp speaks with a linked phone over a connection that stays open, not by answers to requests';
const NO_TOKEN = 'there is no token: an account that ends the link ends the connection, and its listener stops the channel';

export const whatsappLinkedKind: Kind = {
  kind: 'whatsapp-linked',
  skips: {
    window: 'a linked phone may write at any time',
    half: NO_HTTP,
    page: NO_HTTP,
    revoked: NO_TOKEN,
    'files-token': NO_TOKEN,
    choices: 'WhatsApp shows no buttons that come from a linked phone; the answers stand under the text',
    draft: 'WhatsApp shows no unfinished messages',
    signed: NO_HTTP,
    'signed-bytes': NO_HTTP,
  },
  start: startWhatsappLinked,
};

/** Keys in memory, as `channels/device-store` keeps them in the database. */
function storeOf(values: Map<string, string>): DeviceStore & { step: LinkStep | null } {
  const nameOf = (kind: string, id: string) => `${kind} ${id}`;
  const put = ({ kind, id, value }: DeviceChange) =>
    value === null ? values.delete(nameOf(kind, id)) : values.set(nameOf(kind, id), value);
  return {
    step: null,
    get: (kind, ids) =>
      new Map(ids.flatMap((id): [string, string][] => (values.has(nameOf(kind, id)) ? [[id, values.get(nameOf(kind, id)) ?? '']] : []))),
    all: (kind) => [...values].flatMap(([name, value]) => (name.startsWith(`${kind} `) ? [value] : [])),
    set: (changes) => changes.forEach(put),
    clear: () => values.clear(),
    show(step) {
      this.step = step;
    },
    linked: () => null,
    sent: () => null,
  };
}

/** A phone is linked once for all: it costs more than all that a test does with it. */
let linked: Promise<{ far: WhatsappLinkedSimulator; values: Map<string, string> }> | null = null;

async function linkOnce(): Promise<{ far: WhatsappLinkedSimulator; values: Map<string, string> }> {
  const far = await new WhatsappLinkedSimulator().start();
  const values = new Map<string, string>();
  const device = storeOf(values);
  const outbound = createOutbound({ allowPrivate: true });
  const over = new AbortController();
  const { opened, done } = listenBy(accessTo(far, outbound, device, over.signal));
  while (device.step?.kind !== 'picture') await new Promise((resolve) => setTimeout(resolve, 5));
  far.scan(device.step.text);
  await opened;
  over.abort();
  await done;
  await far.stop();
  await outbound.close();
  return { far, values };
}

function accessTo(far: WhatsappLinkedSimulator, outbound: ReturnType<typeof createOutbound>, device: DeviceStore, signal: AbortSignal) {
  return {
    channelId: 1,
    settings: { groups: false },
    state: null,
    apiRoot: far.url,
    fileRoot: far.url,
    fetch: outbound.to(far.url),
    fetchFile: outbound.to(far.url, { maxBytes: FILES_AT_MOST }),
    fileDispatcher: () => outbound.dispatcher(far.url),
    agent: () => outbound.agent(far.url),
    device,
    clock: systemClock,
    signal,
  };
}

function listenBy(access: Parameters<NonNullable<typeof whatsappLinked.listen>>[0]): { opened: Promise<void>; done: Promise<void> } {
  let done: Promise<void> = Promise.resolve();
  const opened = new Promise<void>((resolve, reject) => {
    done = (whatsappLinked.listen?.(access, async () => resolve()) ?? Promise.resolve()).catch(reject);
  });
  opened.catch(() => undefined);
  return { opened, done };
}

async function startWhatsappLinked(): Promise<Rig> {
  linked ??= linkOnce();
  const before = await linked;
  const far = await new WhatsappLinkedSimulator(before.far).start();
  const ayse = far.customer({ phone: '491701234567', lid: '5550001', name: 'Ayşe Demir' });
  const outbound = createOutbound({ allowPrivate: true });
  const over = new AbortController();
  const device = storeOf(new Map(before.values));
  const access: Rig['access'] = (more = {}) => ({ ...accessTo(far, outbound, device, new AbortController().signal), ...more });
  const listening = listenBy(accessTo(far, outbound, device, over.signal));
  await listening.opened;
  const texts = ['Hi', 'Are you open on Sunday?', 'And on Monday?'];
  const [hi, sunday, monday] = texts.map((words) => messageOf(text(words)));
  return {
    // It resolves when it is written out; the far side has it a moment later.
    channel: {
      ...whatsappLinked,
      async typing(...given) {
        const shown = far.typing.length;
        await whatsappLinked.typing?.(...(given as Parameters<NonNullable<typeof whatsappLinked.typing>>));
        if (far.online) await far.until(() => far.typing.length > shown);
      },
    },
    secret: 'AdvSecret-canary',
    thread: 'direct',
    recipient: ayse.lidJid,
    batch: { body: bodyOf(hi, { of: 'no known shape' }, sunday, monday), texts },
    pauseMs: 60_000,
    link: '[d](e)',
    access,
    says: (words, { at, id } = {}) =>
      bodyOf(messageOf(text(words), { ...(at === undefined ? {} : { at }), ...(id === undefined ? {} : { id: `3A${id}` }) })),
    saysMany: (many) => bodyOf(...many.map((words) => messageOf(text(words)))),
    bodies: bodies(),
    cause(situation) {
      if (situation === 'blocked') far.fail({ error: '463' });
      if (situation === 'rate') far.fail({ error: '429' });
      if (situation === 'broken') far.fail({ error: '500' });
      if (situation === 'cut') far.fail('cut');
    },
    fail: () => undefined,
    read: () => far.sent.map((message) => message.text),
    heardId: ABOUT,
    reactions: () =>
      far.sent.flatMap(({ words: { reactionMessage: given } }) => (given ? [{ to: given.key?.id ?? '', emoji: given.text ?? '' }] : [])),
    repliedTo: () => far.sent.map(({ words }) => words.extendedTextMessage?.contextInfo?.stanzaId ?? undefined),
    readFiles: () =>
      far.sent.flatMap(({ words: { documentMessage: document, imageMessage: image } }) => {
        const file = document ?? image;
        if (!file) return [];
        const content = far.store.open(document ? 'Document' : 'Image', file);
        return [{ name: document?.fileName ?? 'cake.png', content, caption: file.caption ?? '' }];
      }),
    hold(content) {
      const { mediaKey, directPath } = far.store.put('Image', content);
      const key = Buffer.from(mediaKey ?? []).toString('base64');
      return JSON.stringify({ kind: 'image', path: directPath, key, message: { id: ABOUT, remoteJid: lid } });
    },
    spoil(reference, how) {
      const { path } = JSON.parse(reference) as { path: string };
      if (how === 'gone') far.store.forget(path);
      if (how === 'too-large') far.store.enlarge(path, FILES_AT_MOST + 1);
      if (how === 'not-now') far.store.failing.push(503);
    },
    shownTyping: () => far.typing.length,
    async holdNextSend() {
      const sent = far.sent.length;
      far.fail('hold');
      await far.until(() => far.sent.length > sent);
    },
    leave: () => far.stop(),
    async end() {
      over.abort();
      await listening.done.catch((error: unknown) => assert.ok(error instanceof Error));
      await far.stop();
      await outbound.close();
    },
  };
}
