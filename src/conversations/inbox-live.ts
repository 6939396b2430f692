/** The inbox as it changes: rows, messages and drafts by SSE, drawn by the page's own partials. */
import type { Request, Response } from 'express';
import type { BusEvent } from '../lib/bus.ts';
import { here } from '../web/present.ts';
import { roleMay } from '../web/permissions.ts';
import { fragmentText } from '../web/render.ts';
import { sse, type Stream } from '../web/sse.ts';
import type { Workspace } from '../workspace.ts';
import { changedItems, listView, lookingAt, talkOf, threadOf, type Address, type ListView } from './inbox-page.ts';
import { conversationHead } from './inbox.queries.ts';
import { markRead } from './resolve.ts';
import { openRun } from './run.queries.ts';
import type { TalkView } from './talk-view.ts';
import type { ThreadItem } from './thread-view.ts';

/** Changes within this many ms are one event: an answer's commit tells of its message, conversation and draft at once. */
const GATHER_MS = 40;
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
  talk: TalkView | null;
  items: ThreadItem[];
  drafts: { start: { runId: number } | null; runId: number; text: string }[];
  draftEnded: boolean;
  /** After an act of this page's own: the composer is emptied. */
  sent: { draftId: string } | null;
  toast: { says: string; undo?: string } | null;
}

/** Everything of the page that is newer than `revision`. */
export function changesSince(res: Response, watching: Watching, revision: number): Changes {
  const at = here(res);
  const ws = at.workspace;
  const looking = lookingAt(res, watching);
  const head = watching.current === null ? undefined : conversationHead(ws, watching.current);
  const changed = head !== undefined && head.revision > revision;
  return {
    list: watching.list && watching.query === '' ? listView(ws, looking, watching.rows) : null,
    talk: changed ? talkOf(at, looking, head) : null,
    items: changed ? changedItems(ws, threadOf(res, at, looking, head), revision, watching.from) : [],
    drafts: [],
    draftEnded: false,
    sent: null,
    toast: null,
  };
}

/** Streams what changes until the page goes. A page that comes back says what it has seen and gets the rest. */
export function streamInbox(req: Request, res: Response, watching: Watching): void {
  const { workspace, role } = here(res);
  const live = new LiveInbox(sse(req, res), res, workspace, watching, roleMay(role, 'conversation.answer'));
  live.begin();
}

class LiveInbox {
  readonly #stream: Stream;
  readonly #res: Response;
  readonly #ws: Workspace;
  readonly #watching: Watching;
  /** Somebody who answers has this page before them: what comes is read. A viewer's look changes nothing. */
  readonly #reads: boolean;
  #seen: number;
  #timer: NodeJS.Timeout | undefined;
  #changed = false;
  #draft = '';
  #draftEnded = false;
  /** The run whose draft this page has from its first word. */
  #run: number | undefined;
  /** An answer that was being written when the page came: its beginning was missed, so only its end is shown. */
  #missed: number | undefined;
  #fresh = false;

  constructor(stream: Stream, res: Response, ws: Workspace, watching: Watching, reads: boolean) {
    this.#stream = stream;
    this.#res = res;
    this.#ws = ws;
    this.#watching = watching;
    this.#reads = reads;
    this.#seen = stream.after ?? ws.revision;
  }

  begin(): void {
    const { current } = this.#watching;
    if (current !== null) this.#missed = openRun(this.#ws, current);
    const stop = this.#ws.bus.subscribe('all', (event) => this.#hear(event));
    const minute = setInterval(() => this.#later(), MINUTE_MS).unref();
    this.#stream.onClose(() => {
      stop();
      clearInterval(minute);
      clearTimeout(this.#timer);
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
      case 'draft':
        if (event.conversationId !== this.#watching.current || event.runId === this.#missed) break;
        if (event.runId !== this.#run) {
          this.#run = event.runId;
          this.#draft = '';
          this.#fresh = true;
        }
        this.#draft += event.text;
        this.#soon();
        break;
      case 'draft-ended':
        if (event.conversationId !== this.#watching.current) break;
        this.#draftEnded = true;
        this.#run = undefined;
        this.#draft = '';
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
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#stream.closed) return;
    if (this.#changed && this.#reads && this.#watching.current !== null) markRead(this.#ws, this.#watching.current);
    const revision = this.#ws.revision;
    const changes: Changes = {
      ...(this.#changed
        ? changesSince(this.#res, this.#watching, this.#seen)
        : { list: null, talk: null, items: [], sent: null, toast: null }),
      drafts:
        this.#draft === '' || this.#run === undefined
          ? []
          : [{ start: this.#fresh ? { runId: this.#run } : null, runId: this.#run, text: this.#draft }],
      draftEnded: this.#draftEnded,
    };
    const data = fragmentText(this.#res, 'inbox/_changes', { ...changes, bell: this.#changed });
    // Drafts carry no id: after a lost connection the page is told what was committed, not what was being written.
    this.#stream.send({ data, ...(this.#changed ? { id: revision } : {}) });
    this.#seen = this.#changed ? revision : this.#seen;
    this.#changed = false;
    this.#draft = '';
    this.#draftEnded = false;
    this.#fresh = false;
  }
}
