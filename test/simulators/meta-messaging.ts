/**
 * A strict stand-in for Meta's Graph API as a Page on Messenger or an account on Instagram uses it, the latter with either
 * login. It refuses what the real one refuses, echoes what is sent, fails on demand, and posts signed webhooks.
 */
import type { IncomingMessage } from 'node:http';
import { MetaFiles } from './meta-files.ts';
import { checkMessage, checkUpload, RULES, type Messaging } from './meta-messaging-sends.ts';
import { entryOf, itemOf, messageIn, messagingBody, newMid, outgoingOf, personOf } from './meta-messaging-webhooks.ts';
import { GraphRefusal, needs, only, textIn, type Upload } from './meta-sends.ts';
import { GraphServer, type Asked } from './meta-server.ts';
import type { Json } from './meta-webhooks.ts';

export type { Messaging } from './meta-messaging-sends.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const ID = '1784140';
const RIGHTS = ['pages_messaging', 'pages_manage_metadata', 'instagram_basic', 'instagram_manage_messages'];
const PAGE_FIELDS =
  /^(messages|messaging_(postbacks|referrals|handovers|optins)|message_(deliveries|reads|echoes|reactions|edits)|standby|feed)$/;
const ACCOUNT_FIELDS = /^(messages|messaging_(postbacks|seen|referral|optins)|message_(reactions|edit)|standby|comments)$/;

interface Options {
  now?: () => number;
  product: 'messenger' | 'instagram';
  login?: 'facebook' | 'instagram';
  account?: string;
}

export class MetaMessagingSimulator extends GraphServer {
  readonly product: 'messenger' | 'instagram';
  readonly login: 'facebook' | 'instagram';
  readonly object: 'page' | 'instagram';
  /** As webhooks name it. */
  readonly account: string;
  readonly pageName = 'Café Aurora';
  readonly username = 'cafe.aurora';
  readonly files: MetaFiles;
  readonly sent: Messaging[] = [];
  /** What was shown to a customer: "mark_seen 501". */
  readonly shown: string[] = [];
  readonly subscribed: string[] = [];
  /** What customers are called, as far as the app may see it. */
  readonly names = new Map<string, string>();
  readonly uploads = new Map<string, Upload & { as: string }>();
  scopes = RIGHTS;
  tokenType = 'PAGE';
  /** Whether an Instagram account is linked to the Page. */
  linked = true;
  /** Whether App Review granted the app what it takes to write as a person after a day. */
  humanAgent = true;
  /** Another app has the conversations just now. */
  elsewhere = false;
  /** UTC ms; null for a token that doesn't end. */
  tokenEndsAt: number | null = null;
  tokenMadeAt: number;
  /** Where what is sent is echoed to, and whether before the send is answered. */
  echo: { address: string; first: boolean } | null = null;
  readonly #now: () => number;
  readonly #lastFrom = new Map<string, number>();
  readonly #gone = new Set<string>();

  constructor({ now = Date.now, product, login = 'facebook', account }: Options) {
    super();
    this.#now = now;
    this.product = product;
    this.login = login;
    this.object = product === 'messenger' ? 'page' : 'instagram';
    this.account = account ?? (product === 'messenger' ? '101275806400438' : `${ID}5793187218`);
    this.tokenMadeAt = now();
    this.files = new MetaFiles(now, () => this.url);
  }

  get settings(): Record<string, string> {
    const { token, appSecret, login } = this;
    return this.product === 'messenger' ? { token, appSecret } : { login, token, appSecret };
  }

  /** The variables under which a server finds it. */
  get env(): Record<string, string> {
    return { META_API_ROOT: this.url, INSTAGRAM_API_ROOT: this.url, META_FILE_ROOT: this.url };
  }

  // --- what customers do

  /** They have written just now, or `at`. */
  wrote(customer: string, at = this.#now()): void {
    this.#lastFrom.set(customer, at);
  }

  /** The body of a webhook with one message: a text, or any other content of one. */
  says(customer: string, said: string | Json, { mid = newMid(), at = this.#now() } = {}): Json {
    this.wrote(customer, at);
    return this.does(customer, messageIn(said, mid), at);
  }

  /** The body of a webhook with anything else that a customer does. */
  does(customer: string, holds: Json, at = this.#now()): Json {
    return messagingBody(this, entryOf(this, at, [itemOf(this, customer, at, holds)]));
  }

  /** The same while another app has the conversation. */
  standby(customer: string, holds: Json, at = this.#now()): Json {
    return messagingBody(this, entryOf(this, at, [itemOf(this, customer, at, holds)], 'standby'));
  }

  /** They take no messages of this account any more. */
  blocks(customer: string): void {
    this.#gone.add(customer);
  }

  // --- what Meta does

  /** The echo of something that was sent here, or of what somebody wrote in Meta's own inbox. */
  echoOf(sent: Messaging): Json {
    const marks = this.product === 'messenger' ? { app_id: this.appId, ...(sent.metadata ? { metadata: sent.metadata } : {}) } : {};
    const { file } = sent;
    const said = file ? { attachments: [{ type: file.as, payload: { url: this.files.keep(file.content) } }] } : { text: sent.text };
    return this.goesOut(sent.to, { ...said, ...marks }, sent.mid);
  }

  /** Somebody answers in Meta's own inbox, or on their phone. */
  goesOut(customer: string, said: Json, mid = newMid()): Json {
    const at = this.#now();
    return messagingBody(this, entryOf(this, at, [outgoingOf(this, customer, at, messageIn({ is_echo: true, ...said }, mid))]));
  }

  // --- the server

  protected override accepts(token: string): boolean {
    return super.accepts(token) && (this.tokenEndsAt === null || this.#now() < this.tokenEndsAt);
  }

  /** Signs of typing go the way of messages. */
  protected override callOf(url: URL, body: Buffer): string {
    return body.includes('"sender_action"') ? 'sender_action' : super.callOf(url, body);
  }

  protected override isUnversioned(path: string): boolean {
    return this.login === 'instagram' && path === '/refresh_access_token';
  }

  protected override fileAt(url: URL, request: IncomingMessage): Buffer | number | undefined {
    return this.files.at(url, request);
  }

  protected override answer({ method, path, url, text, form }: Asked): unknown {
    const of: Record<string, () => unknown> = {
      'GET me': () => this.#me((url.searchParams.get('fields') ?? '').split(',')),
      'POST me/subscribed_apps': () => this.#subscribe(JSON.parse(text) as Json),
      'POST me/messages': () => this.#messages(JSON.parse(text) as Json),
      'POST me/message_attachments': () => this.#upload(form),
      ...(this.login === 'facebook'
        ? { 'GET debug_token': () => this.#debug(url) }
        : { 'GET refresh_access_token': () => this.#refresh(url) }),
    };
    const known = of[`${method} ${path}`];
    if (known) return known();
    const name = this.names.get(path);
    if (method === 'GET' && name !== undefined)
      return personOf(this.product, path, name, (url.searchParams.get('fields') ?? '').split(','));
    throw new GraphRefusal(100, `Unsupported ${method} request. Object with ID '${path}' does not exist`);
  }

  #me(fields: string[]): Json {
    const { account, username, pageName } = this;
    const linked = this.linked ? { id: account, username } : undefined;
    const known: Json =
      this.login === 'instagram'
        ? { id: `9${account}`, user_id: account, username }
        : {
            id: this.product === 'messenger' ? account : '101275806400438',
            name: pageName,
            'instagram_business_account{id': linked,
            'username}': linked,
          };
    for (const field of fields) needs(field in known, field);
    return {
      id: known['id'],
      ...(fields.includes('name') ? { name: pageName } : {}),
      ...(fields.includes('user_id') ? { user_id: account, username } : {}),
      ...(fields.includes('username}') && linked ? { instagram_business_account: linked } : {}),
    };
  }

  #debug(url: URL): Json {
    needs(url.searchParams.get('input_token') === this.token, 'input_token');
    const expires_at = this.tokenEndsAt === null ? 0 : Math.floor(this.tokenEndsAt / 1000);
    return { data: { app_id: String(this.appId), type: this.tokenType, is_valid: true, expires_at, scopes: this.scopes } };
  }

  #refresh(url: URL): Json {
    needs(url.searchParams.get('grant_type') === 'ig_refresh_token' && url.searchParams.get('access_token') === this.token, 'access_token');
    if (this.#now() - this.tokenMadeAt < DAY_MS)
      throw new GraphRefusal(10, 'Application does not have permission for this action: too young');
    this.tokenMadeAt = this.#now();
    this.tokenEndsAt = this.#now() + 60 * DAY_MS;
    this.token = `IGAA${String(this.#now())}${'z'.repeat(40)}`;
    return { access_token: this.token, token_type: 'bearer', expires_in: 60 * 24 * 3600 };
  }

  #subscribe(body: Json): Json {
    only(body, 'subscribed_apps', 'subscribed_fields');
    const fields = textIn(body, 'subscribed_fields', 500).split(',');
    for (const field of fields) needs((this.login === 'instagram' ? ACCOUNT_FIELDS : PAGE_FIELDS).test(field), field);
    this.subscribed.splice(0, this.subscribed.length, ...fields);
    return { success: true };
  }

  async #upload(form: FormData | null): Promise<Json> {
    if (!form) throw new GraphRefusal(100, '(#100) Invalid parameter: a form');
    const upload = await checkUpload(form, RULES[this.product], this.product === 'instagram' ? 'instagram' : null);
    const id = String(1_857_777_774_821_032 + this.uploads.size);
    this.uploads.set(id, upload);
    return { attachment_id: id };
  }

  async #messages(body: Json): Promise<Json> {
    if (body['sender_action'] !== undefined) return this.#show(body);
    const sent = checkMessage(body, RULES[this.product], this.uploads);
    this.#checkReach(sent);
    this.sent.push(sent);
    if (this.echo?.first) await this.deliver(this.echo.address, this.echoOf(sent));
    else if (this.echo) void this.deliver(this.echo.address, this.echoOf(sent));
    return { recipient_id: sent.to, message_id: sent.mid };
  }

  #show(body: Json): Json {
    only(body, 'request', 'recipient', 'sender_action');
    const { id } = body['recipient'] as { id: string };
    needs(['typing_on', 'typing_off', 'mark_seen'].includes(String(body['sender_action'])), 'sender_action');
    this.shown.push(`${String(body['sender_action'])} ${id}`);
    return { recipient_id: id };
  }

  #checkReach({ to, tagged }: Messaging): void {
    const last = this.#lastFrom.get(to);
    if (last === undefined) throw new GraphRefusal(100, '(#100) No matching user found', 400, 2018001);
    if (this.#gone.has(to)) throw new GraphRefusal(551, "(#551) This person isn't available right now.", 400, 1545041);
    if (this.elsewhere) throw new GraphRefusal(10, '(#10) Another app is controlling this thread now.', 400, 2018300);
    const [lasts, may] = tagged ? [7 * DAY_MS, this.humanAgent] : [DAY_MS, true];
    const subcode = this.product === 'messenger' ? 2018278 : 2534022;
    if (this.#now() - last >= lasts || !may)
      throw new GraphRefusal(10, '(#10) This message is sent outside of allowed window.', 400, subcode);
  }
}
