import type { Workspace } from '../workspace.ts';

/** Why an answer under way is dropped. */
export class Dropped extends Error {
  readonly why: 'newer message' | 'person' | 'closed' | 'stopped by the customer';

  constructor(why: 'newer message' | 'person' | 'closed' | 'stopped by the customer') {
    super(why);
    this.why = why;
  }
}

export interface Watch {
  signal: AbortSignal;
  end(): void;
}

/**
 * Aborts the moment an answer has lost its ground: the customer wrote again (unless it `stands`) or stopped it, a person
 * took over, the conversation was closed. What it misses in the last instant, the reply's own transaction checks again.
 */
export function watchConversation(
  ws: Workspace,
  conversationId: number,
  answersThrough: number,
  stands: boolean,
  stop: AbortSignal,
): Watch {
  const controller = new AbortController();
  const stopped = (): void => controller.abort(stop.reason);
  stop.addEventListener('abort', stopped, { once: true });
  if (stop.aborted) stopped();
  const look = (): void => {
    const now = ws
      .prepare('SELECT turn, status, last_customer_message_id AS newest FROM conversations WHERE id = ?')
      .get(conversationId) as { turn: string; status: string; newest: number | null } | undefined;
    if (now?.status !== 'open') controller.abort(new Dropped('closed'));
    else if (now.turn !== 'bot') controller.abort(new Dropped('person'));
    else if (now.newest !== answersThrough && !stands) controller.abort(new Dropped('newer message'));
  };
  const unsubscribe = ws.bus.subscribe({ conversationId }, (event) => {
    if (event.type === 'conversation') look();
    else if (event.type === 'stop') controller.abort(new Dropped('stopped by the customer'));
  });
  look();
  return {
    signal: controller.signal,
    end() {
      unsubscribe();
      stop.removeEventListener('abort', stopped);
    },
  };
}
