/** A linked phone's life: linked by its owner, opened, heard, and opened again when it ends. */
import { ListenError, type Channel, type ChannelEvent, type DeviceStore } from '../channel.ts';
import { Arrivals, type Arrival } from './arrivals.ts';
import { openAuth, type Auth } from './auth.ts';
import { loadBaileys, type Baileys } from './baileys.ts';
import { isBadSession, outcomeOf, RESTART, type Ending } from './endings.ts';
import { bodyOf, openArrival } from './heard.ts';
import { userOf } from './ids.ts';
import { leaveLine, takeLine, type Line } from './line.ts';
import { Link, type Access, type News } from './link.ts';
import { parseLinked } from './parse.ts';

type OnEvents = Parameters<NonNullable<Channel['listen']>>[1];

/** WhatsApp lets the first picture stand for a minute, and each that follows for twenty seconds. */
const FIRST_PICTURE_MS = 60_000;
const NEXT_PICTURE_MS = 20_000;
/** After so many restarts in a row it is left to the backoff. */
const RESTARTS_AT_MOST = 3;

/** How often in a row a link ended as a bad session: each of its connections may be another call of `listen`. */
const badSessions = new WeakMap<DeviceStore, number>();

export async function listen(access: Access, onEvents: OnEvents): Promise<void> {
  const { device, signal } = access;
  if (!device) throw new Error('a linked phone is listened to without its store');
  const line = takeLine(device);
  try {
    const baileys = await loadBaileys();
    for (let restarts = 0; !signal.aborted; restarts++) {
      const life = new Life({ access, device, baileys, line, onEvents });
      const ending = await life.run();
      if (signal.aborted) return;
      if (ending.code !== RESTART || !ending.said || restarts === RESTARTS_AT_MOST) throw await life.judge(ending);
    }
  } finally {
    leaveLine(device, line);
    device.show(null);
  }
}

interface Setting {
  access: Access;
  device: DeviceStore;
  baileys: Baileys;
  line: Line;
  onEvents: OnEvents;
}

/** One connection of it. */
class Life {
  readonly #setting: Setting;
  readonly #auth: Auth;
  readonly #arrivals: Arrivals;
  /** A phone had agreed before this connection began. */
  readonly #linked: boolean;
  /** What was heard is stored in order, each after the one before. */
  #stored: Promise<void> = Promise.resolve();
  /** Why it can't go on, where that isn't the far side's doing. */
  #failure: { error: unknown } | null = null;
  /** What came by the connection before and isn't stored yet. */
  #left: Arrival[] = [];
  /** Handed on already when the library tells of it. */
  readonly #arrived = new Set<string>();

  constructor(setting: Setting) {
    const { baileys, device } = setting;
    this.#setting = setting;
    this.#arrivals = new Arrivals(device, (arrival) => this.#takeArrival(arrival));
    this.#auth = openAuth(baileys, device, () => this.#arrivals.changes());
    this.#linked = this.#auth.linked;
  }

  /** Resolves when the connection is over and what came by it is stored. Throws what storing threw. */
  async run(): Promise<Ending> {
    const { access, baileys, line } = this.#setting;
    if (this.#linked) this.#left = this.#arrivals.left();
    line.pairingSince = null;
    const link = new Link(access, { baileys, auth: this.#auth, arrivals: this.#arrivals, onNews: (news) => this.#hear(news) });
    line.link = link;
    const stop = () => void link.end();
    access.signal.addEventListener('abort', stop, { once: true });
    if (access.signal.aborted) stop();
    try {
      const ending = await link.ended;
      await this.#stored;
      if (this.#failure) throw this.#failure.error;
      this.#arrivals.settle();
      return ending;
    } finally {
      access.signal.removeEventListener('abort', stop);
      line.link = null;
      await link.end();
    }
  }

  /** What follows from how it ended. Throws what storing threw. */
  async judge(ending: Ending): Promise<ListenError> {
    const { device } = this.#setting;
    const inARow = isBadSession(ending) ? (badSessions.get(device) ?? 0) + 1 : 0;
    badSessions.set(device, inARow);
    const { error, forget } = outcomeOf(ending, { linked: this.#linked, badSessions: inARow });
    if (forget) await this.#forget();
    return error;
  }

  /** The keys, and what is left over, which can only be stored now. */
  async #forget(): Promise<void> {
    this.#storeLeft();
    await this.#stored;
    if (this.#failure) throw this.#failure.error;
    this.#setting.device.clear();
  }

  #hear(news: News): void {
    const { qr, isNewLogin, connection } = news['connection.update'] ?? {};
    if (qr !== undefined) this.#showPicture(qr);
    if (isNewLogin) this.#setting.device.show({ kind: 'finishing' });
    if (connection === 'open') this.#opened();
    const messages = (news['messages.upsert']?.messages ?? []).filter(({ key }) => !this.#arrived.delete(key.id ?? ''));
    const updates = news['messages.update'] ?? [];
    if (messages.length > 0 || updates.length > 0) void this.#store(() => this.#eventsOf({ messages, updates }));
  }

  #showPicture(text: string): void {
    const { access, device, line } = this.#setting;
    const now = access.clock.now();
    const until = now + (line.pairingSince === null ? FIRST_PICTURE_MS : NEXT_PICTURE_MS);
    line.pairingSince ??= now;
    if (!line.byCode) device.show({ kind: 'picture', text, until });
  }

  #opened(): void {
    const { device } = this.#setting;
    const account = userOf(this.#auth.creds.me?.id ?? '');
    const objection = device.linked({ accountId: account, name: `+${account}` });
    if (objection !== null) return this.#refuse(objection);
    device.show(null);
    this.#storeLeft();
    void this.#store(() => []);
  }

  /** Before all else that is heard, and no sooner: what is stored says that the account is connected. */
  #storeLeft(): void {
    const left = this.#left.splice(0);
    // What fails ends the connection, and is told by it.
    if (left.length > 0) void this.#arrivals.replay(left).catch(() => undefined);
  }

  /** The wrong phone: it is let go of at once, so that its list of devices names none that does nothing. */
  #refuse(says: string): void {
    const { device, line } = this.#setting;
    this.#failure = { error: new ListenError({ fatal: true, says }) };
    const forget = () => device.clear();
    void line.link?.logOut().then(forget, forget);
  }

  async #takeArrival(arrival: Arrival): Promise<void> {
    this.#storeLeft();
    const message = openArrival(this.#setting.baileys, this.#auth.creds, arrival);
    if (message) this.#arrived.add(message.key.id ?? '');
    await this.#store(() =>
      message ? this.#eventsOf({ messages: [message] }) : [{ type: 'unrecognised', body: JSON.stringify(arrival.attrs) }],
    );
    if (this.#failure) throw this.#failure.error;
  }

  #eventsOf(news: Parameters<typeof bodyOf>[3]): ChannelEvent[] {
    const { access, baileys } = this.#setting;
    return parseLinked(bodyOf(baileys, this.#auth.creds, { groups: access.settings.groups, at: access.clock.now() }, news));
  }

  /** Stores what was heard, after all that was heard before; no events say that the far side is there. A failure ends the connection. */
  #store(events: () => ChannelEvent[]): Promise<void> {
    this.#stored = this.#stored.then(async () => {
      if (this.#failure) return;
      try {
        await this.#setting.onEvents(events(), null);
      } catch (error) {
        this.#failure = { error };
        void this.#setting.line.link?.end();
      }
    });
    return this.#stored;
  }
}
