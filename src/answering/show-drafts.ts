import { setTimeout as pause } from 'node:timers/promises';
import { channelAccess, channelKinds } from '../channels/index.ts';
import type { Conversation } from '../conversations/index.ts';
import { withoutCitations } from '../lib/citations.ts';
import type { Workspace } from '../workspace.ts';

/** Often enough to read along, and no channel's limit. A short answer is there before its first draft. */
const EVERY_MS = 600;

/**
 * Shows the customer an answer while it is being written, where the channel can, until what it returns is called. Nothing
 * waits for it and nothing fails by it: one draft is on its way at most, and the next one shows what came meanwhile.
 */
export function showDrafts(ws: Workspace, conversation: Conversation, everyMs = EVERY_MS): () => void {
  const kind = ws.prepare('SELECT kind FROM channels WHERE id = ?').pluck().get(conversation.channelId) as string;
  if (!channelKinds[kind]?.draft || !knowsOfBot(ws, conversation)) return () => undefined;
  const ended = new AbortController();
  show(ws, conversation, everyMs, ended.signal).catch((err: unknown) => {
    if (!ended.signal.aborted) ws.installation.log.debug({ err, workspace: ws.id }, 'no draft is shown');
  });
  return () => ended.abort();
}

/** The notice that a bot answers goes out with the first answer, and no word of a bot may come before it. */
function knowsOfBot(ws: Workspace, { identityId, channelId }: Conversation): boolean {
  const told = "SELECT 1 FROM notices_shown WHERE identity_id = ? AND channel_id = ? AND kind = 'ai'";
  return ws.prepare(told).get(identityId, channelId) !== undefined;
}

async function show(ws: Workspace, { id, channelId, thread }: Conversation, everyMs: number, signal: AbortSignal): Promise<void> {
  for (let shown = '', waitMs = everyMs; waitMs !== Infinity;) {
    await pause(waitMs, undefined, { signal });
    const draft = ws.bus.draftOf(id);
    const text = draft ? readable(draft.text) : '';
    if (!draft || text === '' || text === shown) continue;
    const { kind, access } = channelAccess(ws, channelId, signal);
    // What is longer comes in several messages; a preview of the first alone would look like the whole.
    if (!kind.draft || text.length > kind.limits.textLength) return;
    const pauseMs = await kind.draft(access, thread, { id: draft.runId, text });
    waitMs = Math.max(everyMs, pauseMs);
    if (pauseMs === 0) shown = text;
  }
}

/** As the answer will be: without the numbers of its sources, also where the last one isn't whole yet. */
function readable(text: string): string {
  return withoutCitations(text.replace(/\[[\d, ]{0,20}$/, '')).trim();
}
