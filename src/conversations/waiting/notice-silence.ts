import { enqueue } from '../../jobs/enqueue.ts';
import { storeEvent } from '../store-message.ts';
import { touch } from '../conversation.ts';
import { wantPerson } from '../want-person.ts';
import { spanText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { silenceCause } from './silence-cause.ts';
import { anybodyWaits, untoldSilences, type Silence } from './silence.queries.ts';
import { waitingTimesOf } from './waiting-times.ts';

/**
 * The silence alarm of one workspace: tells the team of each customer who has waited too long. It asks no job, listener or
 * provider, only what was said, since any of them may be what failed. Returns when to look again at the latest, UTC ms; null
 * where nobody waits or the alarm is off.
 */
export function lookForSilence(ws: Workspace): number | null {
  const { silenceMs } = waitingTimesOf(ws);
  if (silenceMs === null || !anybodyWaits(ws)) return null;
  const due = (silence: Silence): number => Math.max(silence.since, silence.turnedAt) + silenceMs;
  const now = ws.clock.now();
  const untold = untoldSilences(ws);
  const silent = untold.filter((silence) => due(silence) <= now);
  if (silent.length > 0) ws.durable(() => silent.forEach((silence) => noticeSilence(ws, silence)));
  const next = untold.find((silence) => due(silence) > now);
  return next ? due(next) : null;
}

/**
 * A customer was left without an answer: a person is called, once for each silence, and the team is told as of every call. Runs
 * inside a transaction.
 */
function noticeSilence(ws: Workspace, silence: Silence): void {
  const told = ws
    .prepare('UPDATE conversations SET silence_told = ? WHERE id = ? AND silence_told < ?')
    .run(silence.through, silence.conversationId, silence.through).changes;
  if (told === 0) return;
  const why = `No answer for ${spanText(ws.clock.now() - silence.since)}. ${silenceCause(ws, silence)}`;
  if (silence.holderId === null) wantPerson(ws, { id: silence.conversationId }, why, { since: silence.since });
  else callAgain(ws, silence, why);
}

/** Somebody has it and may have forgotten it: it stays theirs, and stands on top for all until it is answered. */
function callAgain(ws: Workspace, { conversationId, since }: Silence, why: string): void {
  ws.prepare('UPDATE conversations SET wanted_since = ?, wanted_why = ? WHERE id = ? AND wanted_since IS NULL').run(
    since,
    why,
    conversationId,
  );
  storeEvent(ws, conversationId, 'wanted', why);
  touch(ws, conversationId);
  enqueue(ws, { kind: 'tell-team', key: String(conversationId) });
}
