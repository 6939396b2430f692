/** Nothing lost, nothing doubled: what was promised outside, held against what is there at the end. */
import Database from 'better-sqlite3';
import { GREETING, type House } from './house.ts';
import type { CrashChannel } from './channels/channel.ts';
import type { Ledger } from './ledger.ts';

interface Message {
  id: number;
  conversation_id: number;
  author: string;
  event: string | null;
  text: string;
  answers_through: number | null;
  cut_off: number;
  created_at: number;
}

/** Each violation in a sentence; none is what is wanted. The server must have come to rest. */
export function check(house: House, ledger: Ledger): string[] {
  const sql = new Database(house.database, { readonly: true });
  const messages = sql.prepare('SELECT * FROM messages ORDER BY id').all() as Message[];
  const violations = [
    ...stored(messages, ledger),
    ...answered(sql, messages),
    ...settled(sql),
    ...toldOf(sql),
    ...house.channels.flatMap((channel) => sentOnce(sql, channel)),
    ...receiptsKept(sql, ledger),
    ...byHand(messages, ledger),
    ...silentAfterTakeover(sql, messages),
    ...takeoversKept(messages, ledger),
    ...integrity(sql),
  ];
  sql.close();
  return violations;
}

function stored(messages: Message[], ledger: Ledger): string[] {
  const count = new Map<string, number>();
  for (const { author, text } of messages) if (author === 'customer') count.set(text, (count.get(text) ?? 0) + 1);
  const expected = new Set(ledger.acknowledged.map(({ text }) => text));
  return [...expected].flatMap((text) => {
    const n = count.get(text) ?? 0;
    return n === 1 ? [] : [`stored ${n} times: ${text}`];
  });
}

/** Each customer's turn has one whole reply of the bot, or stands with a person. */
function answered(sql: Database.Database, messages: Message[]): string[] {
  const conversations = sql.prepare('SELECT id, turn, wanted_since FROM conversations').all() as {
    id: number;
    turn: string;
    wanted_since: number | null;
  }[];
  return conversations.flatMap(({ id, turn, wanted_since }) => {
    const own = messages.filter((message) => message.conversation_id === id);
    const replies = own.filter((message) => message.author === 'bot' && message.cut_off === 0 && message.answers_through !== null);
    const through = replies.map((message) => message.answers_through);
    const doubled = through.filter((value, index) => through.indexOf(value) !== index);
    const last = own.filter((message) => message.author === 'customer').at(-1);
    // An owner who answers by hand has answered all that was said until then.
    const byPeople = own.filter(({ author }) => author === 'person').map((message) => message.id);
    const covered = Math.max(0, ...byPeople, ...through.map((value) => value ?? 0));
    const byPerson = turn === 'person' || wanted_since !== null;
    return [
      ...doubled.map((value) => `conversation ${id}: message ${value} was answered twice`),
      ...(last && last.id > covered && !byPerson
        ? [`conversation ${id}: message ${last.id} was neither answered nor shown to a person`]
        : []),
    ];
  });
}

/** What died three times is left alone: a person has the answer (see `answered`), and each delivery (see `toldOf`); a name is a courtesy. */
function settled(sql: Database.Database): string[] {
  const open = sql
    .prepare(
      `SELECT d.id, d.state, h.kind, h.status, coalesce(d.says, h.says, '') AS says FROM deliveries d JOIN channels h ON h.id = d.channel_id
       WHERE d.state IN ('queued', 'sending')`,
    )
    .all() as { id: number; state: string; kind: string; status: string; says: string }[];
  const jobs = sql
    .prepare(
      "SELECT kind, key, lease, parked_at FROM jobs WHERE kind <> 'nobody-came' AND NOT (kind IN ('answer', 'deliver', 'fetch-profile') AND parked_at IS NOT NULL)",
    )
    .all() as {
    kind: string;
    key: string;
    lease: string | null;
    parked_at: number | null;
  }[];
  const runs = sql.prepare("SELECT id FROM runs WHERE state = 'open'").all() as { id: number }[];
  return [
    ...open.map(({ id, state, kind, status, says }) => `delivery ${id} is still ${state}; ${kind} is ${status}. ${says}`),
    ...jobs.map(
      ({ kind, key, lease, parked_at }) =>
        `job ${kind} ${key} is still there${parked_at === null ? '' : ', parked'}${lease === null ? '' : ', leased'}`,
    ),
    ...runs.map(({ id }) => `run ${id} is still open`),
  ];
}

/** Of what failed, or may not have arrived, a person knows: they were called, or held the conversation. */
function toldOf(sql: Database.Database): string[] {
  const untold = sql
    .prepare(
      `SELECT id, state FROM deliveries d WHERE state IN ('uncertain', 'failed')
       AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = d.conversation_id AND m.event IN ('wanted', 'took-over'))`,
    )
    .all() as { id: number; state: string }[];
  return untold.map(({ id, state }) => `delivery ${id} is ${state}, and nobody was told`);
}

/** What is said once reaches a customer once; what says it was sent has reached them. The far side's own record is the witness. */
function sentOnce(sql: Database.Database, { kind, reached }: CrashChannel): string[] {
  const record = reached();
  if (!record) return [];
  const times = new Map<string, number>();
  for (const { to, text } of record) {
    const said = numbered(text);
    if (said !== null) times.set(`${to} ${said}`, (times.get(`${to} ${said}`) ?? 0) + 1);
  }
  const twice = [...times].filter(([, n]) => n > 1).map(([key, n]) => `${kind}: sent ${n} times: ${key}`);
  const sent = sql
    .prepare(
      `SELECT p.text, i.external_id AS recipient FROM deliveries d JOIN message_parts p ON p.id = d.part_id JOIN conversations c ON c.id = d.conversation_id
       JOIN identities i ON i.id = c.identity_id JOIN channels h ON h.id = d.channel_id WHERE h.kind = ? AND d.state IN ('sent', 'delivered', 'read')`,
    )
    .all(kind) as { text: string; recipient: string }[];
  const never = sent
    .map(({ text, recipient }) => [numbered(text), recipient] as const)
    .filter(([said, recipient]) => said !== null && !times.has(`${recipient} ${said}`))
    .map(([said, recipient]) => `${kind}: said to be sent, never came: ${recipient} ${said}`);
  return [...twice, ...never];
}

/** What is said once to one customer: an answer, by its number, or the greeting. */
function numbered(text: string): string | null {
  return /Answer \d+/.exec(text)?.[0] ?? (text === GREETING ? text : null);
}

const AT_LEAST: Record<string, string[]> = { delivered: ['delivered', 'read'], read: ['read'], failed: ['failed'] };

/** What a far side told of a delivery is known of it, and nothing moved it back. */
function receiptsKept(sql: Database.Database, ledger: Ledger): string[] {
  const stateBy = {
    reference: sql.prepare('SELECT state FROM deliveries WHERE reference = ?').pluck(),
    // Killed before the far side's own id was heard, a delivery may not be known by it.
    external_id: sql.prepare('SELECT state FROM deliveries WHERE external_id = ?').pluck(),
  };
  return ledger.receipts.flatMap(({ by, id, state }) => {
    const known = stateBy[by].get(id) as string | undefined;
    if (known === undefined && by === 'external_id') return [];
    return AT_LEAST[state]?.includes(known ?? '') ? [] : [`delivery ${id} was told to be ${state}, and is ${known}`];
  });
}

/** An owner's own words are there once; the bot's never pass for a person's. */
function byHand(messages: Message[], ledger: Ledger): string[] {
  const said = messages.filter(({ author }) => author === 'person').map(({ text }) => text);
  const lost = ledger.byHand.filter((text) => said.filter((each) => each === text).length !== 1);
  const taken = said.filter((text) => numbered(text) !== null);
  return [
    ...lost.map((text) => `said by hand, and not stored once: ${text}`),
    ...taken.map((text) => `the bot’s own words were taken for a person’s: ${text}`),
  ];
}

function silentAfterTakeover(sql: Database.Database, messages: Message[]): string[] {
  const sends = sql
    .prepare(
      `SELECT d.id, d.conversation_id, d.sending_at, m.author FROM deliveries d JOIN messages m ON m.id = d.message_id JOIN channels h ON h.id = d.channel_id
       WHERE m.author = 'bot' AND h.kind <> 'widget' AND d.sending_at IS NOT NULL`,
    )
    .all() as { id: number; conversation_id: number; sending_at: number }[];
  const violations: string[] = [];
  const byConversation = Map.groupBy(messages, (message) => message.conversation_id);
  for (const [id, own] of byConversation) {
    let held = false;
    let since = 0;
    for (const message of own) {
      if (message.event === 'took-over') [held, since] = [true, message.created_at];
      else if (message.event === 'handed-back') {
        for (const send of sends)
          if (held && send.conversation_id === id && send.sending_at > since && send.sending_at < message.created_at)
            violations.push(`delivery ${send.id} of the bot went out after a takeover`);
        held = false;
      } else if (held && message.author === 'bot' && message.cut_off === 0)
        violations.push(`conversation ${id}: the bot said message ${message.id} after a takeover`);
    }
    for (const send of sends)
      if (held && send.conversation_id === id && send.sending_at > since)
        violations.push(`delivery ${send.id} of the bot went out after a takeover`);
  }
  return violations;
}

function takeoversKept(messages: Message[], ledger: Ledger): string[] {
  const kept = new Set(messages.filter((message) => message.event === 'took-over').map((message) => message.conversation_id));
  return ledger.takeovers
    .filter(({ conversationId }) => !kept.has(conversationId))
    .map(({ conversationId }) => `conversation ${conversationId}: a takeover was forgotten`);
}

function integrity(sql: Database.Database): string[] {
  const says = sql.pragma('integrity_check', { simple: true });
  return says === 'ok' ? [] : [`integrity: ${String(says)}`];
}
