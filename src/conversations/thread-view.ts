/** Messages as the thread draws them: bubbles, notes and events, each with its receipt. */
import { citedIn } from '../lib/citations.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import type { Zone } from '../web/zones.ts';
import { actionView, type ActionView } from './action-view.ts';
import { filesOf, wordsOf, type FileView } from './file-view.ts';
import { memberName, type Looking } from './inbox-view.ts';
import { storedChoices } from './offer-choices.ts';
import { reactView, type ReactView } from './react-view.ts';
import { SUMMARY } from './writing/summaries.ts';
import { translatable, translatedView, type TranslatedView } from './writing/translated-view.ts';
import type { Translation } from './writing/translations.ts';
import type { ConversationHead, MessageView } from './inbox.queries.ts';
import { receiptOf, type Receipt } from './receipt-view.ts';

/** Customer messages this close to each other share one time. */
const CLOSE_MS = 5 * 60_000;

export interface ThreadItem {
  /** Sorts messages and day marks in one list: htmx puts what is new in its place by it. */
  order: number;
  id: string;
  day?: number;
  kind: MessageView['author'];
  classes: string;
  at: number;
  /** Plain text, shown as written; a bot's answer is `html`. */
  text: string;
  html: string | null;
  files: FileView[];
  /** The answers that were offered with it. */
  offered: string[];
  /** It is one of the answers that were offered. */
  chosen: boolean;
  sources: { n: number; id: string; title: string; href: string }[];
  by: string;
  icon: string | null;
  edited: boolean;
  revoked: boolean;
  /** What the other side reacted with: the customer to our words, we to theirs. */
  reaction: string | null;
  /** How it is reacted to; null where it can't be. */
  react: ReactView | null;
  /** The beginning of what it replies to. */
  quoted: string | null;
  cutOff: boolean;
  /** Where it is replied to; null where it can't be. */
  reply: string | null;
  /** In another language, under it. */
  translated: TranslatedView | null;
  /** Where it is asked for in the language of who looks; null where it is there, or needs none. */
  translate: string | null;
  /** Where its whole way is told. */
  trace: string | null;
  receipt: Receipt | null;
  /** What the bot wants to do, and waits for a person's word about. */
  action: ActionView | null;
}

export interface ThreadOf {
  looking: Looking;
  head: ConversationHead;
  zone: Zone;
  mayAnswer: boolean;
  /** Messages that can be reacted to. */
  reactable: ReadonlySet<number>;
  /** Of messages by their id. */
  translations: ReadonlyMap<number, Translation>;
  /** The language that the customer writes in, as far as it is known. */
  written: string | null;
}

type Above = Pick<MessageView, 'author' | 'saidAt'>;

/** The items of a thread: each message, with a mark before the first of each day. `before` is the message just above. */
export function threadItems(of: ThreadOf, messages: MessageView[], before?: Above): ThreadItem[] {
  const items: ThreadItem[] = [];
  let above = before;
  for (const message of messages) {
    if (!above || of.zone.dayOf(above.saidAt) !== of.zone.dayOf(message.saidAt)) items.push(dayMark(message));
    items.push(messageItem(of, message, above));
    above = message;
  }
  return items;
}

function dayMark(first: MessageView): ThreadItem {
  return { ...nothing(first), order: first.id * 2 - 1, id: `d${first.id}`, day: first.saidAt, kind: 'event', classes: 'is-event is-day' };
}

function nothing(message: MessageView): ThreadItem {
  return {
    order: message.id * 2,
    id: `m${message.id}`,
    kind: message.author,
    classes: `is-${message.author}`,
    at: message.saidAt,
    text: message.text,
    html: null,
    files: [],
    offered: [],
    chosen: false,
    sources: [],
    by: '',
    icon: null,
    edited: message.editedAt !== null,
    revoked: message.revokedAt !== null,
    reaction: message.reaction,
    react: null,
    quoted: message.quoted,
    cutOff: message.cutOff,
    reply: null,
    translated: null,
    translate: null,
    trace: null,
    receipt: null,
    action: null,
  };
}

function messageItem(of: ThreadOf, message: MessageView, above: Above | undefined): ThreadItem {
  const item = nothing(message);
  const translation = of.translations.get(message.id);
  if (translation && !item.revoked) item.translated = translatedView(of, message, translation);
  else if (of.mayAnswer && translatable(of, message))
    item.translate = `${of.looking.base}/conversations/${of.head.id}/messages/${message.id}/translation`;
  if (message.author !== 'note' && message.author !== 'event') item.trace = `${of.looking.base}/messages/${message.id}/trace`;
  switch (message.author) {
    case 'customer':
      Object.assign(item, { files: filesIn(of, message), text: wordsOf(message) });
      if (of.mayAnswer && !item.revoked) item.reply = `${of.looking.base}/conversations/${of.head.id}?reply=${message.id}#composer`;
      if (of.mayAnswer && of.reactable.has(message.id))
        item.react = reactView(`${of.looking.base}/conversations/${of.head.id}/messages/${message.id}/reaction`, message.reaction);
      if (message.parts.some(({ detail }) => detail?.['about'] === 'story-reply')) item.quoted ??= 'Your story';
      item.chosen = message.parts.some(({ detail }) => detail?.['choice'] !== undefined);
      if (above?.author === 'customer' && message.saidAt - above.saidAt < CLOSE_MS) item.classes += ' is-close';
      break;
    case 'bot':
      item.by = of.head.botName === null ? 'Bot' : `${of.head.botName}, bot`;
      item.sources = sourcesOf(of, message);
      item.html = markdownToHtml(message.text, (n) => item.sources.find((source) => source.n === n)?.id.replace(/^/, '#') ?? null);
      item.offered = offeredWith(message);
      item.receipt = receiptOf(of, message);
      break;
    case 'person':
      item.by = message.userId === null ? 'By hand' : memberName(of.looking, message.userId);
      item.files = filesIn(of, message);
      // Split for its channel, it is shown as it was written.
      if (item.files.length > 0 && wordsOf(message) === '') item.text = '';
      item.offered = offeredWith(message);
      item.receipt = receiptOf(of, message);
      break;
    case 'note':
      item.by =
        message.event === SUMMARY
          ? 'Summary by the bot’s model'
          : message.userId === null
            ? 'A note'
            : memberName(of.looking, message.userId);
      if (message.event === SUMMARY) Object.assign(item, { icon: 'list-details', receipt: receiptOf(of, message) });
      break;
    case 'event':
      if (message.userId !== null) item.text = `${memberName(of.looking, message.userId)} ${message.text}`;
      if (message.action)
        Object.assign(item, {
          action: actionView(of, message.conversationId, message.action),
          icon: 'robot',
          classes: 'is-action',
        });
      if (message.event === 'wanted') Object.assign(item, { icon: 'bell', classes: 'is-event is-wanted' });
      break;
  }
  if (item.receipt?.settle?.arrived) item.classes += ' is-uncertain';
  return item;
}

function offeredWith({ parts }: MessageView): string[] {
  return parts.flatMap(({ detail }) => storedChoices(detail?.['choices']).map(({ title }) => title));
}

function filesIn({ looking, mayAnswer }: ThreadOf, message: MessageView): FileView[] {
  return filesOf(message, { base: looking.base, mayAnswer });
}

/** Sources that the text cites; all that were given when it cites none. */
function sourcesOf(of: ThreadOf, message: MessageView): ThreadItem['sources'] {
  const cited = new Set(citedIn(message.text));
  return message.sources
    .filter((source) => cited.size === 0 || cited.has(source.n))
    .map((source) => ({
      n: source.n,
      id: `m${message.id}-s${source.n}`,
      title: source.path && source.path !== source.title ? `${source.title}, ${source.path}` : source.title,
      href: `${of.looking.base}/knowledge/${source.sourceId}/passages/${source.chunkId}`,
    }));
}
