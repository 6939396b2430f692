import { GiveUp, TryLater, type JobKind } from '../jobs/job.ts';
import { OutboundError } from '../lib/outbound.ts';
import type { Workspace } from '../workspace.ts';
import { answerers } from './people.ts';
import { deviceToTell, type Subscription } from './push-devices.ts';
import { pushKeys } from './push-keys.ts';
import { waitingIn, type WaitingCustomer } from './waiting.queries.ts';

/** A customer who has waited an hour is no news any more: the service may drop it. */
const FRESH_S = 3600;
const LIMITS = { timeoutMs: 20_000, maxBytes: 64 * 1024 };

/** The job 'push-device', with device and conversation as its key. What it says is sealed for that browser alone (RFC 8291). */
export const pushDevice: JobKind = {
  attempts: 5,
  longestWaitMs: 5 * 60_000,
  async run(ws, job, signal) {
    const [device = 0, conversation = 0] = job.key.split('/').map(Number);
    const found = deviceToTell(ws, device);
    const waiting = waitingIn(ws, conversation);
    // Whoever may no longer answer is told nothing more, and their browser is forgotten.
    const may = found && answerers(ws).some(({ userId }) => userId === found.userId);
    if (!found || !may || !waiting) {
      if (found && !may) ws.durable(() => ws.prepare('DELETE FROM push_devices WHERE id = ?').run(device));
      job.finishQuietly();
      return;
    }
    const status = await push(ws, found.to, noticeOf(ws, waiting), signal).catch((error: unknown) => {
      if (error instanceof OutboundError) note(ws, device, error.says);
      throw error;
    });
    if (status === 404 || status === 410) {
      await job.finish(() => ws.prepare('DELETE FROM push_devices WHERE id = ?').run(device));
    } else if (status >= 200 && status < 300) {
      await job.finish(() => ws.prepare('UPDATE push_devices SET told_at = ?, says = NULL WHERE id = ?').run(ws.clock.now(), device));
    } else {
      const says = `The browser’s service refused a notification (${status}).`;
      note(ws, device, says);
      throw status === 429 || status >= 500 ? new TryLater(60_000, says) : new GiveUp(says);
    }
  },
};

function note(ws: Workspace, device: number, says: string): void {
  ws.write(() => ws.prepare('UPDATE push_devices SET says = ? WHERE id = ?').run(says, device));
}

function noticeOf(ws: Workspace, { name, channel, why, conversationId }: WaitingCustomer): object {
  return {
    title: name === null ? 'A customer waits for a person' : `${name} waits for a person`,
    body: `${channel}: ${why}`,
    path: `/w/${ws.id}/conversations/${conversationId}`,
    tag: `${ws.id}/${conversationId}`,
  };
}

/** Returns the status that the service answers with. Throws OutboundError, or the signal's reason. */
async function push(ws: Workspace, { endpoint, p256dh, auth }: Subscription, notice: object, signal: AbortSignal): Promise<number> {
  const { installation } = ws;
  const { publicKey, privateKey } = await pushKeys(ws);
  const { default: webPush } = await import('web-push');
  const { baseUrl } = installation.settings;
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(notice), {
    // Whom the service may turn to; it takes no address without https.
    vapidDetails: {
      subject: baseUrl.startsWith('https://') ? baseUrl : 'https://deskbell.invalid',
      publicKey,
      privateKey: privateKey.reveal(),
    },
    TTL: FRESH_S,
    urgency: 'high',
    contentEncoding: 'aes128gcm',
  });
  const fetch = installation.outbound.to(new URL(endpoint).origin, LIMITS);
  const headers = Object.fromEntries(Object.entries(details.headers).map(([key, value]) => [key, String(value)]));
  delete headers['Content-Length'];
  const body = details.body ? new Uint8Array(details.body) : undefined;
  const response = await fetch(endpoint, { method: 'POST', headers, ...(body ? { body } : {}), signal });
  await response.body?.cancel();
  return response.status;
}
