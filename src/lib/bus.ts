/** What happens in a workspace, told to whoever listens now: open pages, streams, supervisors. Nothing is kept. */
export type BusEvent =
  | { type: 'message'; conversationId: number; messageId: number }
  | { type: 'conversation'; conversationId: number; revision: number }
  /** More of an answer that is being written; to be appended, never stored. */
  | { type: 'draft'; conversationId: number; runId: number; text: string }
  /** The answer became that message, or was withdrawn. */
  | { type: 'draft-ended'; conversationId: number; runId: number; messageId: number | null }
  | { type: 'source'; sourceId: number }
  | { type: 'channel'; channelId: number };

export type BusListener = (event: BusEvent) => void;

/** Publish only after the commit that made the event true (`ws.afterCommit`). A listener must not throw or wait. */
export class Bus {
  readonly #all = new Set<BusListener>();
  readonly #conversations = new Map<number, Set<BusListener>>();

  publish(event: BusEvent): void {
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

  /** Whether anybody would hear of this conversation. */
  heard(conversationId: number): boolean {
    return this.#all.size > 0 || this.#conversations.has(conversationId);
  }
}
