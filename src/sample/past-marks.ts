import { addLabel, changeMany, saveView, type Hue } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';

const DAY = 24 * 3600_000;
const LABELS: { name: string; hue: Hue; on: string[] }[] = [
  { name: 'Cakes', hue: 'pink', on: ['Jonas Weber', 'Tomasz Zieliński'] },
  { name: 'Regular', hue: 'teal', on: ['Jonas Weber', 'Priya Nair'] },
  { name: 'Vouchers', hue: 'violet', on: ['Emily Clark'] },
];

/** How the team keeps its inbox: labels, who is to see to what, what is put off, and a list of one's own. */
export function markPast(ws: Workspace, userId: number): void {
  const of = (names: string[]): number[] =>
    ws
      .prepare(
        'SELECT c.id FROM conversations c WHERE (SELECT i.display_name FROM identities i WHERE i.id = c.identity_id) IN (SELECT value FROM json_each(?))',
      )
      .pluck()
      .all(JSON.stringify(names)) as number[];
  for (const { name, hue, on } of LABELS) {
    addLabel(ws, userId, { name, hue });
    const id = ws.prepare('SELECT id FROM labels WHERE name = ?').pluck().get(name) as number;
    changeMany(ws, of(on), { do: 'label', value: id }, userId);
  }
  changeMany(ws, of(['Sofia Rossi']), { do: 'assign', value: userId }, userId);
  changeMany(ws, of(['Emily Clark']), { do: 'snooze', value: ws.clock.now() + DAY }, userId);
  saveView(ws, userId, { name: 'Nobody’s yet', filter: 'assignee=nobody', shared: true });
}
