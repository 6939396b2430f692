/** Labels of a workspace. A label is its word; its hue only helps to find it. */
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { LABELS_AT_MOST } from '../../contacts/index.ts';
import { touch } from '../conversation.ts';

/** None is brass or brick: those mean that a person is wanted, or that something is wrong. */
export const hues = ['grey', 'green', 'teal', 'blue', 'indigo', 'violet', 'pink', 'olive'] as const;
export type Hue = (typeof hues)[number];

export interface Label {
  id: number;
  name: string;
  hue: Hue;
}

/** By name. */
export function labelsOf(ws: Workspace): Label[] {
  return ws.prepare('SELECT id, name, hue FROM labels ORDER BY name').all() as Label[];
}

/** With how many conversations have each. */
export function labelsCounted(ws: Workspace): (Label & { used: number })[] {
  return ws
    .prepare(
      'SELECT id, name, hue, (SELECT count(*) FROM conversation_labels WHERE label_id = labels.id) AS used FROM labels ORDER BY name',
    )
    .all() as (Label & { used: number })[];
}

/** Why a name can't be used; undefined when it can. */
function refusal(ws: Workspace, name: string, but: number): string | undefined {
  const taken = ws.prepare('SELECT 1 FROM labels WHERE name = ? AND id <> ?').get(name, but) !== undefined;
  return taken ? 'There is a label of this name. Choose another, or merge the two.' : undefined;
}

/** Makes a label; returns why not, where it can't be. */
export function addLabel(ws: Workspace, userId: number, { name, hue }: Omit<Label, 'id'>): string | undefined {
  return ws.durable(() => {
    if (labelsOf(ws).length >= LABELS_AT_MOST) return `There can be ${LABELS_AT_MOST} labels at most. Merge or delete some first.`;
    const why = refusal(ws, name, 0);
    if (why !== undefined) return why;
    ws.prepare('INSERT INTO labels (name, hue, created_at) VALUES (?, ?, ?)').run(name, hue, ws.clock.now());
    audit(ws, { actor: userId, action: 'label.added' });
    return undefined;
  });
}

export function editLabel(ws: Workspace, userId: number, { id, name, hue }: Label): string | undefined {
  return ws.durable(() => {
    const why = refusal(ws, name, id);
    if (why !== undefined) return why;
    ws.prepare('UPDATE labels SET name = ?, hue = ? WHERE id = ?').run(name, hue, id);
    audit(ws, { actor: userId, action: 'label.edited' });
    return undefined;
  });
}

/** What had `from` has `into`; `from` is gone. Returns false where one of them isn't there. */
export function mergeLabels(ws: Workspace, userId: number, from: number, into: number): boolean {
  return ws.durable(() => {
    const both = ws.prepare('SELECT count(*) FROM labels WHERE id IN (?, ?)').pluck().get(from, into);
    if (from === into || both !== 2) return false;
    ws.prepare(
      'INSERT OR IGNORE INTO conversation_labels (conversation_id, label_id) SELECT conversation_id, ? FROM conversation_labels WHERE label_id = ?',
    ).run(into, from);
    ws.prepare(
      'INSERT OR IGNORE INTO contact_labels (contact_id, label_id) SELECT contact_id, ? FROM contact_labels WHERE label_id = ?',
    ).run(into, from);
    forget(ws, from);
    audit(ws, { actor: userId, action: 'label.merged' });
    return true;
  });
}

export function removeLabel(ws: Workspace, userId: number, id: number): boolean {
  return ws.durable(() => {
    const gone = forget(ws, id);
    if (gone) audit(ws, { actor: userId, action: 'label.removed' });
    return gone;
  });
}

function forget(ws: Workspace, id: number): boolean {
  ws.prepare('DELETE FROM conversation_labels WHERE label_id = ?').run(id);
  return ws.prepare('DELETE FROM labels WHERE id = ?').run(id).changes > 0;
}

/** Puts a label on a conversation, or takes it off. Returns whether that changed anything. Runs inside a transaction. */
export function setLabel(ws: Workspace, conversationId: number, labelId: number, on: boolean): boolean {
  const changed = ws
    .prepare(
      on
        ? 'INSERT OR IGNORE INTO conversation_labels (conversation_id, label_id) SELECT ?, id FROM labels WHERE id = ?'
        : 'DELETE FROM conversation_labels WHERE conversation_id = ? AND label_id = ?',
    )
    .run(conversationId, labelId).changes;
  if (changed > 0) touch(ws, conversationId);
  return changed > 0;
}
