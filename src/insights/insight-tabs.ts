import type { Workspace } from '../workspace.ts';
import { countGroups } from './gaps.queries.ts';

/** The parts of insights, as tabs. `base` is `/w/<workspace>`. */
export function insightTabs(ws: Workspace, base: string, current: 'figures' | 'unanswered') {
  return [
    { href: `${base}/insights`, name: 'Figures', count: 0, current: current === 'figures' },
    { href: `${base}/unanswered`, name: 'Unanswered', count: countGroups(ws).open, current: current === 'unanswered' },
  ];
}
