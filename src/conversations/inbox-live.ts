/** The inbox as it changes: rows, messages and drafts by SSE, drawn by the page's own partials. */
import type { BusEvent } from '../lib/bus.ts';
import { randomToken } from '../lib/ids.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { closeMarks } from '../lib/unfinished-markdown.ts';
import { roleMay } from '../web/permissions.ts';
import type { Stream } from '../web/sse.ts';
import type { Workspace } from '../workspace.ts';
import { changedItems, lookingAt, talkOf, type Address, type Asker, type OpenTalk } from './inbox-page.ts';
import { conversationHead, runUnderWay } from './inbox.queries.ts';
import { listView, ROWS, type ListView } from './list/list-view.ts';
import { markRead } from './resolve.ts';
import type { ThreadItem } from './thread-view.ts';
import { Writers } from './writing/writers.ts';

/** Changes within this many ms are one event: an answer's commit tells of its message, conversation and draft at once. */
const GATHER_MS = 40;
/** A list that was made longer is drawn no oftener than this: a thousand rows are 0.8 MB. */
const LONG_LIST_MS = 2000;
/** "Has waited 4 min" grows by itself. */
const MINUTE_MS = 60_000;

/** What a page shows, so that it is told of that alone. A page outside the inbox shows the bell only. */
export interface Watching extends Address {
  list: boolean;
  /** The oldest message on the page. */
  from: number;
}

export interface Changes {
  list: ListView | null;
  talk: OpenTalk | null;
  items: ThreadItem[];
  /** More of the conversation changed, after this revision: the next event tells it. */
  moreAfter: number | null;
  /** What the bot has written so far; `start`: the page has nothing of it yet. */
  drafts: { start: boolean; runId: number; html: string }[];
  draftEnded: boolean;
  /** Which other members write here now, in a sentence; null: as before. */
  writers: string | null;
  /** This page's own message is in: the composer is emptied. */
  sent: boolean;
  /** For a composer that is drawn anew: its form, sent twice, is one message. One that stands keeps its own. */
  draftId: string;
  toast: { says: string; undo?: string } | null;
}

const NOTHING: Changes = {
  list: null,
  talk: null,
  items: [],
  moreAfter: null,
  drafts: [],
  draftEnded: false,
  writers: null,
  sent: false,
  draftId: '',
  toast: null,
};

/** Everything of the page that is newer than `revision`; after a message of its own (`sent`, or held back) the composer in any case. */
export function changesSince(asker: Asker, watching: Watching, revision: number, sent: boolean | 'held' = false): Changes {
  const ws = asker.workspace;
  if (!watching.list && watching.current === null) return NOTHING;
  const looking = lookingAt(asker, watching);
  const head = watching.current === null ? undefined : conversationHead(ws, watching.current);
  const changed = head !== undefined && head.revision > revision;
  return {
    ...NOTHING,
    list: watching.list && watching.filter.query === '' ? listView(ws, looking, watching.rows) : null,
    talk: head && (changed || sent !== false) ? talkOf(asker, looking, head) : null,
    ...(changed ? changedItems(asker, looking, head, { revision, from: watching.from }) : {}),
    sent: sent === true,
    draftId: randomToken(),
  };
}

/** Streams what changes until the page goes. A page that comes back says what it has seen and gets the rest. */
export function streamInbox(
  stream: Stream,
  asker: Asker,
  watching: Watching,
  draw: (changes: Changes & { bell: boolean }) => string,
): void {
  new LiveInbox(stream, asker, watching, draw).begin();
}

interface Draft {
  runId: number;
  text: string;
  /** How much of it the page has. */
  drawn: number;
}

class LiveInbox {
  readonly #stream: Stream;
  readonly #asker: Asker;
  readonly #ws: Workspace;
  readonly #watching: Watching;
  readonly #draw: (changes: Changes & { bell: boolean }) => string;
  /** Somebody who answers has this page before them: what comes is read. A viewer's look changes nothing. */
  readonly #reads: boolean;
  #seen: number;
  #timer: NodeJS.Timeout | undefined;
  #changed = false;
  /** When a long list was drawn last, by the steady clock; and what draws it again. */
  #listDrawn = -LONG_LIST_MS;
  #listTimer: NodeJS.Timeout | undefined;
  /** What is being written, from its first word. */
  #draft: Draft | null = null;
  #draftEnded = false;
  readonly #writers: Writers;
  /** An answer that was being written when the page came: its beginning was missed, so only its end is shown. */
  #missed: number | undefined;

  constructor(stream: Stream, asker: Asker, watching: Watching, draw: (changes: Changes & { bell: boolean }) => string) {
    this.#stream = stream;
    this.#asker = asker;
    this.#ws = asker.workspace;
    this.#watching = watching;
    this.#draw = draw;
    this.#reads = roleMay(asker.role, 'conversation.answer');
    this.#seen = stream.after ?? this.#ws.revision;
    this.#writers = new Writers(asker.workspace, asker.userId, () => this.#soon());
  }

  begin(): void {
    const { current } = this.#watching;
    if (current !== null) this.#missed = runUnderWay(this.#ws, current);
    const stop = this.#ws.bus.subscribe('all', (event) => this.#hear(event));
    const minute = this.#watching.list ? setInterval(() => this.#later(), MINUTE_MS).unref() : undefined;
    this.#stream.onClose(() => {
      stop();
      clearInterval(minute);
      clearTimeout(this.#timer);
      clearTimeout(this.#listTimer);
      this.#writers.end();
    });
    this.#changed = true;
    this.#flush();
  }

  #hear(event: BusEvent): void {
    switch (event.type) {
      case 'message':
      case 'conversation':
        this.#later();
        break;
      case 'writing':
        if (event.conversationId === this.#watching.current) this.#writers.hear(event);
        break;
      case 'draft':
        if (event.conversationId !== this.#watching.current || event.runId === this.#missed) break;
        if (event.runId !== this.#draft?.runId) this.#draft = { runId: event.runId, text: '', drawn: 0 };
        this.#draft.text += event.text;
        this.#soon();
        break;
      case 'draft-ended':
        if (event.conversationId !== this.#watching.current) break;
        this.#draftEnded = true;
        this.#draft = null;
        this.#later();
        break;
      default:
    }
  }

  #later(): void {
    this.#changed = true;
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#stream.guard(() => this.#flush()), GATHER_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#stream.closed) return;
    if (this.#changed && this.#reads && this.#watching.current !== null) markRead(this.#ws, this.#watching.current);
    const revision = this.#ws.revision;
    const changed = this.#changed ? changesSince(this.#asker, { ...this.#watching, list: this.#takeList() }, this.#seen) : NOTHING;
    const data = this.#draw({
      ...changed,
      drafts: this.#drafts(),
      draftEnded: this.#draftEnded,
      writers: this.#writers.take(),
      bell: this.#changed,
    });
    const seen = changed.moreAfter ?? revision;
    // Drafts carry no id: after a lost connection the page is told what was committed, not what was being written.
    this.#stream.send({ data, ...(this.#changed ? { id: seen } : {}) });
    this.#seen = this.#changed ? seen : this.#seen;
    this.#changed = false;
    this.#draftEnded = false;
    if (changed.moreAfter !== null) this.#later();
  }

  /** Whether the list is drawn now; a long one waits its time, and comes by itself then. */
  #takeList(): boolean {
    const { list, rows } = this.#watching;
    if (!list || rows <= ROWS) return list;
    const now = this.#ws.clock.steady();
    if (now - this.#listDrawn >= LONG_LIST_MS) {
      this.#listDrawn = now;
      return true;
    }
    this.#listTimer ??= setTimeout(() => {
      this.#listTimer = undefined;
      this.#later();
    }, LONG_LIST_MS).unref();
    return false;
  }

  /** Drawn whole each time: a mark that is closed changes what stands before it. */
  #drafts(): Changes['drafts'] {
    const draft = this.#draft;
    if (!draft || draft.drawn === draft.text.length) return [];
    const start = draft.drawn === 0;
    draft.drawn = draft.text.length;
    return [{ start, runId: draft.runId, html: markdownToHtml(closeMarks(draft.text)) }];
  }
}
