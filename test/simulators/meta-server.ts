/**
 * What the stand-ins for Meta's products share: a server that speaks as Graph does, that fails on demand, and that posts
 * signed webhooks, again until it gets a 200.
 */
import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpSimulator } from './http.ts';
import { GraphRefusal } from './meta-sends.ts';
import { post, signatureOf, written } from './meta-webhooks.ts';

export type MetaFault =
  | { code: number; subcode?: number; status?: number; message?: string }
  | { cut: 'after' }
  | { held: () => void }
  /** It is done at once, and answered after that. */
  | { late: Promise<unknown> }
  | { page: number }
  | { half: true };

/** One call, as it came. */
export interface Asked {
  method: string;
  /** Behind the version. */
  path: string;
  url: URL;
  text: string;
  form: FormData | null;
}

export abstract class GraphServer {
  token = `EAA${'x'.repeat(60)}`;
  readonly appSecret: string = '0123456789abcdef0123456789abcdef';
  /** Of the app that the token was made with. */
  readonly appId = 52_211_001;
  url = '';
  /** The version that it speaks. */
  readonly version = 'v26.0';
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #faults = new Map<string, MetaFault[]>();
  #revoked = false;
  #close: () => Promise<void> = async () => undefined;

  /** Throws GraphRefusal; may answer later. */
  protected abstract answer(asked: Asked): unknown;
  /** A file at one of its own addresses; a number is a status. Undefined where that is no file's address. */
  protected abstract fileAt(url: URL, request: IncomingMessage): Buffer | number | undefined;

  get apiRoot(): string {
    return `${this.url}/${this.version}`;
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

  protected accepts(token: string): boolean {
    return token === this.token;
  }

  /** Calls that stand below the host itself. */
  protected isUnversioned(_path: string): boolean {
    return false;
  }

  /** By which name a call is made to fail. */
  protected callOf(url: URL, _body: Buffer): string {
    return url.pathname.split('/').at(-1) ?? '';
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const fault = this.#faults.get(this.callOf(url, body))?.shift();
    try {
      if (fault && 'held' in fault) return fault.held();
      if (fault && 'page' in fault) return void response.writeHead(fault.page, { 'content-type': 'text/html' }).end('<h1>Proxy</h1>');
      if (fault && 'code' in fault) throw new GraphRefusal(fault.code, fault.message ?? 'On demand', fault.status ?? 400, fault.subcode);
      const file = this.fileAt(url, request);
      if (typeof file === 'number') return void response.writeHead(file, { 'content-type': 'text/plain' }).end('Bad URL hash');
      if (file) return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file);
      const answer = await this.#answered(request, url, body);
      if (fault && 'late' in fault) {
        this.#events.emit('change');
        await fault.late;
      }
      if (fault && 'half' in fault) response.writeHead(200, { 'content-type': 'application/json' }).end('{"messages":[{"id":"wam');
      else if (fault && 'cut' in fault) response.destroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      const { code, message, status, subcode } = error instanceof GraphRefusal ? error : new GraphRefusal(1, String(error), 500);
      const told = { message, type: 'OAuthException', code, ...(subcode ? { error_subcode: subcode } : {}), fbtrace_id: 'A1b2' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: told }));
    } finally {
      this.#events.emit('change');
    }
  }

  async #answered(request: IncomingMessage, url: URL, body: Buffer): Promise<unknown> {
    // Of tokens only the app itself may ask.
    const asApp = url.pathname.endsWith('/debug_token');
    if (!asApp) this.checkToken(request);
    else if (request.headers.authorization !== `Bearer ${this.appId}|${this.appSecret}`)
      throw new GraphRefusal(100, '(#100) You must provide an app access token');
    this.#checkWho(request, url);
    if (url.pathname === `/${this.version}/app`) return { id: String(this.appId) };
    const isForm = request.headers['content-type']?.startsWith('multipart/form-data') ?? false;
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = isForm ? await new Response(new Uint8Array(body), { headers }).formData() : null;
    const path = this.isUnversioned(url.pathname) ? url.pathname.slice(1) : url.pathname.slice(this.version.length + 2);
    return await this.answer({ method: request.method ?? '', path, url, text: isForm ? '' : body.toString(), form });
  }

  protected checkToken(request: IncomingMessage): void {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!this.accepts(token) || this.#revoked)
      throw new GraphRefusal(190, 'Error validating access token: the session has been invalidated', 401);
  }

  #checkWho(request: IncomingMessage, url: URL): void {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const proof = createHmac('sha256', this.appSecret).update(token).digest('hex');
    if (url.searchParams.get('appsecret_proof') !== proof)
      throw new GraphRefusal(100, 'Invalid appsecret_proof provided in the API argument');
    if (!url.pathname.startsWith(`/${this.version}/`) && !this.isUnversioned(url.pathname))
      throw new GraphRefusal(2635, 'You are calling a deprecated version of the API');
  }
}
