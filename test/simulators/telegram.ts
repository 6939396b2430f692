/**
 * A strict stand-in for the Telegram Bot API: one bot and its private chats. It refuses what the real one refuses, keeps
 * updates until they are confirmed, and fails on demand.
 */
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { httpSimulator } from './http.ts';
import { answer, parseHtml, takeFault, textIn, type Fault } from './telegram-answers.ts';
import { Files, readUpload } from './telegram-files.ts';
import { Refusal, Updates, type Params, type Update } from './telegram-updates.ts';

export type { Fault };

/** How long a `sendMessage` takes before it has its effect, and from there to its answer. */
export interface Latency {
  beforeMs: number;
  afterMs: number;
}

export interface SentMessage {
  chat: number;
  text: string;
  /** What the customer reads. */
  visible: string;
  parseMode: string | undefined;
  messageId: number;
}

export interface Customer {
  chat: number;
  name: string;
  language?: string;
}

export class TelegramSimulator {
  token: string;
  readonly account: { id: number; is_bot: true; first_name: string; username: string };
  readonly sent: SentMessage[] = [];
  readonly files = new Files();
  /** Pictures and documents, as they came. */
  readonly sentFiles = this.files.sent;
  readonly typing: number[] = [];
  /** How many calls of `sendMessage` are under way. */
  sending = 0;
  url = '';
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly updates = new Updates(() => this.#events.emit('change'));
  readonly #faults = new Map<string, Fault[]>();
  readonly #blocked = new Set<number>();
  readonly #customers = new Map<number, Customer>();
  readonly #latency: Latency;
  #nextMessage = 1;
  #revoked = false;
  #close: () => Promise<void> = async () => undefined;

  constructor({ id = 8_123_456_789, username = 'aurora_cafe_bot', latency = { beforeMs: 0, afterMs: 0 } } = {}) {
    this.#latency = latency;
    this.token = `${id}:AAH${'x'.repeat(32)}`;
    this.account = { id, is_bot: true, first_name: 'Aurora', username };
  }

  async start(): Promise<this> {
    const { url, close } = await httpSimulator((request, response) => void this.#handle(request, response));
    this.url = url;
    this.#close = close;
    return this;
  }

  async stop(): Promise<void> {
    await this.#close();
  }

  // --- what customers do

  /** A private message: a text, or any other content. Returns its update. */
  say(customer: Customer, said: string | Params): Update {
    const content = typeof said === 'string' ? { text: said } : said;
    return this.push({ message: this.#message(customer, this.#nextMessage++, content) });
  }

  /** Telegram knows the time of an edit to the second: two in one second are one. */
  edit(customer: Customer, messageId: number, text: string, edit_date = seconds()): Update {
    return this.push({ edited_message: { ...this.#message(customer, messageId, { text }), edit_date } });
  }

  block({ chat }: Customer): void {
    this.#blocked.add(chat);
  }

  /** Any update, with the next number. */
  push(content: Params): Update {
    return this.updates.push(content);
  }

  // --- what Telegram does

  /** The next calls of `method` fail, one by one. */
  fail(method: string, ...faults: Fault[]): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), ...faults]);
  }

  /** The next call of `method` is never answered. Resolves when it has come; `left` is told when the caller lets go of it. */
  hold(method: string, left: () => void = () => undefined): Promise<void> {
    return new Promise((resolve) => this.fail(method, { held: resolve, left }));
  }

  /** The token was revoked. */
  revoke(): void {
    this.#revoked = true;
    this.updates.endPoll(new Refusal(401, 'Unauthorized'));
  }

  /** The owner asked @BotFather for another token. */
  newToken(): void {
    this.#revoked = false;
    this.token = `${this.account.id}:BBH${'y'.repeat(32)}`;
  }

  get waiting(): number {
    return this.updates.waiting;
  }

  get polling(): boolean {
    return this.updates.polling;
  }

  /** Resolves as soon as `holds` does; it is asked after each call and poll. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#events, 'change');
  }

  // --- the server

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, first = '', second = '', ...rest] = (request.url ?? '').split('/');
    // A file lies at /file/bot<token>/<path>; its faults are those of "download".
    const [bot, method] = first === 'file' ? [second, 'download'] : [first, second];
    const upload = request.headers['content-type']?.startsWith('multipart/form-data') ? await readUpload(request) : undefined;
    const chunks: Buffer[] = [];
    if (!upload) for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = this.#faults.get(method)?.shift();
    const known = bot === `bot${this.token}` && !this.#revoked;
    try {
      if (fault && takeFault(fault, response)) return;
      if (!known) throw new Refusal(401, 'Unauthorized');
      if (method === 'download') {
        this.files.download(rest.join('/'), response);
        return;
      }
      if (upload && (method === 'sendPhoto' || method === 'sendDocument')) {
        // In a form all values are text.
        const chat = this.#chat({ chat_id: Number(upload.params['chat_id'] ?? Number.NaN) });
        this.#done(response, fault, this.files.take(method, upload, { chat, messageId: this.#nextMessage++ }));
        return;
      }
      if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json'))
        throw new Refusal(400, 'Bad Request: JSON expected');
      const params = JSON.parse(Buffer.concat(chunks).toString()) as Params;
      const result = method === 'sendMessage' ? await this.#takeTime(params) : await this.#call(method, params, response);
      this.#done(response, fault, result);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(400, 'Bad Request: object expected');
      answer(response, refusal.code, { ok: false, error_code: refusal.code, description: refusal.message, parameters: refusal.parameters });
    } finally {
      this.#events.emit('change');
    }
  }

  #done(response: ServerResponse, fault: Fault | undefined, result: unknown): void {
    if (fault && 'cut' in fault) response.destroy();
    else answer(response, 200, { ok: true, result });
  }

  #call(method: string, params: Params, response: ServerResponse): unknown {
    switch (method) {
      case 'getMe':
        return this.account;
      case 'getFile':
        return this.files.getFile(params);
      case 'getUpdates':
        return this.updates.take(params, response);
      case 'setWebhook':
        this.updates.webhook = textIn(params, 'url');
        return true;
      case 'deleteWebhook':
        this.updates.webhook = '';
        if (params['drop_pending_updates'] === true) this.updates.drop();
        return true;
      case 'sendChatAction':
        this.typing.push(this.#chat(params));
        if (params['action'] !== 'typing') throw new Refusal(400, 'Bad Request: wrong parameter action in request');
        return true;
      default:
        throw new Refusal(404, 'Not Found: method not found');
    }
  }

  async #takeTime(params: Params): Promise<Params> {
    const { beforeMs, afterMs } = this.#latency;
    this.sending++;
    try {
      if (beforeMs > 0) await pause(beforeMs);
      const sent = this.#sendMessage(params);
      if (afterMs > 0) await pause(afterMs);
      return sent;
    } finally {
      this.sending--;
    }
  }

  #sendMessage(params: Params): Params {
    const chat = this.#chat(params);
    const parseMode = textIn(params, 'parse_mode') || undefined;
    const text = params['text'];
    if (typeof text !== 'string' || text === '') throw new Refusal(400, 'Bad Request: message text is empty');
    if (parseMode !== undefined && parseMode !== 'HTML') throw new Refusal(400, 'Bad Request: unsupported parse_mode');
    const visible = (parseMode === 'HTML' ? parseHtml(text) : text).trim();
    if (visible === '') throw new Refusal(400, 'Bad Request: text must be non-empty');
    if (visible.length > 4096) throw new Refusal(400, 'Bad Request: message is too long');
    const messageId = this.#nextMessage++;
    this.sent.push({ chat, text, visible, parseMode, messageId });
    return { message_id: messageId, date: seconds(), chat: { id: chat, type: 'private' }, from: this.account, text: visible };
  }

  #chat(params: Params): number {
    const chat = params['chat_id'];
    if (typeof chat !== 'number') throw new Refusal(400, 'Bad Request: chat_id is empty');
    if (!this.#customers.has(chat)) throw new Refusal(400, 'Bad Request: chat not found');
    if (this.#blocked.has(chat)) throw new Refusal(403, 'Forbidden: bot was blocked by the user');
    return chat;
  }

  #message(customer: Customer, messageId: number, content: Params): Params {
    const { chat, name, language } = customer;
    this.#customers.set(chat, customer);
    const [first_name, last_name] = name.split(' ');
    const from = {
      id: chat,
      is_bot: false,
      first_name,
      ...(last_name ? { last_name } : {}),
      ...(language ? { language_code: language } : {}),
    };
    return { message_id: messageId, date: seconds(), chat: { id: chat, type: 'private', first_name }, from, ...content };
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
