/** What an address of the dashboard asks for, and the figures of it: the same for the page and for each CSV. */
import { businessOf } from '../accounts/index.ts';
import { zoneOf, type Zone } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { askedMost } from './asked-most.ts';
import { periodOf, wrongDays, type Asked, type Period } from './figures-period.ts';
import { botChoices, channelChoices, figuresOf, minutesPerAnswer, type Narrowed } from './figures.queries.ts';
import {
  askedTable,
  botsTable,
  channelsTable,
  comparedTable,
  conversationsTable,
  costsTable,
  currenciesOf,
  messagesTable,
  ratingsTable,
  unansweredTable,
  waitsTable,
  type Material,
  type Table,
  type TableKey,
} from './figures-tables.ts';
import { unansweredIn } from './unanswered-in.ts';

/** As the address says it; what it says wrongly is no id. */
export interface Wanted {
  period: '7' | '30' | '90' | 'month' | 'own';
  from: string;
  to: string;
  channel: number | null;
  bot: number | null;
}

/** Unanswered questions in a CSV. */
const MOST_UNANSWERED = 1000;

export interface View {
  zone: Zone;
  period: Period;
  narrowed: Narrowed;
  material: Material;
  wrong: ReturnType<typeof wrongDays>;
}

/** Days of one's own that can't be taken are told in `wrong`; the figures are those of 30 days then. */
export async function viewOf(ws: Workspace, wanted: Wanted): Promise<View> {
  const { timezone, currency } = businessOf(ws);
  const zone = zoneOf(timezone);
  const now = ws.clock.now();
  const wrong = wanted.period === 'own' ? wrongDays(wanted, zone.dayOf(now)) : null;
  const period = periodOf(zone, now, askedBy(wanted, wrong !== null));
  const [channels, bots] = [channelChoices(ws), botChoices(ws)];
  const known = (choices: { id: number }[], id: number | null): number | null => (choices.some((choice) => choice.id === id) ? id : null);
  const narrowed = { channelId: known(channels, wanted.channel), botId: known(bots, wanted.bot) };
  const told = await figuresOf(ws, period, narrowed);
  const currencies = currenciesOf(told.now.total, currency);
  const says: [string, string] = [period.says, `In ${period.saysBefore}`];
  return {
    zone,
    period,
    narrowed,
    wrong,
    material: { ...told, minutesPerAnswer: minutesPerAnswer(ws), days: period.days, says, channels, bots, currencies },
  };
}

function askedBy({ period, from, to }: Wanted, wrong: boolean): Asked {
  if (period !== 'own') return { kind: period };
  return wrong ? { kind: '30' } : { kind: 'own', from, to };
}

type Make = (ws: Workspace, view: View) => Table | Promise<Table>;

const of =
  (make: (material: Material) => Table): Make =>
  (_ws, { material }) =>
    make(material);

export const tables: Record<TableKey, Make> = {
  compared: of(comparedTable),
  conversations: of(conversationsTable),
  messages: of(messagesTable),
  waits: of(waitsTable),
  costs: of(costsTable),
  ratings: of(ratingsTable),
  channels: of(channelsTable),
  bots: of(botsTable),
  asked: async (ws, { period, narrowed }) => askedTable(await askedMost(ws, period.days, narrowed)),
  unanswered: (ws, { period, narrowed }) => unansweredTable(unansweredIn(ws, period.days, narrowed, MOST_UNANSWERED)),
};
