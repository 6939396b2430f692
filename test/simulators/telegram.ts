/**
 * A strict stand-in for the Telegram Bot API: one bot, its private chats and groups, and the business accounts it answers
 * for. It refuses what the real one refuses, keeps updates until they are confirmed or taken by a webhook, and fails on demand.
 */
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { httpSimulator } from './http.ts';
import { answer, takeFault, textIn, type Fault } from './telegram-answers.ts';
import { seconds, type Customer, type Group } from './telegram-chats.ts';
import { Files, readUpload } from './telegram-files.ts';
import { People } from './telegram-people.ts';
import {
  buttonsIn,
  commandsIn,
  draftIdIn,
  reactionIn,
  replyIn,
  textOf,
  type Command,
  type Draft,
  type SentMessage,
} from './telegram-sends.ts';
import { Refusal, Updates, type Params, type Update } from './telegram-updates.ts';
import { Webhook } from './telegram-webhook.ts';

export type { Customer, Fault, Group, SentMessage };

/** How long a `sendMessage` takes before it has its effect, and from there to its answer. */
export interface Latency {
  beforeMs: number;
  afterMs: number;
}

export class TelegramSimulator extends People {
  token: string;
  readonly account: { id: number; is_bot: true; first_name: string; username: string };
  readonly sent: SentMessage[] = [];
  readonly files = new Files();
  /** Pictures and documents, as they came. */
  readonly sentFiles = this.files.sent;
  readonly typing: number[] = [];
  readonly drafts: Draft[] = [];
  /** What the bot reacted with, in order; null where it took that back. */
  readonly reactions: { chat: number; messageId: number; emoji: string | null }[] = [];
  /** By language; '' is for everybody else. */
  readonly commands = new Map<string, Command[]>();
  /** How often each method was called. */
  readonly calls = new Map<string, number>();
  /** How many calls of `sendMessage` are under way. */
  sending = 0;
  url = '';
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly updates = new Updates(() => this.#events.emit('change'));
  readonly webhook = new Webhook(this.updates, (method, params) => this.#call(method, params));
  readonly #faults = new Map<string, Fault[]>();
  readonly #latency: Latency;
  #revoked = false;
  #close: () => Promise<void> = async () => undefined;

  constructor({ id = 8_123_456_789, username = 'aurora_cafe_bot', latency = { beforeMs: 0, afterMs: 0 } } = {}) {
    super();
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

  /** Throws where a touched button was never answered: the real one turns for a while, and everybody wonders. */
  async stop(): Promise<void> {
    this.updates.webhook = '';
    await this.#close();
    if (this.touches.size > 0) throw new Error(`a touched button was never answered: ${[...this.touches].join(', ')}`);
  }

  /** Any update, with the next number. */
  push(content: Params): Update {
    const update = this.updates.push(content);
    void this.webhook.post();
    return update;
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
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
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
        const { chat, place } = this.chats.target({ ...upload.params, chat_id: Number(upload.params['chat_id'] ?? Number.NaN) });
        const about = { replyTo: replyIn(upload.params, (number) => this.chats.has(place, number)), buttons: buttonsIn(upload.params) };
        this.#done(response, fault, this.files.take(method, upload, { chat, messageId: this.chats.next(place), ...about }));
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
    if (fault && 'half' in fault) response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true,"result":{"message_');
    else if (fault && 'cut' in fault) response.destroy();
    else answer(response, 200, { ok: true, result });
  }

  #call(method: string, params: Params, response?: ServerResponse): unknown {
    switch (method) {
      case 'getMe':
        return this.account;
      case 'getFile':
        return this.files.getFile(params);
      case 'getUpdates':
        if (!response) throw new Refusal(400, 'Bad Request: method getUpdates is no answer to a webhook');
        return this.updates.take(params, response);
      case 'setWebhook':
        return this.webhook.set(params);
      case 'deleteWebhook':
        return this.webhook.delete(params);
      case 'getWebhookInfo':
        return this.webhook.info();
      case 'setMyCommands':
        return this.#setCommands(params);
      case 'sendMessageDraft':
        return this.#draft(params);
      case 'answerCallbackQuery':
        return this.#letRest(textIn(params, 'callback_query_id'));
      case 'setMessageReaction':
        return this.#react(params);
      case 'sendChatAction':
        this.typing.push(this.chats.target(params).chat);
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
    const { chat, place, business } = this.chats.target(params);
    const said = textOf(params);
    const replyTo = replyIn(params, (number) => this.chats.has(place, number));
    const buttons = buttonsIn(params);
    const messageId = this.chats.next(place);
    this.sent.push({
      chat,
      ...said,
      messageId,
      ...(business === undefined ? {} : { business }),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(buttons.length > 0 ? { buttons } : {}),
    });
    const type = chat < 0 ? 'supergroup' : 'private';
    return { message_id: messageId, date: seconds(), chat: { id: chat, type }, from: this.account, text: said.visible };
  }

  #draft(params: Params): true {
    const { chat, place } = this.chats.target(params);
    if (place !== 'private') throw new Refusal(400, 'Bad Request: TEXTDRAFT_PEER_INVALID');
    this.drafts.push({ chat, id: draftIdIn(params), visible: textOf(params).visible });
    return true;
  }

  #react(params: Params): true {
    const { chat, place, business } = this.chats.target(params);
    const { messageId, emoji } = reactionIn(params, business, (number) => this.chats.has(place, number));
    this.reactions.push({ chat, messageId, emoji });
    return true;
  }

  #setCommands(params: Params): true {
    const { language, commands } = commandsIn(params);
    this.commands.set(language, commands);
    return true;
  }

  #letRest(id: string): true {
    if (!this.touches.delete(id))
      throw new Refusal(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
    return true;
  }
}
