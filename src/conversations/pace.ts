/**
 * How fast a channel is given what waits for it, so that it needn't ask for pauses. In memory alone: after a restart all
 * may go faster for a moment than they should, which a far side answers by asking for a pause, and that one is stored.
 */
import type { Rate } from '../channels/index.ts';
import type { Workspace } from '../workspace.ts';
import type { Conversation } from './conversation.ts';
import type { OpenChannel } from './open-channel.ts';

interface Account {
  /** When it will have caught up with all that was sent and promised, UTC ms. */
  evenAt: number;
  /** The same for each thread. */
  threads: Map<string, number>;
  /** Deliveries that wait, with their turn, UTC ms: who came first isn't overtaken by who asks more often. */
  turns: Map<number, number>;
}

const accounts = new WeakMap<Workspace, Map<number, Account>>();

/** A part of the rate, or one message, may go at once; with the rest behind it no second holds more than the rate. */
const AT_ONCE = 1 / 4;
/** From so many on, what is long past is forgotten. */
const KEPT = 1000;
/** A turn that nobody took by then: what waited for it was cancelled. */
const LAPSES_MS = 60_000;

/** How long a delivery has to wait, ms; with 0 it is counted as sent. */
export function waitForTurn(
  ws: Workspace,
  { id, kind }: Pick<OpenChannel, 'id' | 'kind'>,
  { thread, recipient }: Pick<Conversation, 'thread' | 'recipient'>,
  deliveryId: number,
): number {
  const { rate } = kind.limits;
  if (!rate) return 0;
  const now = ws.clock.now();
  const account = accountOf(ws, id);
  const { burst, everyMs, together } = rate.thread(thread);
  const person = together ? thread : `${thread} ${recipient}`;
  const evenAt = Math.max(account.threads.get(person) ?? 0, now);
  const ownTurn = evenAt - (burst - 1) * everyMs;
  if (ownTurn > now) return Math.ceil(ownTurn - now);
  // Clocks count whole ms.
  const wait = Math.floor(turnOf(account, rate, deliveryId, now) - now);
  if (wait > 0) return wait;
  account.turns.delete(deliveryId);
  account.threads.set(person, evenAt + everyMs);
  forgetPast(account, now);
  return 0;
}

/** When the account has room for this delivery: promised once, and kept. */
function turnOf(account: Account, { perSecond }: Rate, deliveryId: number, now: number): number {
  const promised = account.turns.get(deliveryId);
  if (promised !== undefined) return promised;
  const everyMs = 1000 / (perSecond * (1 - AT_ONCE));
  const evenAt = Math.max(account.evenAt, now);
  const turn = Math.max(now, evenAt - (Math.max(1, perSecond * AT_ONCE) - 1) * everyMs);
  account.evenAt = evenAt + everyMs;
  account.turns.set(deliveryId, turn);
  return turn;
}

function accountOf(ws: Workspace, channelId: number): Account {
  const ofWorkspace = accounts.get(ws) ?? new Map<number, Account>();
  accounts.set(ws, ofWorkspace);
  const account = ofWorkspace.get(channelId) ?? { evenAt: 0, threads: new Map<string, number>(), turns: new Map<number, number>() };
  ofWorkspace.set(channelId, account);
  return account;
}

function forgetPast({ threads, turns }: Account, now: number): void {
  if (threads.size > KEPT) for (const [person, evenAt] of threads) if (evenAt <= now) threads.delete(person);
  if (turns.size > KEPT) for (const [deliveryId, turn] of turns) if (turn < now - LAPSES_MS) turns.delete(deliveryId);
}
