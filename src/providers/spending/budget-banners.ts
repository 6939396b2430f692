/** Budgets that are nearly spent or have stopped answers, in words for those who can raise them. */
import type { Workspace } from '../../workspace.ts';
import { budgetNotices } from './spending.queries.ts';

export interface BudgetBanner {
  kind: 'wanted' | 'failed';
  head: string;
  says: string;
}

export function budgetBanners(ws: Workspace): BudgetBanner[] {
  return budgetNotices(ws).map(({ botId, span, level }) => {
    const name = ws.prepare('SELECT name FROM bots WHERE id = ?').pluck().get(botId) as string | undefined;
    const budget = `${name === undefined ? 'The budget' : `${name}’s budget`} for ${span === 'day' ? 'today' : 'this month'}`;
    const ends = span === 'day' ? 'the day ends' : 'the month ends';
    return level === 'spent'
      ? {
          kind: 'failed',
          head: `${budget} is spent.`,
          says: `Customers are told that a person will answer, until it is raised or ${ends}.`,
        }
      : {
          kind: 'wanted',
          head: `${budget} is nearly spent.`,
          says: 'Once it is, customers are told that a person will answer, until it is raised.',
        };
  });
}
