/** The outage report, as its page and the inbox's notice tell it. */
import { pluralText, spanText, timeText, wordText } from '../../web/formats.ts';
import type { Zone } from '../../web/zones.ts';
import type { Workspace } from '../../workspace.ts';
import { channelIcon, customerName } from '../inbox-view.ts';
import { concernedBy, figuresOf, outagesOf, outagesToSee, type Concerned, type Outage, type OutageFigures } from './outages.queries.ts';

const CONVERSATIONS_AT_MOST = 100;
const OUTAGES_AT_MOST = 50;
const NOTICES_AT_MOST = 3;

/** For sentences: in whose zone, and when they are read. */
export interface Reading {
  base: string;
  zone: Zone;
  now: number;
}

export interface OutageNotice {
  head: string;
  says: string;
  href: string;
  dismiss: string;
}

function who({ channelId, channelName }: Outage): string {
  return channelId === null ? 'The server was away' : `${channelName} heard nothing`;
}

function when({ zone, now }: Reading, { fromAt, toAt }: Outage): string {
  if (zone.dayOf(fromAt) === zone.dayOf(toAt)) return `from ${timeText(zone, now, fromAt, 'moment')} to ${zone.clock(toAt)}`;
  const onDay = (at: number): string => `${zone.day(at)}, ${zone.clock(at)}`;
  return `from ${onDay(fromAt)} to ${onDay(toAt)}`;
}

function sum(figures: OutageFigures[], of: 'replayed' | 'byBot' | 'byPerson' | 'waits' | 'tooOld' | 'uncertain'): number {
  return figures.reduce((total, row) => total + row[of], 0);
}

/** What came of it, in a sentence or two: first what is left to do. */
function cameOf(figures: OutageFigures[]): string {
  const replayed = sum(figures, 'replayed');
  const [waits, uncertain] = [sum(figures, 'waits'), sum(figures, 'uncertain')];
  const left = [
    ...(waits > 0 ? [`${wordText(waits)} ${waits === 1 ? 'waits' : 'wait'} for a person`] : []),
    ...(uncertain > 0 ? [`${wordText(uncertain)} of ours may not have arrived`] : []),
  ];
  const came = replayed === 0 ? 'Nobody wrote meanwhile' : `${pluralText(replayed, 'message')} came in afterwards`;
  return `${[came, ...left].join(', ')}.`;
}

/** What the inbox says of outages that nobody has dismissed. */
export function outageNotices(ws: Workspace, reading: Reading): OutageNotice[] {
  return outagesToSee(ws, NOTICES_AT_MOST).map((outage) => ({
    head: `${who(outage)} ${when(reading, outage)}.`,
    says: cameOf(figuresOf(ws, outage)),
    href: `${reading.base}/outages/${outage.id}`,
    dismiss: `${reading.base}/outages/${outage.id}/dismiss`,
  }));
}

const BECAME: Record<Concerned['became'], { kind: string; says: string }> = {
  waits: { kind: 'wanted', says: 'Waits for a person' },
  uncertain: { kind: 'failed', says: 'Uncertain: not sent again' },
  person: { kind: 'well', says: 'Answered by a person' },
  bot: { kind: 'well', says: 'Answered by the bot' },
  settled: { kind: '', says: 'Needed no answer' },
};

export interface OutagePage {
  line: string;
  then: string;
  thenWanted: boolean;
  seen: boolean;
  dismiss: string;
  figures: (OutageFigures & { icon: string })[];
  conversations: {
    href: string;
    name: string;
    channelName: string;
    messages: number;
    state: { kind: string; says: string };
    tooOld: boolean;
  }[];
  /** There are more than the page shows. */
  cut: number | null;
}

export function outagePage(ws: Workspace, reading: Reading, outage: Outage): OutagePage {
  const figures = figuresOf(ws, outage);
  const concerned = concernedBy(ws, outage, CONVERSATIONS_AT_MOST + 1);
  return {
    line: `${who(outage)} for ${spanText(outage.toAt - outage.fromAt)}, ${when(reading, outage)}.`,
    then: cameOf(figures),
    thenWanted: sum(figures, 'waits') > 0,
    seen: outage.dismissedAt !== null,
    dismiss: `${reading.base}/outages/${outage.id}/dismiss`,
    figures: figures.map((row) => ({ ...row, icon: channelIcon(row.channelKind) })),
    conversations: concerned.slice(0, CONVERSATIONS_AT_MOST).map((row) => ({
      href: `${reading.base}/conversations/${row.conversationId}`,
      name: customerName(row),
      channelName: row.channelName,
      messages: row.messages,
      state: BECAME[row.became],
      tooOld: row.tooOld === 1,
    })),
    cut: concerned.length > CONVERSATIONS_AT_MOST ? CONVERSATIONS_AT_MOST : null,
  };
}

export function outageList(ws: Workspace, reading: Reading): { line: string; outages: { href: string; says: string; what: string }[] } {
  const all = outagesOf(ws, OUTAGES_AT_MOST);
  return {
    line: all.length === 0 ? 'Nothing was away for five minutes or longer.' : 'When the server or a channel heard nothing.',
    outages: all.map((outage) => ({
      href: `${reading.base}/outages/${outage.id}`,
      says: `${who(outage)} for ${spanText(outage.toAt - outage.fromAt)}, ${when(reading, outage)}`,
      what: cameOf(figuresOf(ws, outage)),
    })),
  };
}
