/** One connection to WhatsApp, from its first byte to its end. It leaves nothing behind: no timer, listener or socket. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelAccess } from '../channel.ts';
import { silent, type Baileys, type Content, type Node, type Socket } from './baileys.ts';
import type { Arrivals } from './arrivals.ts';
import type { Auth, Own } from './auth.ts';
import { departing, innerOf, watchDepartures, type Departure } from './departure.ts';
import type { Ending } from './endings.ts';
import { later, refusal, stopping, untold } from './errors.ts';
import { referenceOf } from './ids.ts';
import type { MediaReference } from './media.ts';
import type { LinkedSettings } from './settings.ts';
import { wordsContent } from './words.ts';

export type Access = ChannelAccess<LinkedSettings>;
type Config = Parameters<Baileys['makeWASocket']>[0];
export type News = Parameters<Parameters<Socket['ev']['process']>[0]>[0];

/** What the far side is told of us; the phone shows the first under "Linked devices". */
const BROWSER: [string, string, string] = ['Deskbell', 'Chrome', '1.0'];
const ACK_MS = 20_000;
const QUERY_MS = 20_000;
/** The library's number for a message that WhatsApp didn't take. */
const REFUSED = 0;
/** For the far side to agree that it is over. */
const GOODBYE_MS = 1000;

export interface LinkParts {
  baileys: Baileys;
  auth: Auth;
  arrivals: Arrivals;
  onNews(news: News): void;
}

export class Link {
  readonly socket: Socket;
  /** Resolves when it is over, whoever ended it. */
  readonly ended: Promise<Ending>;
  /** WhatsApp knows who we are: messages come and go. */
  open = false;
  readonly #auth: Auth;
  readonly #sending = new Set<string>();

  constructor(access: Access, { baileys, auth, arrivals, onNews }: LinkParts) {
    this.#auth = auth;
    this.socket = baileys.makeWASocket(configOf(access, baileys, auth, arrivals));
    arrivals.watch(this.socket);
    watchDepartures(this.socket);
    this.ended = new Promise((resolve) => {
      this.socket.ev.process((news) => {
        if (news['creds.update']) auth.saveCreds();
        const { connection, lastDisconnect } = news['connection.update'] ?? {};
        if (connection === 'open') this.open = true;
        onNews(this.#withoutOwn(news));
        if (connection === 'close') resolve(endingOf(lastDisconnect?.error));
      });
    });
    void this.ended.then(() => (this.open = false));
  }

  /** Who we are. */
  get own(): Own {
    return this.#auth.own;
  }

  /**
   * Sends a message by an id of ours, and waits until WhatsApp has it. Throws DeliveryError: what fails before the message
   * has left is 'not-sent', what fails after is 'unknown'.
   */
  async say(to: string, content: Content, messageId: string, signal: AbortSignal): Promise<void> {
    const settled = new AbortController();
    const departure: Departure = { encrypted: false, left: false };
    this.#sending.add(messageId);
    const answer = this.#answerTo(messageId, signal, settled.signal);
    // Where the message doesn't even leave, nobody waits for the answer any more.
    answer.catch(() => undefined);
    try {
      await departing(departure, () => this.socket.relayMessage(to, content, { messageId })).catch((cause: unknown) => {
        if (departure.left) throw untold(cause);
        throw signal.aborted ? stopping(cause) : later(cause);
      });
      const { attrs } = await answer;
      if (attrs['error'] !== undefined) throw refusal(attrs['error']);
    } finally {
      settled.abort();
      this.#sending.delete(messageId);
    }
  }

  /** The far side's word on a message, whichever comes first: that it has it, that it refuses it, or its receipt. */
  async #answerTo(messageId: string, signal: AbortSignal, settled: AbortSignal): Promise<Node> {
    const { ws } = this.socket;
    const event = `TAG:${messageId}`;
    const over = AbortSignal.any([signal, settled]);
    let heard: (node: Node) => void = () => undefined;
    const answer = new Promise<Node>((resolve) => ws.on(event, (heard = resolve)));
    answer.catch(() => undefined);
    try {
      const first = await Promise.race([answer, this.ended.then(() => null), pause(ACK_MS, null, { signal: over }).catch(() => null)]);
      if (first === null) throw untold(signal.reason);
      return first;
    } finally {
      ws.off(event, heard);
    }
  }

  /** What became of a message that is just being sent is told by its sender. */
  #withoutOwn(news: News): News {
    const updates = news['messages.update'];
    if (!updates || this.#sending.size === 0) return news;
    return {
      ...news,
      'messages.update': updates.filter(({ key, update }) => Number(update.status) !== REFUSED || !this.#sending.has(key.id ?? '')),
    };
  }

  /** Shows that an answer is being written, and that a message was read. */
  async showTyping(to: string, read: string | undefined): Promise<void> {
    if (read !== undefined) await this.socket.readMessages([{ remoteJid: to, id: read, fromMe: false }]);
    await this.socket.sendPresenceUpdate('composing', to);
  }

  /** Eight characters that the phone with this number links us by. */
  codeFor(phone: string): Promise<string> {
    return this.socket.requestPairingCode(phone);
  }

  /** What opens WhatsApp's store for files that are sent. */
  async mediaPass(): Promise<string> {
    const answer = (await this.socket.query({
      tag: 'iq',
      attrs: { type: 'set', xmlns: 'w:m', to: 's.whatsapp.net' },
      content: [{ tag: 'media_conn', attrs: {} }],
    })) as Node | undefined;
    const pass = (Array.isArray(answer?.content) ? answer.content : []).find(({ tag }) => tag === 'media_conn')?.attrs['auth'];
    if (pass === undefined) throw new Error('WhatsApp gave no pass for files');
    return pass;
  }

  /** Asks the phone to put a file into the store again; gives where it lies then. */
  async askPhoneFor({ kind, key, message }: MediaReference): Promise<string | null> {
    const media = { mediaKey: Buffer.from(key, 'base64') };
    const { message: again } = await this.socket.updateMediaMessage({
      key: { ...message, fromMe: false },
      message: { [`${kind}Message`]: media },
    });
    const found = Object.values(again ?? {})[0] as { directPath?: string | null } | null;
    return found?.directPath ?? null;
  }

  /** Takes this device off the phone's list, and ends the connection. */
  async logOut(): Promise<void> {
    await this.socket.logout();
    await this.ended;
  }

  /** Ends it; resolves when it is over. */
  async end(): Promise<void> {
    void this.socket.end(undefined);
    const late = new AbortController();
    await Promise.race([this.ended, pause(GOODBYE_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    innerOf(this.socket)?.terminate();
    await this.ended;
  }
}

/** The library gives the same numbers to what broke on the way, which says nothing of the account. */
const SAID = /^(Stream Errored|Connection Failure|Connection Terminated by Server|QR refs|Intentional Logout|Multi-device)/;

function endingOf(error: unknown): Ending {
  if (error === undefined) return { code: null, said: false, cause: undefined };
  const code = (error as { output?: { statusCode?: number } }).output?.statusCode ?? null;
  return { code, said: error instanceof Error && SAID.test(error.message), cause: error };
}

function configOf(access: Access, baileys: Baileys, auth: Auth, arrivals: Arrivals): Config {
  const { groups } = access.settings;
  const { device } = access;
  const dispatcher = access.fileDispatcher?.();
  return {
    auth: { creds: auth.creds, keys: auth.keys },
    waWebSocketUrl: `${access.apiRoot.replace(/^http/, 'ws')}/ws/chat`,
    agent: access.agent() as NonNullable<Config['agent']>,
    fetchAgent: access.agent() as NonNullable<Config['agent']>,
    options: dispatcher ? { dispatcher } : {},
    // What is asked of a connection that ends is let go of no sooner: its sockets would stay for a minute.
    defaultQueryTimeoutMs: QUERY_MS,
    logger: silent,
    browser: BROWSER,
    // Customers shouldn't see "online", and the phone must go on ringing.
    markOnlineOnConnect: false,
    emitOwnEvents: false,
    // What was said before the link was made is no business of ours.
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    shouldIgnoreJid: (jid) => /@(broadcast|newsletter)$/.test(jid) || (!groups && jid.endsWith('@g.us')),
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    makeSignalRepository: arrivals.repository(baileys, auth),
    // For a phone that couldn't read a message, once the library's own memory of the last minutes has let go of it.
    getMessage: async ({ id, remoteJid }) => {
      const reference = referenceOf(id ?? '');
      const sent = reference === undefined ? null : device?.sent(reference);
      return sent ? wordsContent(sent, remoteJid ?? '', auth.own) : undefined;
    },
  };
}
