import { ne } from '../../db/drizzle.ts';
import { sources } from '../../db/schema/workspace.ts';
import type { Workspace } from '../../workspace.ts';

/** What a test may want cited: what is known, and what it wants already though it is known no more. */
export function sourceTitles(ws: Workspace, wanted: string): { value: string; label: string }[] {
  const rows = ws.db.selectDistinct({ title: sources.title }).from(sources).where(ne(sources.state, 'removing')).all();
  const titles = new Set(rows.map(({ title }) => title).sort((a, b) => a.localeCompare(b)));
  const choices = [{ value: '', label: 'Whatever fits' }, ...[...titles].map((title) => ({ value: title, label: title }))];
  if (wanted !== '' && !titles.has(wanted)) choices.push({ value: wanted, label: `${wanted} (not there any more)` });
  return choices;
}
