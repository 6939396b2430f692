import { askRating, receiveEvents } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';

const COMMENT = 'Quick, and the oat milk was there. The Wi-Fi could be better.';

/** One customer whose conversation is done was asked how it was, and said it. */
export async function ratePast(ws: Workspace, channelId: number, name: string): Promise<void> {
  const asked = ws
    .prepare(
      `SELECT c.id, c.thread, i.external_id AS externalId FROM conversations c JOIN identities i ON i.id = c.identity_id
       WHERE i.display_name = ? AND c.status = 'resolved'`,
    )
    .get(name) as { id: number; thread: string; externalId: string } | undefined;
  if (!asked) return;
  ws.durable(() => askRating(ws, asked.id, 'en'));
  const sender = { externalId: asked.externalId, displayName: name };
  const said = [
    { kind: 'text' as const, text: '👍', detail: { choice: `rate-${asked.id}-5` } },
    { kind: 'text' as const, text: COMMENT },
  ];
  for (const [index, part] of said.entries())
    await receiveEvents(ws, channelId, [
      { type: 'message', thread: asked.thread, sender, externalId: `sample-rating-${index}`, saidAt: ws.clock.now(), parts: [part] },
    ]);
}
