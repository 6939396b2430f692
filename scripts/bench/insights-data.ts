/** Half a year of a busy desk, written as rows: three channels, a bot that answers most, people who take the rest. */
import { publicId } from '../../src/lib/ids.ts';
import type { Workspace } from '../../src/workspace.ts';

const DAYS = 180;
const DAY = 24 * 3600_000;
/** Of a conversation: question and answer in turn. */
const MESSAGES = 8;
const AT_ONCE = 2500;
const PROMPT = JSON.stringify([{ role: 'system', text: 'You answer for Café Aurora. '.repeat(20) }]);
const ASKED = [
  'Are you open on Sunday?',
  'Which cakes are vegan?',
  'How much is delivery to Spandau?',
  'Can I bring my dog?',
  'Is there parking nearby?',
];

/** Spreads so many messages evenly over the days up to now. */
export function fillHalfAYear(ws: Workspace, messages: number): void {
  const { botId, versionId } = ws.prepare('SELECT id AS botId, published_version_id AS versionId FROM bots').get() as {
    botId: number;
    versionId: number;
  };
  const channels = [1, 2, 3].map((n) => addChannel(ws, `Channel ${n}`, botId));
  const conversations = Math.ceil(messages / MESSAGES);
  const now = ws.clock.now();
  for (let from = 0; from < conversations; from += AT_ONCE) {
    ws.write(() => {
      for (let n = from; n < Math.min(conversations, from + AT_ONCE); n++)
        tell(ws, {
          n,
          channelId: channels[n % channels.length] ?? 0,
          botId,
          versionId,
          at: Math.floor(now - DAYS * DAY * (1 - n / conversations)),
        });
    });
  }
}

function addChannel(ws: Workspace, name: string, botId: number): number {
  const insert =
    "INSERT INTO channels (public_id, kind, name, bot_id, status, settings, created_at) VALUES (?, 'widget', ?, ?, 'connected', '{}', ?)";
  return Number(ws.prepare(insert).run(publicId('ch'), name, botId, ws.clock.now()).lastInsertRowid);
}

interface Told {
  n: number;
  channelId: number;
  botId: number;
  versionId: number;
  at: number;
}

function tell(ws: Workspace, { n, channelId, botId, versionId, at }: Told): void {
  const insert = (sql: string, ...values: unknown[]): number => Number(ws.prepare(sql).run(...values).lastInsertRowid);
  const contact = insert('INSERT INTO contacts (name, created_at) VALUES (?, ?)', `Customer ${n}`, at);
  const identity = insert(
    'INSERT INTO identities (contact_id, channel_id, external_id, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?)',
    ...[contact, channelId, `bench-${n}`, at, at],
  );
  const conversation = insert(
    `INSERT INTO conversations (public_id, channel_id, identity_id, contact_id, thread, bot_id, status, turn, last_at, created_at, revision)
     VALUES (?, ?, ?, ?, ?, ?, 'resolved', 'bot', ?, ?, ?)`,
    ...[`cv_bench${n}`, channelId, identity, contact, `bench-${n}`, botId, at, at, ws.nextRevision()],
  );
  const say = (
    author: string,
    text: string,
    when: number,
    runId: number | null,
    rating: string | null,
    event: string | null = null,
  ): number =>
    insert(
      'INSERT INTO messages (conversation_id, author, text, event, run_id, rating, said_at, created_at, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[conversation, author, text, event, runId, rating, when, when, ws.nextRevision()],
    );
  const handed = n % 6 === 0;
  for (let pair = 0; pair < MESSAGES / 2; pair++) {
    const asked = at + pair * 90_000;
    const answered = asked + 400 + ((n * 7919 + pair * 131) % 6000);
    const question = ASKED[(n + pair) % ASKED.length] ?? '';
    say('customer', question, asked, null, null);
    if (handed && pair === 3) {
      say('event', 'The customer asked for a person.', asked + 500, null, null, 'wanted');
      say('person', 'Mira here.', asked + 60_000 + ((n * 104_729) % 3_600_000), null, null);
      continue;
    }
    const run = insert(
      `INSERT INTO runs (conversation_id, bot_version_id, kind, boot, state, question, passages, prompt, answer, cost_micros, currency, started_at, ended_at)
       VALUES (?, ?, 'answer', 'bench', 'answered', ?, '[]', ?, 'Yes.', ?, 'EUR', ?, ?)`,
      ...[conversation, versionId, question, PROMPT, 1200 + (n % 700), asked, answered],
    );
    say('bot', 'Yes.', answered, run, pair === 0 && n % 5 === 0 ? (n % 4 === 0 ? 'bad' : 'good') : null);
  }
}
