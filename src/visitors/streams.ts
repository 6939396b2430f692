/** Open streams of visitors: what happens in their conversation, told as it happens. */
import { markFetched, visitorMessage, visitorMessages, visitorState } from '../conversations/index.ts';
import type { Installation } from '../installation.ts';
import type { BusEvent } from '../lib/bus.ts';
import type { Stream } from '../web/sse.ts';
import type { Workspace } from '../workspace.ts';
import { shownMessage, shownState } from './shown.ts';
import type { Visitor } from './visitor-token.ts';

const DAY_MS = 24 * 3600_000;
/** Between two writes of a draft. */
const FRAME_MS = 20;
/** The tabs of one visitor; more is no visitor. */
const STREAMS_AT_MOST = 10;
/** A page that was away for longer asks for the thread anew. */
export const MESSAGES_AT_MOST = 200;

export class VisitorStreams {
  readonly #installation: Installation;
  readonly #open = new Map<string, Set<VisitorStream>>();

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  /**
   * Tells a stream what it hasn't seen, then all that comes, until it closes. No step in between waits, so nothing can
   * happen unseen. The eleventh stream of a visitor closes their oldest.
   */
  begin(ws: Workspace, visitor: Visitor, identityId: number, stream: Stream): void {
    const key = keyOf(ws, visitor);
    const mine = this.#open.get(key) ?? new Set();
    this.#open.set(key, mine);
    const [oldest] = mine;
    if (oldest && mine.size >= STREAMS_AT_MOST) oldest.close();
    const opened = new VisitorStream(this.#installation, ws.id, identityId, stream, visitor.signedIn);
    mine.add(opened);
    stream.onClose(() => {
      opened.end();
      mine.delete(opened);
      if (mine.size === 0 && this.#open.get(key) === mine) this.#open.delete(key);
    });
    opened.begin(ws);
  }

  /** A visitor signed out: what their token opened is closed. */
  close(ws: Workspace, visitor: Visitor): void {
    for (const stream of this.#open.get(keyOf(ws, visitor)) ?? []) if (stream.openedBy(visitor)) stream.close();
  }

  /** A visitor wrote in a conversation that may be new: their streams hear of that one from now on. */
  follow(ws: Workspace, visitor: Visitor, conversationId: number): void {
    if (this.#open.size === 0) return;
    for (const stream of this.#open.get(keyOf(ws, visitor)) ?? []) stream.follow(ws, conversationId);
  }
}

function keyOf(ws: Workspace, visitor: Visitor): string {
  return `${ws.id} ${visitor.channelId} ${visitor.id}`;
}

class VisitorStream {
  readonly #installation: Installation;
  readonly #workspaceId: string;
  readonly #identityId: number;
  readonly #stream: Stream;
  #conversationId = 0;
  #leave: () => void = () => undefined;
  /** What of a draft is to be written next. */
  #delta = '';
  /** Set for a moment after each write of a draft. */
  #resting: NodeJS.Timeout | undefined;
  #run = 0;
  #state = '';
  #stateDue = false;
  #fetchedThrough = 0;
  readonly #signedIn: Visitor['signedIn'];
  #ending: NodeJS.Timeout | undefined;

  constructor(installation: Installation, workspaceId: string, identityId: number, stream: Stream, signedIn: Visitor['signedIn']) {
    this.#signedIn = signedIn;
    this.#installation = installation;
    this.#workspaceId = workspaceId;
    this.#identityId = identityId;
    this.#stream = stream;
  }

  close(): void {
    this.#stream.close();
  }

  openedBy({ signedIn }: Visitor): boolean {
    return this.#signedIn?.token === signedIn?.token;
  }

  end(): void {
    clearTimeout(this.#resting);
    clearTimeout(this.#ending);
    this.#leave();
  }

  begin(ws: Workspace): void {
    // Nobody hears on after their token has ended. Where that is far off, the page comes back once a day.
    if (this.#signedIn) this.#ending = setTimeout(() => this.close(), Math.min(this.#signedIn.until - ws.clock.now(), DAY_MS)).unref();
    const { after } = this.#stream;
    const missed = after === undefined ? [] : visitorMessages(ws, this.#identityId, after, MESSAGES_AT_MOST);
    for (const message of missed) this.#send('message', shownMessage(ws, message), message.id);
    const state = visitorState(ws, this.#identityId);
    if (state) this.follow(ws, state.conversationId);
    const newest = missed.at(-1);
    if (newest) this.#fetched(newest.conversationId, newest.id);
  }

  follow(ws: Workspace, conversationId: number): void {
    if (this.#conversationId === conversationId) return;
    this.#leave();
    this.#conversationId = conversationId;
    this.#leave = ws.bus.subscribe({ conversationId }, (event) => this.#stream.guard(() => this.#hear(event)));
    this.#tellState(ws);
    const draft = ws.bus.draftOf(conversationId);
    if (draft) this.#send('draft', { run: draft.runId, text: draft.text });
  }

  #hear(event: BusEvent): void {
    if (event.type === 'draft') this.#gather(event.runId, event.text);
    else if (event.type === 'draft-ended') {
      this.#flush();
      this.#send('draft-ended', { run: event.runId, messageId: event.messageId });
    } else if (event.type === 'message') this.#tellMessage(event.messageId);
    else if (event.type === 'conversation') this.#tellStateSoon();
  }

  /**
   * The first token goes out at once, what follows it 50 times a second at most: a write costs more than all else that a
   * token does, and nobody reads faster. Tokens of one chunk go out in one write; a microtask costs the first no time.
   */
  #gather(runId: number, text: string): void {
    if (this.#delta === '' && !this.#resting) queueMicrotask(() => this.#flush());
    this.#run = runId;
    this.#delta += text;
  }

  #flush(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    if (this.#delta === '') return;
    const text = this.#delta;
    this.#delta = '';
    this.#send('draft', { run: this.#run, text });
    this.#resting = setTimeout(() => this.#stream.guard(() => this.#flush()), FRAME_MS);
  }

  #tellMessage(messageId: number): void {
    this.#flush();
    const message = this.#use((ws) => {
      const found = visitorMessage(ws, this.#identityId, messageId);
      return found && { shown: shownMessage(ws, found), conversationId: found.conversationId };
    });
    if (message && this.#send('message', message.shown, messageId) && message.shown.author !== 'customer')
      this.#fetched(message.conversationId, messageId);
  }

  /** A conversation's row changes several times in one transaction: it is read once, afterwards. */
  #tellStateSoon(): void {
    if (this.#stateDue) return;
    this.#stateDue = true;
    setImmediate(() => {
      this.#stateDue = false;
      if (!this.#stream.closed) this.#stream.guard(() => this.#use((ws) => this.#tellState(ws)));
    });
  }

  #tellState(ws: Workspace): void {
    const found = visitorState(ws, this.#identityId);
    if (!found) return;
    const state = JSON.stringify(shownState(ws, found));
    if (state !== this.#state) this.#stream.send({ event: 'state', data: state });
    this.#state = state;
  }

  /** What the page has is delivered: noted with what else is written then, for the write must not hold up the answer's path. */
  #fetched(conversationId: number, messageId: number): void {
    const isDue = this.#fetchedThrough !== 0;
    this.#fetchedThrough = messageId;
    if (!isDue) this.#stream.guard(() => void this.#noteFetched(conversationId));
  }

  async #noteFetched(conversationId: number): Promise<void> {
    const { workspace, release } = this.#installation.workspaces.hold(this.#workspaceId);
    try {
      await workspace.writeTogether(() => {
        const through = this.#fetchedThrough;
        this.#fetchedThrough = 0;
        markFetched(workspace, conversationId, through);
      });
    } catch (error) {
      this.#stream.guard(() => {
        throw this.#installation.workspaces.noteFault(this.#workspaceId, error);
      });
    } finally {
      release();
    }
  }

  #send(event: string, data: object, id?: number): boolean {
    return this.#stream.send({ event, data: JSON.stringify(data), ...(id === undefined ? {} : { id }) });
  }

  /** A stream keeps no database open while nothing happens. */
  #use<T>(act: (ws: Workspace) => T): T {
    const { workspace, release } = this.#installation.workspaces.hold(this.#workspaceId);
    try {
      return act(workspace);
    } catch (error) {
      throw this.#installation.workspaces.noteFault(this.#workspaceId, error);
    } finally {
      release();
    }
  }
}
