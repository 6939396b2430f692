/** The webhook of Telegram's stand-in: posts updates one by one, again and again until 200, and knows what went wrong. */
import { setTimeout as pause } from 'node:timers/promises';
import { textIn } from './telegram-answers.ts';
import { Refusal, type Params, type Updates } from './telegram-updates.ts';

/** The real one waits longer with each try. */
const AGAIN_MS = 20;
const PORTS = ['', '443', '80', '88', '8443'];
const PARSED = /^[\w-]{1,256}$/;

export class Webhook {
  /** Where a public address of the product lies in this test. */
  leadsTo = '';
  /** The status of every post, in order. */
  readonly answers: number[] = [];
  readonly #updates: Updates;
  readonly #call: (method: string, params: Params) => unknown;
  #secret = '';
  #error: { last_error_date: number; last_error_message: string } | undefined;
  #posting = false;

  constructor(updates: Updates, call: (method: string, params: Params) => unknown) {
    this.#updates = updates;
    this.#call = call;
  }

  set(params: Params): true {
    const url = textIn(params, 'url');
    const secret = textIn(params, 'secret_token');
    if (url !== '' && !url.startsWith('https://'))
      throw new Refusal(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    if (url !== '' && !PORTS.includes(new URL(url).port))
      throw new Refusal(400, 'Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
    if (secret !== '' && !PARSED.test(secret)) throw new Refusal(400, 'Bad Request: secret token contains unallowed characters');
    this.#updates.allow(params);
    if (params['drop_pending_updates'] === true) this.#updates.drop();
    if (url !== this.#updates.webhook) this.#error = undefined;
    this.#secret = secret;
    this.#updates.postTo(url);
    void this.post();
    return true;
  }

  delete(params: Params): true {
    this.#updates.webhook = '';
    this.#error = undefined;
    if (params['drop_pending_updates'] === true) this.#updates.drop();
    return true;
  }

  info(): Params {
    const { webhook, waiting } = this.#updates;
    return { url: webhook, has_custom_certificate: false, pending_update_count: waiting, max_connections: 40, ...this.#error };
  }

  /** Something went wrong with the last post, as Telegram words it. */
  failed(message: string): void {
    this.#error = { last_error_date: Math.floor(Date.now() / 1000), last_error_message: message };
  }

  /** Posts what waits, until nothing waits or there is no webhook. One at a time, as for one chat. */
  async post(): Promise<void> {
    if (this.#posting) return;
    this.#posting = true;
    try {
      for (let update = this.#updates.first; update && this.#listens; update = this.#updates.first) {
        const taken = await this.#deliver(update);
        if (taken) this.#updates.taken(update);
        else await pause(AGAIN_MS);
      }
    } finally {
      this.#posting = false;
    }
  }

  get #listens(): boolean {
    return this.#updates.webhook !== '' && this.leadsTo !== '';
  }

  async #deliver(update: Params): Promise<boolean> {
    const { pathname } = new URL(this.#updates.webhook);
    const headers = { 'content-type': 'application/json', ...(this.#secret ? { 'x-telegram-bot-api-secret-token': this.#secret } : {}) };
    try {
      const response = await fetch(this.leadsTo + pathname, { method: 'POST', headers, body: JSON.stringify(update) });
      const text = await response.text();
      this.answers.push(response.status);
      if (!response.ok) {
        this.failed(`Wrong response from the webhook: ${response.status} ${response.statusText}`);
        return false;
      }
      this.#takeAnswer(response.headers.get('content-type') ?? '', text);
      return true;
    } catch {
      this.failed('Connection refused');
      return false;
    }
  }

  /** A post may be answered by a call, whose result nobody gets. */
  #takeAnswer(type: string, text: string): void {
    if (!type.startsWith('application/json')) return;
    const { method, ...params } = JSON.parse(text) as Params;
    if (typeof method === 'string') this.#call(method, params);
  }
}
