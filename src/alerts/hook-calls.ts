/** What other programs are told: written down in the transaction that makes it true, and called until it is taken. */
import { createHmac } from 'node:crypto';
import { enqueue } from '../jobs/enqueue.ts';
import { GiveUp, type JobKind } from '../jobs/job.ts';
import { publicId } from '../lib/ids.ts';
import { OutboundError } from '../lib/outbound.ts';
import type { Workspace } from '../workspace.ts';
import { openHook } from './hooks.ts';

export type HookEvent = 'person.wanted' | 'lead.collected' | 'budget.near' | 'budget.spent' | 'tests.failed' | 'tests.paused' | 'test';

const LIMITS = { timeoutMs: 15_000, maxBytes: 256 * 1024 };

/** One call for each hook, or for one alone. Ids and links, no words of a customer but the details of a lead: who may read more follows the link. */
export function queueHookCalls(ws: Workspace, event: HookEvent, data: Record<string, unknown>, only?: number): void {
  const ids = ws
    .prepare('SELECT id FROM hooks WHERE ? IS NULL OR id = ?')
    .pluck()
    .all(only ?? null, only ?? null) as number[];
  const now = ws.clock.now();
  for (const hookId of ids) {
    const reference = publicId('call');
    const body = JSON.stringify({ id: reference, event, at: new Date(now).toISOString(), workspace: ws.id, ...data });
    const { lastInsertRowid } = ws
      .prepare('INSERT INTO hook_calls (hook_id, reference, event, body, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(hookId, reference, event, body, now);
    enqueue(ws, { kind: 'call-hook', key: String(lastInsertRowid) });
  }
}

interface Waiting {
  hookId: number;
  reference: string;
  event: string;
  body: string;
}

/** The job 'call-hook'. Told twice after a kill, the other side knows it by its id. */
export const callHook: JobKind = {
  attempts: 10,
  longestWaitMs: 3600_000,
  async run(ws, job, signal) {
    const call = ws.prepare('SELECT hook_id AS hookId, reference, event, body FROM hook_calls WHERE id = ?').get(Number(job.key)) as
      Waiting | undefined;
    if (!call) {
      job.finishQuietly();
      return;
    }
    const failed = await post(ws, call, signal);
    if (failed === null) {
      await job.finish(() => {
        ws.prepare('DELETE FROM hook_calls WHERE id = ?').run(Number(job.key));
        ws.prepare('UPDATE hooks SET told_at = ?, says = NULL, says_at = NULL WHERE id = ?').run(ws.clock.now(), call.hookId);
      });
      return;
    }
    ws.write(() => ws.prepare('UPDATE hooks SET says = ?, says_at = ? WHERE id = ?').run(failed.says, ws.clock.now(), call.hookId));
    throw failed.permanent ? new GiveUp(failed.says) : new Error(failed.says);
  },
  onParked(ws, { key }, says) {
    // It is never called again: a customer's details that it holds lie about for nothing.
    ws.prepare("UPDATE hook_calls SET failed_at = ?, says = ?, body = '{}' WHERE id = ?").run(ws.clock.now(), says, Number(key));
  },
};

/** Null when it was taken. The signature is over time and body, so that nobody can play an old call again. */
async function post(
  ws: Workspace,
  { hookId, reference, event, body }: Waiting,
  signal: AbortSignal,
): Promise<{ says: string; permanent: boolean } | null> {
  const { url, secret } = openHook(ws, hookId);
  const time = String(Math.floor(ws.clock.now() / 1000));
  const signature = createHmac('sha256', secret.reveal()).update(`${time}.${body}`).digest('hex');
  const headers = {
    'Content-Type': 'application/json',
    'Deskbell-Event': event,
    'Deskbell-Id': reference,
    'Deskbell-Signature': `t=${time},v1=${signature}`,
  };
  try {
    const response = await ws.installation.outbound.to(url, LIMITS)(url, { method: 'POST', headers, body, signal });
    await response.body?.cancel();
    if (response.ok) return null;
    const permanent = response.status === 410 || response.status === 404 || response.status === 401 || response.status === 403;
    return { says: `The program answered with ${response.status}. It has to answer with 200.`, permanent };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { says: error.says, permanent: error.kind === 'blocked' };
  }
}
