/** What the page of spending shows: ceilings, days, a forecast, and the dearest answers of a day. */
import { businessOf } from '../accounts/index.ts';
import {
  budgetBanners,
  budgetsOf,
  EVERYTHING,
  spentBetween,
  todayOf,
  type Budget,
  type BudgetBanner,
  type BudgetForm,
  type SpentDay,
} from '../providers/index.ts';
import { moneyText } from '../web/formats.ts';
import { zoneOf } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { botNames, dearestRuns, type CostlyRun } from './spending.queries.ts';

export const READING = 'Reading the knowledge';

export interface SpendingPage {
  line: string;
  then: string;
  notices: BudgetBanner[];
  budgets: { botId: number; name: string; today: string; month: string; typed: BudgetForm; errors: object; assumes: boolean }[];
  days: { day: string; at: number; total: string; calls: number; unpriced: number; bots: string }[];
  runs: { href: string; question: string; bot: string; at: number; cost: string; aside: string }[];
  day: string | null;
  currency: string;
}

export interface Refused {
  botId: number;
  typed: BudgetForm;
  errors: object;
}

export function spendingPage(ws: Workspace, day: string | null, refused?: Refused): SpendingPage {
  const today = todayOf(ws);
  const names = botNames(ws);
  const spent = spentBetween(ws, today.first, today.day);
  const everything = spent.filter(({ botId }) => botId === EVERYTHING);
  const sum = everything.reduce((all, each) => all + each.spent, 0);
  const money = (micros: number): string => moneyText(micros, today.currency);
  const coming = forecast(everything, today.day);
  const living = [...names].filter(([, { archived }]) => !archived).map(([id]) => id);
  const budgets = new Map(budgetsOf(ws).map((budget) => [budget.botId, budget]));
  return {
    line: sum === 0 ? 'Nothing was spent this month.' : `This month cost ${money(sum)} so far.`,
    then: coming === null ? '' : `At this pace it will be ${money(coming)}.`,
    notices: budgetBanners(ws),
    budgets: [EVERYTHING, ...living].map((botId) => ({
      botId,
      name: botId === EVERYTHING ? 'Everything together' : (names.get(botId)?.name ?? ''),
      today: money(sumOf(spent, botId, today.day)),
      month: money(sumOf(spent, botId)),
      assumes: botId === EVERYTHING,
      ...(refused?.botId === botId ? { typed: refused.typed, errors: refused.errors } : { typed: typedOf(budgets.get(botId)), errors: {} }),
    })),
    days: everything.map((each) => ({
      day: each.day,
      at: Date.parse(`${each.day}T12:00:00Z`),
      total: money(each.spent),
      calls: each.calls,
      unpriced: each.unpriced,
      bots: shares(spent, each, names, money),
    })),
    runs: day === null ? [] : dearestRuns(ws, zoneOf(businessOf(ws).timezone), day).map((run) => runOf(ws, run)),
    day,
    currency: today.currency,
  };
}

function sumOf(spent: SpentDay[], botId: number, day?: string): number {
  return spent.filter((each) => each.botId === botId && (day === undefined || each.day === day)).reduce((sum, each) => sum + each.spent, 0);
}

/** By the whole days of this month that are over; null while none of them cost anything. */
function forecast(everything: SpentDay[], today: string): number | null {
  const over = Number(today.slice(8)) - 1;
  if (over < 1) return null;
  const [year = 0, month = 0] = today.split('-').map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const before = everything.filter(({ day }) => day < today).reduce((sum, each) => sum + each.spent, 0);
  if (before === 0) return null;
  const now = everything.reduce((sum, each) => sum + each.spent, 0);
  return Math.max(now, Math.round((before / over) * days));
}

/** What of a day's sum was whose. */
function shares(
  spent: SpentDay[],
  { day, spent: all }: SpentDay,
  names: ReturnType<typeof botNames>,
  money: (n: number) => string,
): string {
  const bots = spent.filter((each) => each.day === day && each.botId !== EVERYTHING);
  const rest = all - bots.reduce((sum, each) => sum + each.spent, 0);
  const list = bots.map((each) => `${names.get(each.botId)?.name ?? 'A removed bot'} ${money(each.spent)}`);
  return [...list, ...(rest > 0 ? [`${READING} ${money(rest)}`] : [])].join(', ');
}

/** What no customer waited for. */
const ASIDES: Partial<Record<CostlyRun['kind'], string>> = { playground: 'a trial', test: 'a test', judge: 'the judge of a test' };

function runOf(ws: Workspace, run: CostlyRun): SpendingPage['runs'][number] {
  const base = `/w/${ws.id}`;
  return {
    href:
      run.conversationId === null
        ? `${base}/bots/${run.botId}${run.kind === 'playground' ? `?runs=${run.id}` : `/runs/${run.id}`}`
        : `${base}/conversations/${run.conversationId}/runs/${run.id}`,
    question: titleOf(run),
    bot: run.bot,
    at: run.startedAt,
    cost: moneyText(run.costMicros, run.currency),
    aside: ASIDES[run.kind] ?? '',
  };
}

function titleOf({ kind, question }: CostlyRun): string {
  if (kind === 'transcription') return 'A voice note';
  return question === '' ? 'A picture' : (question ?? 'A question that was deleted');
}

const typedMoney = (micros: number | null): string => (micros === null ? '' : String(micros / 1_000_000));

function typedOf(budget: Budget | undefined): BudgetForm {
  return {
    day: typedMoney(budget?.dayMicros ?? null),
    month: typedMoney(budget?.monthMicros ?? null),
    warn: String(budget?.warnPercent ?? 80),
    assumed: typedMoney(budget?.assumedMicros ?? null),
  };
}
