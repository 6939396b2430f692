/**
 * The updates of one bot as the Telegram server keeps them: until an offset confirms them, for one poll at a time.
 * `offset` follows the real server's own code (tdlib/telegram-bot-api): one from more than ten ahead of its last number
 * is taken as none at all.
 */
import type { ServerResponse } from 'node:http';

export type Params = Record<string, unknown>;
export type Update = { update_id: number } & Params;

/** What Telegram answers instead of a result. */
export class Refusal extends Error {
  readonly code: number;
  readonly parameters: Params | undefined;
  constructor(code: number, description: string, parameters?: Params) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

/** Unless they are asked for by name, Telegram sends none of these. */
const ONLY_WHEN_ASKED = ['chat_member', 'message_reaction', 'message_reaction_count'];

interface Poll {
  limit: number;
  answer(updates: Update[]): void;
  refuse(refusal: Refusal): void;
}

export class Updates {
  /** Every offset that was asked for, in order. */
  readonly offsets: number[] = [];
  /** How often a poll was ended by another one. */
  conflicts = 0;
  webhook = '';
  /** What was asked for last; null: all but the few that have to be asked for. */
  #allowed: string[] | null = null;
  readonly #confirmed: Update[] = [];
  readonly #onChange: () => void;
  #queue: Update[] = [];
  readonly #again: Update[] = [];
  #next = 100;
  #poll: Poll | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get waiting(): number {
    return this.#queue.length + this.#again.length;
  }

  get polling(): boolean {
    return this.#poll !== null;
  }

  push(content: Params): Update {
    const update = { update_id: this.#next++, ...content };
    const [kind = ''] = Object.keys(content);
    if (!(this.#allowed?.includes(kind) ?? !ONLY_WHEN_ASKED.includes(kind))) return update;
    this.#queue.push(update);
    this.#poll?.answer(this.#queue.slice(0, this.#poll.limit));
    this.#onChange();
    return update;
  }

  /** Posts go there from now on, whoever said so; a poll ends. */
  postTo(url: string): void {
    this.webhook = url;
    this.endPoll(webhookIsActive());
  }

  /** getUpdates and setWebhook name what they want; it holds until one of them names something else. */
  allow({ allowed_updates: allowed }: Params): void {
    if (allowed === undefined) return;
    if (!Array.isArray(allowed) || !allowed.every((kind) => typeof kind === 'string'))
      throw new Refusal(400, "Bad Request: can't parse allowed updates JSON object");
    this.#allowed = allowed.length === 0 ? null : allowed;
  }

  /** The oldest that waits. */
  get first(): Update | undefined {
    return this.#queue[0];
  }

  /** It was taken by a webhook. */
  taken(update: Update): void {
    this.#queue = this.#queue.filter((each) => each !== update);
    this.#confirmed.push(update);
    this.#onChange();
  }

  /** Gives again what was confirmed already, whatever offset is asked for, in the same order or turned round. */
  redeliver({ reversed }: { reversed: boolean }): void {
    this.#again.push(...(reversed ? this.#confirmed.toReversed() : this.#confirmed));
    this.#poll?.answer(this.#again.splice(0, this.#poll.limit));
  }

  /** After a silent week the numbers begin elsewhere. */
  restartIds(at: number): void {
    this.#next = at;
  }

  drop(): void {
    this.#queue = [];
  }

  endPoll(refusal: Refusal): void {
    this.#poll?.refuse(refusal);
  }

  /** getUpdates: what waits from `offset` on, at once or as soon as something comes. */
  take(params: Params, response: ServerResponse): Promise<Update[]> | Update[] {
    if (this.webhook) throw webhookIsActive();
    this.allow(params);
    const offset = Number(params['offset'] ?? 0);
    const limit = Number(params['limit'] ?? 100);
    const timeout = Number(params['timeout'] ?? 0);
    this.offsets.push(offset);
    this.#confirm(offset);
    if (this.#poll) {
      this.conflicts += 1;
      this.#poll.refuse(
        new Refusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'),
      );
    }
    if (this.#again.length > 0) return this.#again.splice(0, limit);
    if (this.#queue.length > 0 || timeout === 0) return this.#queue.slice(0, limit);
    return this.#wait(limit, timeout, response);
  }

  #confirm(offset: number): void {
    // From the future: the real server then begins at its oldest update, and forgets nothing.
    if (offset <= 0 || offset > this.#next + 10) return;
    this.#confirmed.push(...this.#queue.filter((update) => update.update_id < offset));
    this.#queue = this.#queue.filter((update) => update.update_id >= offset);
  }

  #wait(limit: number, timeout: number, response: ServerResponse): Promise<Update[]> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        if (this.#poll === poll) this.#poll = null;
        this.#onChange();
      };
      const poll: Poll = {
        limit,
        answer(updates) {
          end();
          resolve(updates);
        },
        refuse(refusal) {
          end();
          reject(refusal);
        },
      };
      const timer = setTimeout(() => poll.answer([]), timeout * 1000).unref();
      response.once('close', end);
      this.#poll = poll;
      this.#onChange();
    });
  }
}

const webhookIsActive = () =>
  new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
