/** What the page "Where it goes" shows. */
import { firstWordText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { recipientsOf, type Recipient } from './state.ts';

export function recipientsPage(ws: Workspace): { line: string; own: string; recipients: Recipient[] } {
  const recipients = recipientsOf(ws);
  const line =
    recipients.length === 0
      ? 'As things are set, nobody else gets anything.'
      : `${firstWordText(recipients.length)} ${recipients.length === 1 ? 'other gets' : 'others get'} something, as things are set.`;
  return { line, own: new URL(ws.installation.settings.baseUrl).host, recipients };
}
