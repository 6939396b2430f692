import { eq } from '../db/drizzle.ts';
import { channels } from '../db/schema/workspace.ts';
import { publicId } from '../lib/ids.ts';
import { audit } from '../web/audit.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { sealSecrets, writeState, type ChannelRow } from './access.ts';
import type { ConnectResult } from './channel.ts';
import { checkBot } from './channel-row.ts';
import { connectTo } from './connect.ts';
import { announce } from './news.ts';
import { claimRoutes, TWICE } from './public-ids.ts';
import { kindOf, readSettings, type ReadSettings } from './settings.ts';

export interface NewChannel {
  kind: string;
  settings: Record<string, unknown>;
  /** Who answers; null: people alone. */
  botId: number | null;
  /** Null when the software makes it (the sample). */
  userId: number | null;
}

/**
 * Connects an account: asks the far side first, then stores it with its secrets sealed. It is 'connecting' until
 * something is heard from it. Throws Problem: wrong settings, an account that is connected already.
 */
export async function addChannel(ws: Workspace, channel: NewChannel): Promise<ChannelRow> {
  const kind = kindOf(channel.kind);
  const settings = readSettings(kind, channel.settings);
  checkBot(ws, channel.botId);
  const account = await connectTo(ws, kind, settings.whole);
  const row = store(ws, channel, settings, account);
  if (!claimRoutes(ws.installation, ws.id, row)) {
    ws.durable(() => void ws.db.delete(channels).where(eq(channels.id, row.id)).run());
    throw new Problem(409, TWICE);
  }
  ws.durable(() =>
    audit(ws, { actor: channel.userId ?? 'system', action: 'channel.connected', subject: `channel ${row.id}`, detail: { kind: row.kind } }),
  );
  announce(ws, row.id);
  return row;
}

function store(ws: Workspace, { kind, botId }: NewChannel, settings: ReadSettings, account: ConnectResult): ChannelRow {
  return ws.durable(() => {
    const { id } = ws.db
      .insert(channels)
      .values({
        publicId: publicId(kind === 'widget' ? 'wc' : 'ch'),
        kind,
        name: account.name,
        // A widget has no account at a far side: any number of them may be connected.
        accountId: account.accountId || null,
        botId,
        status: 'connecting',
        settings: settings.plain,
        endsAt: account.endsAt ?? null,
        createdAt: ws.clock.now(),
      })
      .returning({ id: channels.id })
      .get();
    if (account.state !== undefined) writeState(ws, id, account.state);
    return ws.db
      .update(channels)
      .set({ secretsSealed: sealSecrets(ws, id, settings.secrets) })
      .where(eq(channels.id, id))
      .returning()
      .get();
  });
}
