/** The pages of unanswered questions as their templates draw them. */
import { membersOf } from '../accounts/index.ts';
import { channelIcon, customerName } from '../conversations/index.ts';
import { once } from '../lib/once.ts';
import { withoutCitations } from '../lib/citations.ts';
import { pluralText, wordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import { LEARNED } from './approve-answer.ts';
import { clearest } from './clearest.ts';
import { draftOf, type Draft } from './draft-answer.ts';
import { findWordings, type Found } from './find-wordings.ts';
import { groupOf, type Group } from './groups.ts';
import {
  conversationAround,
  countGroups,
  countIn,
  listGroups,
  otherGroups,
  questionsIn,
  type AskedQuestion,
  type GapTab,
  type ListedGroup,
} from './gaps.queries.ts';
import { insightTabs } from './insight-tabs.ts';
import { learnedSource, pairOf, questionSources, type LearnedPair } from './pair.queries.ts';

/** The wordings that are searched for, the newest; each costs a few milliseconds of a thread of the search. */
const CHECKED = 12;

const languageNames = once(() => new Intl.DisplayNames('en', { type: 'language', fallback: 'code' }));

const REASONS: Record<AskedQuestion['reason'], string> = {
  'not-found': 'No answer found',
  'not-helpful': 'The customer: it didn’t help',
  wrong: 'Marked as wrong',
};

/** The list, a tab of it. `base` is `/w/<workspace>/unanswered`. */
export function gapList(ws: Workspace, base: string, tab: GapTab, page: number) {
  const counts = countGroups(ws);
  const { groups, more } = listGroups(ws, tab, page);
  const tabs: [GapTab, string, number][] = [
    ['open', 'Open', counts.open],
    ['answered', 'Answered', 0],
    ['dismissed', 'Dismissed', 0],
  ];
  const pageHref = (n: number): string => `${base}?${new URLSearchParams({ tab, page: String(n) })}`;
  return {
    base,
    tab,
    parts: insightTabs(ws, `/w/${ws.id}`, 'unanswered'),
    line: lineOf(counts.open),
    then: tab === 'open' ? thenOf(groups) : '',
    ever: counts.open + counts.answered + counts.dismissed > 0,
    tabs: tabs.map(([key, name, count]) => ({ href: key === 'open' ? base : `${base}?tab=${key}`, name, count, current: key === tab })),
    groups: groups.map((group) => ({
      ...group,
      href: `${base}/${group.id}`,
      channels: group.channels.map((channel) => ({ ...channel, icon: channelIcon(channel.kind) })),
      languages: group.languages.map((tag) => languageNames().of(tag)).join(', '),
    })),
    before: page > 1 ? pageHref(page - 1) : null,
    after: more ? pageHref(page + 1) : null,
  };
}

function lineOf(open: number): string {
  if (open === 0) return 'Nothing waits for an answer.';
  const word = wordText(open);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${open === 1 ? 'question waits' : 'questions wait'} for an answer.`;
}

function thenOf(groups: readonly ListedGroup[]): string {
  const [first] = groups;
  return first && first.times > 1 ? `The first was asked ${pluralText(first.times, 'time')}.` : '';
}

/** A form that wasn't taken: what was typed, and what is wrong beside which field. */
export interface Form {
  typed?: object;
  errors?: object;
}

/** One group with everything beside it. Throws NoGap. */
export async function gapPage(ws: Workspace, base: string, groupId: number, form: Form = {}) {
  const group = groupOf(ws, groupId);
  const asked = questionsIn(ws, groupId);
  const pair = pairOf(ws, group.questionId);
  const draft = draftOf(ws, groupId);
  const [best] = clearest(asked);
  const { times, people } = countIn(ws, groupId);
  const nameOf = namesIn(ws);
  // No `id` or `value` here: the fields of the form would take it for theirs.
  return {
    base,
    state: group.state,
    where: shortened(pair?.question ?? best?.text ?? 'A question'),
    line: `Asked ${times === 1 ? 'once' : pluralText(times, 'time')}${people > 1 ? ` by ${pluralText(people, 'person', 'people')}` : ''}.`,
    then: standing(group, pair),
    writable: group.state === 'open' || (group.state === 'answered' && !pair),
    answered: group.state === 'answered' && pair ? { ...pair, by: nameOf(group.settledBy), at: group.answeredAt } : null,
    pair,
    draft: { ...draft, by: draft.from ? nameOf(draft.from.userId) : '' },
    ...formPart(ws, pair, draft, form),
    around: besidePart(ws, draft.from ?? best, nameOf),
    questions: asked.map((question) => questionView(ws, question)),
    others: otherGroups(ws, groupId).map(({ id, wording }) => ({ value: id, label: shortened(wording) })),
    ...(await foundPart(ws, base, groupId)),
  };
}

type NameOf = (userId: number | null) => string;

function namesIn(ws: Workspace): NameOf {
  const names = new Map(membersOf(ws).map((member) => [member.userId, member.firstName]));
  return (userId) => (userId === null ? 'somebody by hand' : (names.get(userId) ?? 'somebody who left'));
}

/** What stands in the form: as it was typed, as it is in the knowledge, or the draft. */
function formPart(ws: Workspace, pair: LearnedPair | undefined, draft: Draft, { typed, errors = {} }: Form) {
  const learned = learnedSource(ws, LEARNED);
  const known = questionSources(ws).map(({ id, title }) => ({ value: id, label: title }));
  const made = { value: 'new', label: learned === null ? LEARNED : 'A new source' };
  return {
    typed: typed ?? (pair ? { ...pair, source: pair.sourceId } : { ...draft, source: learned ?? 'new' }),
    errors,
    sources: learned === null ? [made, ...known] : [...known, made],
  };
}

/** The conversation in which it was answered, or else was asked. */
function besidePart(ws: Workspace, at: { conversationId: number; messageId: number } | undefined, nameOf: NameOf) {
  if (!at) return null;
  return {
    href: conversationHref(ws, at.conversationId),
    messages: conversationAround(ws, at).map((message) => ({
      ...message,
      text: message.author === 'bot' ? withoutCitations(message.text) : message.text,
      by: message.author === 'person' ? nameOf(message.userId) : message.author === 'bot' ? 'Bot' : '',
    })),
  };
}

/** Whether the search finds the pair by each wording; `found` is null without a pair. */
export async function foundPart(ws: Workspace, base: string, groupId: number) {
  const pair = pairOf(ws, groupOf(ws, groupId).questionId);
  if (!pair) return { here: `${base}/${groupId}`, found: null };
  const wordings = new Map(questionsIn(ws, groupId).map(({ id, text }) => [text.toLowerCase(), { id, text }]));
  const found = pair.reading ? [] : await findWordings(ws, pair, [...wordings.values()].slice(0, CHECKED));
  const missed = found.filter(({ place }) => place === null);
  return {
    here: `${base}/${groupId}`,
    found: { reading: pair.reading, says: saysOf(pair, found.length, missed.length), wordings: found.map(wordingView) },
  };
}

function saysOf(pair: LearnedPair, all: number, missed: number): string {
  if (pair.reading) return 'It is being read. That takes a moment.';
  if (!pair.enabled) return 'The source is switched off, so no bot finds it.';
  if (missed === 0) return all === 1 ? 'A bot finds it by these words.' : 'A bot finds it by each of these wordings.';
  return missed === all ? 'A bot doesn’t find it by these words yet.' : `A bot finds it by all but ${wordText(missed)} of these wordings.`;
}

function wordingView({ id, text, place, percent }: Found) {
  const says = place === null ? 'Not found' : place === 1 ? 'Found first' : `Found, number ${place}`;
  return { id, text, found: place !== null, says, percent };
}

function standing({ state, reopenedAt }: Group, pair: LearnedPair | undefined): string {
  if (state === 'dismissed') return 'You have dismissed it.';
  if (reopenedAt !== null) return 'It was answered before, was asked again since, and wasn’t answered.';
  if (state === 'open') return '';
  return pair ? 'It is answered.' : 'Its answer has been removed from the knowledge since.';
}

function questionView(ws: Workspace, question: AskedQuestion) {
  return {
    ...question,
    by: customerName(question),
    icon: channelIcon(question.channelKind),
    keepHref: question.botId === null ? null : `/w/${ws.id}/bots/${question.botId}/tests/from/gap/${question.id}`,
    says: REASONS[question.reason],
    language: question.language === null ? null : languageNames().of(question.language),
    href: conversationHref(ws, question.conversationId),
  };
}

function conversationHref(ws: Workspace, conversationId: number): string {
  return `/w/${ws.id}/conversations/${conversationId}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 90).toWellFormed()}…` : line;
}
