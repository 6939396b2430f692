/** Gathers what an inbox page, one of its fragments or its stream shows. */
import { membersOf } from '../accounts/index.ts';
import { contactCard } from '../contacts/index.ts';
import { randomToken } from '../lib/ids.ts';
import { roleMay, type Role } from '../web/permissions.ts';
import type { Zone } from '../web/zones.ts';
import type { Workspace } from '../workspace.ts';
import { conversationById } from './conversation.ts';
import type { Looking } from './inbox-view.ts';
import {
  CHANGES_AT_ONCE,
  conversationHead,
  messageAbove,
  messagesOf,
  messagesSince,
  type ConversationHead,
  type MessageView,
} from './inbox.queries.ts';
import type { Filter } from './list/filter.ts';
import { labelsOf } from './list/labels.ts';
import { inboxCounts } from './list/rows.queries.ts';
import { cardView, languageName, talkView, type CardView, type TalkView } from './talk-view.ts';
import { timeWindow } from './time-window.ts';
import { reactable } from './react.ts';
import { threadItems, type ThreadItem, type ThreadOf } from './thread-view.ts';
import { cannedReplies, type CannedReply } from './writing/canned-replies.queries.ts';
import { draftsOf } from './writing/keep-draft.ts';
import { isSameLanguage, languageRead, languageWritten } from './writing/languages.ts';
import { translationsOf } from './writing/translations.ts';
import { writingView, type WritingView } from './writing/writing-view.ts';

const MESSAGES = 50;

/** The member who looks. */
export interface Asker {
  workspace: Workspace;
  userId: number;
  role: Role;
  zone: Zone;
}

/** What an address asks for. */
export interface Address {
  filter: Filter;
  current: number | null;
  /** How many rows the list shows. */
  rows: number;
}

export function lookingAt({ workspace, userId, role, zone }: Asker, { filter, current }: Pick<Address, 'filter' | 'current'>): Looking {
  const members = membersOf(workspace);
  return {
    base: `/w/${workspace.id}`,
    userId,
    now: workspace.clock.now(),
    zone,
    names: new Map(members.map((member) => [member.userId, member.firstName])),
    answerers: members.filter((member) => roleMay(member.role, 'conversation.answer')).map((member) => member.userId),
    labels: new Map(labelsOf(workspace).map((label) => [label.id, label])),
    drafts: draftsOf(workspace, userId),
    filter,
    reads: languageRead(workspace, userId),
    masked: role === 'viewer',
    current,
  };
}

/** A conversation as its page shows it, with what is being written in it. */
export interface OpenTalk extends TalkView {
  writing: WritingView;
  /** A bot is there to suggest an answer. */
  suggests: boolean;
  /** Into which language a reply can be translated; null where the customer writes what who looks reads, or no bot is there. */
  translatesInto: string | null;
}

export interface Conversed {
  talk: OpenTalk;
  card: CardView | null;
  items: ThreadItem[];
  /** Leads to the messages before these; null when there are none. */
  earlier: string | null;
  /** The oldest message on the page: a stream tells only of this one and later ones. */
  from: number;
  draftId: string;
  /** For the list that a page without a script has. */
  canned: CannedReply[];
}

/** A conversation with its newest messages, or those before `before`; undefined when there is none. */
export function conversed(asker: Asker, looking: Looking, before?: number): Conversed | undefined {
  const ws = asker.workspace;
  const head = looking.current === null ? undefined : conversationHead(ws, looking.current);
  if (!head) return undefined;
  const messages = messagesOf(ws, head.id, { limit: MESSAGES + 1, ...(before === undefined ? {} : { before }) });
  // One more than is shown: it tells whether there are earlier ones, and what stands just above the first.
  const above = messages.length > MESSAGES ? messages.shift() : undefined;
  const of = threadOf(asker, looking, head, messages);
  const [first] = messages;
  const card = contactCard(ws, head.contactId);
  return {
    talk: talkOf(asker, looking, head),
    card: card ? cardView(card, head, looking) : null,
    items: threadItems(of, messages, above),
    earlier: above && first ? `${looking.base}/conversations/${head.id}?${new URLSearchParams({ before: String(first.id) })}` : null,
    from: first?.id ?? 0,
    draftId: randomToken(),
    canned: cannedReplies(ws),
  };
}

export function talkOf({ workspace, role }: Asker, looking: Looking, head: ConversationHead): OpenTalk {
  const conversation = conversationById(workspace, head.id);
  const talk = talkView(looking, head, {
    mayAnswer: roleMay(role, 'conversation.answer'),
    silenced: conversation?.silenced ?? false,
    window: conversation ? timeWindow(workspace, conversation) : null,
    waiting: inboxCounts(workspace, looking.userId).waiting,
  });
  return {
    ...talk,
    writing: writingView(workspace, looking, head.id, talk.name),
    suggests: head.botName !== null,
    translatesInto: head.botName === null ? null : wantedLanguage(workspace, looking, head.id),
  };
}

function wantedLanguage(ws: Workspace, { reads }: Looking, conversationId: number): string | null {
  const written = languageWritten(ws, conversationId);
  if (written === null) return 'the customer’s language';
  return isSameLanguage(written, reads) ? null : languageName(written);
}

function threadOf({ workspace, zone, role }: Asker, looking: Looking, head: ConversationHead, messages: MessageView[]): ThreadOf {
  const ids = messages.map(({ id }) => id);
  return {
    looking,
    head,
    zone,
    mayAnswer: roleMay(role, 'conversation.answer'),
    reactable: reactable(workspace, head.id, ids[0] ?? 0),
    translations: translationsOf(workspace, ids, looking.reads),
    written: languageWritten(workspace, head.id),
  };
}

export interface Changed {
  items: ThreadItem[];
  /** There is more, after this revision; null when that was all. */
  moreAfter: number | null;
}

/** What changed in the open conversation after `revision`, from the message `from` on. */
export function changedItems(asker: Asker, looking: Looking, head: ConversationHead, since: { revision: number; from: number }): Changed {
  const ws = asker.workspace;
  const changed = messagesSince(ws, head.id, since.revision);
  const shown = changed.filter((message) => message.id >= since.from).sort((one, other) => one.id - other.id);
  const moreAfter = changed.length < CHANGES_AT_ONCE ? null : (changed.at(-1)?.revision ?? null);
  // A label or a reader changes no line.
  if (shown.length === 0) return { items: [], moreAfter };
  const of = threadOf(asker, looking, head, shown);
  return { items: shown.flatMap((message) => threadItems(of, [message], messageAbove(ws, message))), moreAfter };
}
