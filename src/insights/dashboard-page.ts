/** The dashboard as its template draws it. */
import { budgetBanners } from '../providers/index.ts';
import { firstWordText, numberText, pluralText } from '../web/formats.ts';
import type { Zone } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { costChart, conversationChart, messageChart, waitChart } from './dashboard-drawn.ts';
import { tables, viewOf, type View, type Wanted } from './dashboard-material.ts';
import { amountText, DEFINITIONS, formulaText, savedText, waitText } from './dashboard-words.ts';
import { neither, type Figures } from './figures.ts';
import { anyConversation } from './figures.queries.ts';
import { type Cell, type Table } from './figures-tables.ts';
import { insightTabs } from './insight-tabs.ts';

/** Rows of questions on the page; the CSV has all. */
const QUESTIONS = 6;

const PERIODS = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['month', 'This month'],
] as const;

/** A form that wasn't taken. */
export interface Refused {
  minutes: string;
  says: string;
}

/** `base` is `/w/<workspace>`. */
export async function dashboardPage(ws: Workspace, base: string, wanted: Wanted, refused?: Refused) {
  const view = await viewOf(ws, wanted);
  const { total } = view.material.now;
  const here = `${base}/insights`;
  const address = addressOf(wanted, view);
  return {
    here,
    tabs: insightTabs(ws, base, 'figures'),
    budgets: budgetBanners(ws),
    ever: anyConversation(ws),
    empty: total.conversations === 0 && total.fromCustomers + total.fromBot + total.fromPeople === 0,
    ...sentences(view),
    filter: filterPart(here, wanted, view),
    sheets: await sheetsPart(ws, here, address, view),
    key: keyPart(total),
    shares: sharesPart(view),
    saved: savedPart(view, refused),
    definitions: DEFINITIONS,
    zone: ws.prepare('SELECT timezone FROM business').pluck().get(),
    unansweredHref: `${base}/unanswered`,
  };
}

/** What the page is of, in the address: without what is so anyway. */
function addressOf({ period, from, to }: Wanted, { narrowed: { channelId, botId }, wrong }: View): URLSearchParams {
  const address = new URLSearchParams();
  if (period === 'own' && wrong === null) for (const [name, value] of Object.entries({ period, from, to })) address.set(name, value);
  else if (period !== '30' && period !== 'own') address.set('period', period);
  if (channelId !== null) address.set('channel', String(channelId));
  if (botId !== null) address.set('bot', String(botId));
  return address;
}

function withAddress(path: string, address: URLSearchParams): string {
  return address.size === 0 ? path : `${path}?${address}`;
}

function sentences({ material: { now, before, bots, currencies }, period, narrowed }: View): { line: string; then: string } {
  const { conversations, alone, costs } = now.total;
  const only = bots.length === 1 ? bots[0] : bots.find(({ id }) => id === narrowed.botId);
  const cost = currencies
    .filter((currency) => (costs.get(currency) ?? 0) > 0)
    .map((currency) => amountText(costs.get(currency) ?? 0, currency));
  const whom = only ? only.name : bots.length === 0 ? 'nobody' : 'the bots';
  const paid = cost.length === 0 ? '' : `, for ${cost.join(' and ')}`;
  const line =
    conversations === 0
      ? `${period.says} nobody has begun a conversation.`
      : `${period.says} ${whom} settled ${numberText(alone)} of ${pluralText(conversations, 'conversation')} alone${paid}.`;
  return { line, then: changeText(conversations - before.total.conversations, before.total.conversations, period.saysBefore) };
}

function changeText(change: number, before: number, saysBefore: string): string {
  if (before === 0) return '';
  if (change === 0) return `As many as in ${saysBefore}.`;
  return `${firstWordText(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than in ${saysBefore}.`;
}

function filterPart(here: string, wanted: Wanted, view: View) {
  const { narrowed, wrong, period, material } = view;
  const own = wanted.period === 'own';
  const narrowing = addressOf({ ...wanted, period: '30' }, view);
  const address = addressOf(wanted, view);
  return {
    periods: PERIODS.map(([kind, name]) => {
      const to = new URLSearchParams(narrowing);
      if (kind !== '30') to.set('period', kind);
      return { name, href: withAddress(here, to), current: period.asked.kind === kind };
    }),
    own,
    from: own ? wanted.from : (period.days[0]?.name ?? ''),
    to: own ? wanted.to : (period.days.at(-1)?.name ?? ''),
    errors: wrong === null ? {} : { [wrong.field]: wrong.says },
    narrowing: [...narrowing].map(([name, value]) => ({ name, value })),
    kept: [...address].filter(([name]) => name !== 'channel' && name !== 'bot').map(([name, value]) => ({ name, value })),
    channels: material.channels.map(({ id, name }) => ({ value: id, label: name })),
    channel: narrowed.channelId,
    bots: material.bots.length > 1 ? material.bots.map(({ id, name }) => ({ value: id, label: name })) : [],
    bot: narrowed.botId,
    narrowed: narrowed.channelId !== null || narrowed.botId !== null,
    allHref: withAddress(here, new URLSearchParams([...address].filter(([name]) => name !== 'channel' && name !== 'bot'))),
  };
}

async function sheetsPart(ws: Workspace, here: string, address: URLSearchParams, view: View) {
  const sheet = async (key: keyof typeof tables, most = Infinity) => {
    const table = await tables[key](ws, view);
    return { key, csv: withAddress(`${here}/${key}.csv`, address), ...tableView(table, view.zone, most) };
  };
  return {
    compared: await sheet('compared'),
    conversations: { ...(await sheet('conversations')), chart: conversationChart(view) },
    messages: { ...(await sheet('messages')), chart: messageChart(view) },
    waits: { ...(await sheet('waits')), chart: waitChart(view) },
    costs: { ...(await sheet('costs')), chart: costChart(view) },
    ratings: await sheet('ratings'),
    channels: await sheet('channels'),
    bots: await sheet('bots'),
    asked: await sheet('asked', QUESTIONS),
    unanswered: await sheet('unanswered', QUESTIONS),
  };
}

/** A table with its cells as people read them. */
function tableView({ title, columns, rows }: Table, zone: Zone, most: number) {
  const isNum = (index: number): boolean => index > 0;
  return {
    title,
    columns: columns.map(({ name }, index) => ({ name, isNum: isNum(index) })),
    rows: rows.slice(0, most).map((cells) => ({
      head: cellText(cells[0] ?? { form: 'text', value: '' }, zone),
      cells: cells.slice(1).map((cell, index) => ({ text: cellText(cell, zone), label: columns[index + 1]?.name ?? '' })),
    })),
  };
}

function cellText(cell: Cell, zone: Zone): string {
  switch (cell.form) {
    case 'text':
      return cell.value;
    case 'day':
      return zone.day(Date.parse(`${cell.value}T12:00:00Z`));
    case 'count':
      return numberText(cell.value);
    case 'share':
      return cell.value === null ? '–' : `${Math.round(cell.value * 100)}%`;
    case 'change':
      return cell.value === null ? '–' : changed(cell.value);
    case 'wait':
      return cell.value === null ? '–' : waitText(cell.value);
    case 'money':
      return amountText(cell.value, cell.currency);
  }
}

function changed(share: number): string {
  const percent = Math.round(share * 100);
  return percent === 0 ? 'the same' : `${percent > 0 ? '+' : '−'}${numberText(Math.abs(percent))}%`;
}

function keyPart(total: Figures) {
  const [said, by] = [
    [total.fromCustomers, total.fromBot, total.fromPeople],
    ['From customers', 'From the bot', 'From people'],
  ];
  const kinds = ['other', 'alone', 'handed'];
  return {
    conversations: [
      { kind: 'alone', says: `Bot alone, ${numberText(total.alone)}` },
      { kind: 'handed', says: `Handed over, ${numberText(total.handed)}` },
      ...(neither(total) > 0 ? [{ kind: 'gone', says: `Neither, ${numberText(neither(total))}` }] : []),
    ],
    messages: by.map((name, index) => ({ kind: kinds[index], says: `${name}, ${numberText(said[index] ?? 0)}` })),
  };
}

/** Bars of shares: what was thought of answers, by channel how much of it was good, and what was thought of conversations. */
function sharesPart({ material: { now, channels } }: View) {
  const share = (name: string, part: number, all: number) => ({ name, percent: Math.round((part / all) * 100), of: all });
  const { good, bad, answers, conversations, rated: judged, ratedGood, ratedBad } = now.total;
  const rated = good + bad;
  const soSo = judged - ratedGood - ratedBad;
  return {
    talks:
      judged === 0
        ? null
        : {
            all: [share('Good', ratedGood, judged), ...(soSo > 0 ? [share('So-so', soSo, judged)] : []), share('Bad', ratedBad, judged)],
            says: `${pluralText(judged, 'conversation')} of ${numberText(conversations)} ${judged === 1 ? 'was' : 'were'} rated.`,
          },
    rated,
    all: rated === 0 ? [] : [share('Good', good, rated), share('Bad', bad, rated)],
    says: `${pluralText(rated, 'answer')} of ${numberText(answers)} ${rated === 1 ? 'was' : 'were'} rated.`,
    channels: channels.flatMap(({ id, name }) => {
      const figures = now.byChannel.get(id);
      const of = figures ? figures.good + figures.bad : 0;
      return figures && of > 0 ? [share(name, figures.good, of)] : [];
    }),
  };
}

function savedPart({ material: { now, minutesPerAnswer: minutes } }: View, refused: Refused | undefined) {
  const { answers } = now.total;
  return {
    sum: savedText(answers * minutes),
    formula: formulaText(answers, minutes),
    minutes: refused?.minutes ?? minutes,
    errors: refused ? { minutes: refused.says } : {},
  };
}
