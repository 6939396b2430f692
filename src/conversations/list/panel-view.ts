/** What can be done to conversations of the list: the same panel for the open one, and for those that are selected. */
import { memberName, type Looking } from '../inbox-view.ts';
import type { Label } from './labels.ts';
import type { InboxRow } from './rows.queries.ts';
import { snoozeTimes, type SnoozeTime } from './snooze-times.ts';

export interface PanelView {
  /** The id of its form. */
  form: string;
  open: boolean;
  /** Who can be given it, oneself first. */
  members: { value: number; name: string; current: boolean }[];
  assigned: boolean;
  labels: (Label & { on: boolean })[];
  /** Several are selected: labels can be put on and taken off. */
  many: boolean;
  times: SnoozeTime[];
  snoozed: boolean;
}

/** For one conversation, or for those that are selected. */
export function panelView(looking: Looking, row: InboxRow | null): PanelView {
  const { userId, answerers, labels, zone, now } = looking;
  const others = answerers.filter((id) => id !== userId);
  return {
    form: row === null ? 'bulk' : 'one',
    open: row === null || row.status === 'open',
    members: [userId, ...others].map((id) => ({
      value: id,
      name: id === userId ? 'You' : memberName(looking, id),
      current: row?.assigneeId === id,
    })),
    assigned: row === null || row.assigneeId !== null,
    labels: [...labels.values()].map((label) => ({ ...label, on: row?.labelIds.includes(label.id) ?? false })),
    many: row === null,
    times: snoozeTimes(zone, now),
    snoozed: row === null || row.snoozedUntil !== null,
  };
}
