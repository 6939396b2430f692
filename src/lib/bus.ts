/** What happens in a workspace, told to whoever listens now: open pages, streams, supervisors. Nothing is kept. */
export type BusEvent =
  | { type: 'message'; conversationId: number; messageId: number }
  | { type: 'conversation'; conversationId: number; revision: number }
  /** More of an answer that is being written; to be appended, never stored. */
  | { type: 'draft'; conversationId: number; runId: number; text: string }
  /** The answer became that message, or was withdrawn. */
  | { type: 'draft-ended'; conversationId: number; runId: number; messageId: number | null }
  /** The customer wants no more of the answer that is being written. */
  | { type: 'stop'; conversationId: number }
  /** A member writes there, or does no more. Never stored: what they write is told to nobody. */
  | { type: 'writing'; conversationId: number; userId: number; writes: boolean }
  | { type: 'source'; sourceId: number }
  /** The workspace closes: who holds it lets go. */
  | { type: 'closing' }
  /** How far a bot's tests are; which of them it is, or null for the whole round. */
  | { type: 'tests'; roundId: number; resultId: number | null }
  /** How far the search by meaning is. */
  | { type: 'vectors' }
  | { type: 'channel'; channelId: number };

export interface Draft {
  runId: number;
  text: string;
}

export type BusListener = (event: BusEvent) => void;

/** Publish only after the commit that made the event true (`ws.afterCommit`). A listener must not throw or wait. */
export class Bus {
  readonly #all = new Set<BusListener>();
  readonly #conversations = new Map<number, Set<BusListener>>();
  readonly #drafts = new Map<number, Draft>();

  publish(event: BusEvent): void {
    if (event.type === 'draft') this.#grow(event);
    else if (event.type === 'draft-ended') this.#drafts.delete(event.conversationId);
    for (const listener of this.#all) listener(event);
    if (!('conversationId' in event)) return;
    const listeners = this.#conversations.get(event.conversationId);
    if (listeners) for (const listener of listeners) listener(event);
  }

  /** Listens to everything, or to one conversation. Returns the way to stop. */
  subscribe(filter: 'all' | { conversationId: number }, listener: BusListener): () => void {
    if (filter === 'all') {
      this.#all.add(listener);
      return () => void this.#all.delete(listener);
    }
    const id = filter.conversationId;
    const listeners = this.#conversations.get(id) ?? new Set();
    this.#conversations.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#conversations.get(id) === listeners) this.#conversations.delete(id);
    };
  }

  /** The answer that is being written, as far as it has come: for a page that begins to listen in the middle of it. */
  draftOf(conversationId: number): Draft | undefined {
    return this.#drafts.get(conversationId);
  }

  #grow({ conversationId, runId, text }: Extract<BusEvent, { type: 'draft' }>): void {
    const draft = this.#drafts.get(conversationId);
    if (draft?.runId === runId) draft.text += text;
    else this.#drafts.set(conversationId, { runId, text });
  }
}
