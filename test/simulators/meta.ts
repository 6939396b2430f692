/**
 * A strict stand-in for Meta's Graph API as a WhatsApp number uses it. It refuses what the real one refuses (another
 * token, another version, a field it doesn't know, a text that is too long, a closed window), fails on demand, and posts
 * signed webhooks, again until it gets a 200.
 */
import type { IncomingMessage } from 'node:http';
import { GraphServer, type Asked } from './meta-server.ts';
import { bodyOf, changeOf, contactOf, messageOf, newId, type Json, type WhatsappCustomer } from './meta-webhooks.ts';
import { checkSend, GraphRefusal, needs, reactionIn, type SentOut, type Upload } from './meta-sends.ts';

const DAY_MS = 24 * 3600_000;

export class MetaSimulator extends GraphServer {
  readonly phoneNumberId: string;
  readonly businessAccountId = '102290129340398';
  readonly shown = '+49 30 1234588';
  readonly sent: SentOut[] = [];
  /** The messages that were marked as read with a typing sign. */
  readonly typing: string[] = [];
  /** What the business reacted with, in order. */
  readonly reactions: { messageId: string; emoji: string }[] = [];
  readonly subscribed: string[] = [];
  scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];
  /** Seconds; 0 for never. */
  tokenEndsAt = 0;
  templates: Json[] = [];
  readonly files = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  readonly #now: () => number;
  /** When each customer wrote last, by each of their ids. */
  readonly #lastFrom = new Map<string, number>();
  readonly #gone = new Set<string>();

  constructor({ now = Date.now, phoneNumberId = '106540352242922' }: { now?: () => number; phoneNumberId?: string } = {}) {
    super();
    this.#now = now;
    this.phoneNumberId = phoneNumberId;
  }

  get settings(): { phoneNumberId: string; businessAccountId: string; token: string; appSecret: string } {
    const { phoneNumberId, businessAccountId, token, appSecret } = this;
    return { phoneNumberId, businessAccountId, token, appSecret };
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

  // --- the server

  /** WhatsApp's files are got with the same token. */
  protected override fileAt(url: URL, request: IncomingMessage): Buffer | undefined {
    if (!url.pathname.startsWith('/files/')) return undefined;
    this.checkToken(request);
    return this.files.get(url.pathname.split('/').at(-1) ?? '');
  }

  protected override answer({ method, path, url, text, form }: Asked): unknown {
    const { phoneNumberId: number, businessAccountId: account } = this;
    const of: Record<string, () => unknown> = {
      [`GET ${number}`]: () => ({ id: number, display_phone_number: this.shown, verified_name: 'Café Aurora' }),
      [`GET ${account}/phone_numbers`]: () => ({ data: [{ id: number }] }),
      [`GET ${account}/message_templates`]: () => ({ data: this.templates }),
      [`POST ${account}/subscribed_apps`]: () => ({ success: this.subscribed.push(account) > 0 }),
      [`GET debug_token`]: () => this.#debug(url),
      [`POST ${number}/messages`]: () => this.#messages(JSON.parse(text) as Json),
      [`POST ${number}/media`]: () => this.#upload(form),
    };
    const known = of[`${method} ${path}`];
    if (known) return known();
    if (method === 'GET' && this.files.has(path)) return { id: path, url: `${this.url}/files/${path}`, mime_type: 'image/jpeg' };
    throw new GraphRefusal(100, `Unsupported ${method} request. Object with ID '${path}' does not exist`);
  }

  async #upload(form: FormData | null): Promise<unknown> {
    if (!form) throw new GraphRefusal(100, '(#100) Invalid parameter: a form');
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
    if (body['type'] === 'reaction') return this.#reaction(body);
    const sent = checkSend(body, this.templates, this.uploads);
    this.#mustReach(sent.to, sent.template !== undefined);
    this.sent.push(sent);
    return { messaging_product: 'whatsapp', contacts: [{ input: sent.to }], messages: [{ id: sent.id }] };
  }

  #reaction(body: Json): unknown {
    const { to, ...reaction } = reactionIn(body);
    this.#mustReach(to);
    this.reactions.push(reaction);
    return { messaging_product: 'whatsapp', contacts: [{ input: to }], messages: [{ id: newId() }] };
  }

  #mustReach(to: string, atAnyTime = false): void {
    if (this.#gone.has(to)) throw new GraphRefusal(131026, 'Message undeliverable');
    const last = this.#lastFrom.get(to);
    if (!atAnyTime && (last === undefined || this.#now() - last >= DAY_MS))
      throw new GraphRefusal(131047, 'Re-engagement message: more than 24 hours have passed since the recipient last replied');
  }
}
