/** What a bot wants to do, in the thread: how it stands, and who may say yes or no. */
import { memberName, type Looking } from './inbox-view.ts';
import type { MessageView } from './inbox.queries.ts';

export interface ActionView {
  kind: '' | 'wanted' | 'busy' | 'well' | 'failed';
  state: string;
  /** Why, or how it went. */
  says: string | null;
  /** Until when it can be decided; null where it can't any more. */
  until: number | null;
  /** Where it is decided; null for who may not, and where it is. */
  decide: string | null;
  run: string;
}

const STATES: Record<string, Pick<ActionView, 'kind' | 'state'>> = {
  waiting: { kind: 'wanted', state: 'Waits for a person' },
  approved: { kind: 'busy', state: 'Approved' },
  executing: { kind: 'busy', state: 'Under way' },
  done: { kind: 'well', state: 'Done' },
  failed: { kind: 'failed', state: 'Failed' },
  uncertain: { kind: 'failed', state: 'Uncertain: it may have happened' },
  declined: { kind: '', state: 'Declined' },
  expired: { kind: '', state: 'Too late' },
};

export function actionView(
  { looking, mayAnswer }: { looking: Looking; mayAnswer: boolean },
  conversationId: number,
  { id, state, says, expiresAt, decidedBy, runId }: NonNullable<MessageView['action']>,
): ActionView {
  const { kind, state: words } = STATES[state] ?? { kind: '' as const, state };
  const waits = state === 'waiting' && expiresAt > looking.now;
  const path = `${looking.base}/conversations/${conversationId}`;
  return {
    kind,
    state: decidedBy === null ? words : `${words}. ${memberName(looking, decidedBy)} decided`,
    says: state === 'waiting' ? null : says,
    until: waits ? expiresAt : null,
    decide: waits && mayAnswer ? `${path}/actions/${id}` : null,
    run: `${path}/runs/${runId}`,
  };
}
