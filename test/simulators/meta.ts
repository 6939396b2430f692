/**
 * A strict stand-in for Meta's Graph API as a WhatsApp number uses it. It refuses what the real one refuses (another
 * token, another version, a field it doesn't know, a text that is too long, a closed window), fails on demand, and posts
 * signed webhooks, again until it gets a 200.
 */
import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpSimulator } from './http.ts';
import {
  bodyOf,
  changeOf,
  contactOf,
  messageOf,
  newId,
  post,
  signatureOf,
  written,
  type Json,
  type WhatsappCustomer,
} from './meta-webhooks.ts';
import { checkSend, GraphRefusal, needs, type SentOut, type Upload } from './meta-sends.ts';

export type MetaFault = { code: number; status?: number; message?: string } | { cut: 'after' } | { held: () => void } | { page: number };

const DAY_MS = 24 * 3600_000;

export class MetaSimulator {
  token = `EAA${'x'.repeat(60)}`;
  readonly appSecret = '0123456789abcdef0123456789abcdef';
  readonly phoneNumberId: string;
  readonly businessAccountId = '102290129340398';
  readonly shown = '+49 30 1234588';
  readonly sent: SentOut[] = [];
  /** The messages that were marked as read with a typing sign. */
  readonly typing: string[] = [];
  readonly subscribed: string[] = [];
  scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];
  /** Seconds; 0 for never. */
  tokenEndsAt = 0;
  templates: Json[] = [];
  readonly files = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  url = '';
  /** The version that it speaks. */
  readonly version = 'v26.0';
  readonly #now: () => number;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #faults = new Map<string, MetaFault[]>();
  /** When each customer wrote last, by each of their ids. */
  readonly #lastFrom = new Map<string, number>();
  readonly #gone = new Set<string>();
  #revoked = false;
  #close: () => Promise<void> = async () => undefined;

  constructor({ now = Date.now, phoneNumberId = '106540352242922' }: { now?: () => number; phoneNumberId?: string } = {}) {
    this.#now = now;
    this.phoneNumberId = phoneNumberId;
  }

  get apiRoot(): string {
    return `${this.url}/${this.version}`;
  }

  get settings(): { phoneNumberId: string; businessAccountId: string; token: string; appSecret: string } {
    const { phoneNumberId, businessAccountId, token, appSecret } = this;
    return { phoneNumberId, businessAccountId, token, appSecret };
  }

  async start(): Promise<this> {
    const { url, close } = await httpSimulator((request, response) => void this.#handle(request, response));
    this.url = url;
    this.#close = close;
    return this;
  }

  stop(): Promise<void> {
    return this.#close();
  }

  // --- what customers do

  /** They have written just now, or `at`: the window is open for a day. */
  wrote(customer: WhatsappCustomer, at = this.#now()): void {
    for (const id of [customer.phone, customer.userId]) if (id !== undefined) this.#lastFrom.set(id, at);
  }

  /** The body of a webhook with one message. */
  says(customer: WhatsappCustomer, said: string | Json, { id = newId(), at = this.#now() } = {}): Json {
    this.wrote(customer, at);
    return bodyOf(this, changeOf(this, { contacts: [contactOf(customer)], messages: [messageOf(customer, said, at, id)] }));
  }

  /** They have no WhatsApp any more. */
  leaves({ phone = '', userId = '' }: WhatsappCustomer): void {
    this.#gone.add(phone).add(userId);
  }

  // --- what Meta does

  /** The body of a webhook that tells what became of something that was sent. */
  status(sent: SentOut, status: string, more: Json = {}): Json {
    const told = {
      id: sent.id,
      status,
      timestamp: String(Math.floor(this.#now() / 1000)),
      recipient_id: sent.to,
      biz_opaque_callback_data: sent.reference,
    };
    return bodyOf(this, changeOf(this, { statuses: [{ ...told, ...more }] }));
  }

  /** Posts a body as Meta does, until it gets a 200 or has tried `times`; returns what it was answered with. */
  async deliver(address: string, body: unknown, { times = 1, secret = this.appSecret } = {}): Promise<number[]> {
    const text = written(body);
    const answers: number[] = [];
    while (answers.length < times && answers.at(-1) !== 200) answers.push(await post(address, text, signatureOf(text, secret)));
    return answers;
  }

  /** The next calls of `call` ("messages", "debug_token", …) fail, one by one. */
  fail(call: string, ...faults: MetaFault[]): void {
    this.#faults.set(call, [...(this.#faults.get(call) ?? []), ...faults]);
  }

  hold(call: string): Promise<void> {
    return new Promise((resolve) => this.fail(call, { held: resolve }));
  }

  revoke(): void {
    this.#revoked = true;
  }

  newToken(): void {
    this.#revoked = false;
    this.token = `EAA${'y'.repeat(60)}`;
  }

  /** Resolves as soon as `holds` does; it is asked after each call. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#events, 'change');
  }

  // --- the server

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = url.pathname.split('/').at(-1) ?? '';
    const fault = this.#faults.get(call)?.shift();
    try {
      if (fault && 'held' in fault) return fault.held();
      if (fault && 'page' in fault) return void response.writeHead(fault.page, { 'content-type': 'text/html' }).end('<h1>Proxy</h1>');
      if (fault && 'code' in fault) throw new GraphRefusal(fault.code, fault.message ?? 'On demand', fault.status ?? 400);
      this.#checkWho(request, url);
      const file = url.pathname.startsWith('/files/') ? this.files.get(call) : undefined;
      if (file) return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file);
      const body = Buffer.concat(chunks);
      const isForm = request.headers['content-type']?.startsWith('multipart/form-data') ?? false;
      const answer = isForm ? await this.#upload(call, request, body) : this.#answer(request.method ?? '', url, body.toString());
      if (fault) response.destroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      const { code, message, status } = error instanceof GraphRefusal ? error : new GraphRefusal(1, String(error), 500);
      const told = { message, type: 'OAuthException', code, fbtrace_id: 'A1b2' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: told }));
    } finally {
      this.#events.emit('change');
    }
  }

  #checkWho(request: IncomingMessage, url: URL): void {
    if (request.headers.authorization !== `Bearer ${this.token}` || this.#revoked)
      throw new GraphRefusal(190, 'Error validating access token: the session has been invalidated', 401);
    if (url.pathname.startsWith('/files/')) return;
    const proof = createHmac('sha256', this.appSecret).update(this.token).digest('hex');
    if (url.searchParams.get('appsecret_proof') !== proof)
      throw new GraphRefusal(100, 'Invalid appsecret_proof provided in the API argument');
    if (!url.pathname.startsWith(`/${this.version}/`)) throw new GraphRefusal(2635, 'You are calling a deprecated version of the API');
  }

  #answer(method: string, url: URL, text: string): unknown {
    const path = url.pathname.slice(this.version.length + 2);
    const { phoneNumberId: number, businessAccountId: account } = this;
    const of: Record<string, () => unknown> = {
      [`GET ${number}`]: () => ({ id: number, display_phone_number: this.shown, verified_name: 'Café Aurora' }),
      [`GET ${account}/phone_numbers`]: () => ({ data: [{ id: number }] }),
      [`GET ${account}/message_templates`]: () => ({ data: this.templates }),
      [`POST ${account}/subscribed_apps`]: () => ({ success: this.subscribed.push(account) > 0 }),
      [`GET debug_token`]: () => this.#debug(url),
      [`POST ${number}/messages`]: () => this.#messages(JSON.parse(text) as Json),
    };
    const known = of[`${method} ${path}`];
    if (known) return known();
    if (method === 'GET' && this.files.has(path)) return { id: path, url: `${this.url}/files/${path}`, mime_type: 'image/jpeg' };
    throw new GraphRefusal(100, `Unsupported ${method} request. Object with ID '${path}' does not exist`);
  }

  async #upload(call: string, request: IncomingMessage, body: Buffer): Promise<unknown> {
    needs(call === 'media', 'a form');
    const type = request.headers['content-type'] ?? '';
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    needs(form.get('messaging_product') === 'whatsapp' && typeof form.get('type') === 'string', 'messaging_product');
    if (!(file instanceof File)) throw new GraphRefusal(100, 'The parameter file is required.');
    const id = newId();
    this.uploads.set(id, { mime: file.type, name: file.name, content: Buffer.from(await file.arrayBuffer()) });
    return { id };
  }

  #debug(url: URL): unknown {
    needs(url.searchParams.get('input_token') === this.token, 'input_token');
    return { data: { app_id: '1', is_valid: true, expires_at: this.tokenEndsAt, scopes: this.scopes } };
  }

  #messages(body: Json): unknown {
    if (body['status'] === 'read') {
      needs(typeof body['message_id'] === 'string', 'message_id');
      this.typing.push(String(body['message_id']));
      return { success: true };
    }
    const sent = checkSend(body, this.templates, this.uploads);
    if (this.#gone.has(sent.to)) throw new GraphRefusal(131026, 'Message undeliverable');
    const last = this.#lastFrom.get(sent.to);
    if (sent.template === undefined && (last === undefined || this.#now() - last >= DAY_MS))
      throw new GraphRefusal(131047, 'Re-engagement message: more than 24 hours have passed since the recipient last replied');
    this.sent.push(sent);
    return { messaging_product: 'whatsapp', contacts: [{ input: sent.to }], messages: [{ id: sent.id }] };
  }
}
