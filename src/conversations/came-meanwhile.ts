import { firstWordText, wordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';

interface Asleep {
  /** UTC ms. */
  since: number;
  /** Their own words are no news to them. */
  userId: number;
  /** The one that is open on their page. */
  conversationId: number | null;
}

/** After a holiday nobody counts further. */
const COUNTED = 1000;

const CAME = `
  SELECT count(*) AS everywhere, count(*) FILTER (WHERE conversation_id = @conversationId) AS here FROM (
    SELECT conversation_id FROM messages
    WHERE created_at > @since AND author IN ('customer', 'bot', 'person') AND user_id IS NOT @userId LIMIT ${COUNTED + 1})`;

/** How many messages came while a page was asleep, in a sentence; '' for none. */
export function cameMeanwhile(ws: Workspace, asleep: Asleep): string {
  const { everywhere, here } = ws.prepare(CAME).get(asleep) as { everywhere: number; here: number };
  if (everywhere === 0) return '';
  if (everywhere > COUNTED) return 'More than a thousand messages came while this page was asleep.';
  const came = `${firstWordText(everywhere)} ${everywhere === 1 ? 'message' : 'messages'} came while this page was asleep`;
  if (asleep.conversationId === null || here === everywhere) return `${came}.`;
  return `${came}, ${here === 0 ? 'none' : wordText(here)} of them in this conversation.`;
}
