/**
 * `npm run crash -- --kills N [--channel KIND]... [--json]`: customers write on every channel while the server is killed at random instants,
 * between two statements, or has its power cut, and is started again. At the end nothing may be lost, doubled or unsettled.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { check } from './check.ts';
import type { CrashChannel } from './channels/channel.ts';
import { crashChannels } from './channels/index.ts';
import { House, SEND_MS, type Death } from './house.ts';
import { Ledger } from './ledger.ts';
import { work } from './member.ts';

const MESSAGES_EACH = 6;
const REST_WITHIN_MS = 40_000;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    channel: { type: 'string', multiple: true, default: [] },
  },
});
const kills = Number(values.kills);

const house = await House.build(await crashChannels(values.channel));
const ledger = new Ledger();
let over = false;
const crowdOf = { url: house.url, ledger, over: () => over };
const deaths: Record<Death, number> = { signal: 0, statement: 0, power: 0 };

/** New customers keep coming as long as there are kills to come. */
async function crowd(): Promise<void> {
  const going = new Set<Promise<void>>();
  const come = (channel: CrashChannel, n: number): void => {
    const customer: Promise<void> = channel.customer(crowdOf, n, MESSAGES_EACH).finally(() => going.delete(customer));
    going.add(customer);
  };
  for (let n = 1; !over; n++) {
    for (const channel of house.channels) come(channel, n);
    while (going.size >= house.channels.length) await Promise.race(going);
    await pause(30);
  }
  await Promise.all(going);
}

/**
 * A server that is killed before it has done anything proves nothing: it is given until its next answers, and a moment.
 * Every second kill falls into a send, the one instant that nobody can take back.
 */
async function someWork(kill: number): Promise<void> {
  const answers = house.ai.calls.length + Math.floor(Math.random() * 4);
  const intoSend = kill % 2 === 0;
  const idle = () => (intoSend ? house.channels.every((channel) => channel.sending() === 0) : house.ai.calls.length <= answers);
  for (const until = Date.now() + 3000; idle() && Date.now() < until;) await pause(2);
  await pause(Math.random() * (intoSend ? SEND_MS : 300));
}

function statementFor(kill: number): number {
  // Boot alone takes a few hundred; beyond them it is the work that is cut.
  return kill % 2 === 0 ? 50 + Math.floor(Math.random() * 400) : 400 + Math.floor(Math.random() * 4000);
}

await house.start();
await rest();
await house.member();
const crowded = Promise.all([crowd(), work(house, ledger, () => over)]);
for (let kill = 0; kill < kills; kill++) {
  const how: Death = (['signal', 'statement', 'power'] as const)[kill % 3] ?? 'signal';
  if (how === 'statement') {
    // It was told at its start; the one before was killed to start this one.
    await house.die('signal');
    await house.start(statementFor(kill));
  } else await someWork(kill);
  await house.die(how);
  deaths[how]++;
  await house.start();
  if (!values.json && (kill + 1) % 10 === 0) process.stdout.write(`${kill + 1} kills, ${ledger.acknowledged.length} messages\n`);
}
over = true;
if (!house.alive) await house.start();
await crowded;
await rest();
// Everything comes once more, the last first, as if nothing had ever been confirmed: none of it is new.
for (const channel of house.channels) await channel.again(crowdOf);
await rest();
await house.stop();
const violations = check(house, ledger);
const figures = {
  kills,
  deaths,
  messages: ledger.acknowledged.length,
  takeovers: ledger.takeovers.length,
  receipts: ledger.receipts.length,
  channels: perChannel(),
  parked: parkedIn(),
  violations,
};
process.stdout.write(
  `${kills} kills (${deaths.signal} by signal, ${deaths.statement} between statements, ${deaths.power} by power cut), ${figures.messages} messages, ` +
    `${figures.takeovers} takeovers, ${figures.receipts} receipts, ${figures.parked} answers left to a person after three deaths: ${violations.length} violations\n${violations.map((violation) => `  ${violation}\n`).join('')}`,
);
for (const { kind, messages, sends, uncertain, failed } of figures.channels)
  process.stdout.write(`  ${kind.padEnd(10)} ${messages} messages, ${sends} sends, ${uncertain} uncertain, ${failed} failed\n`);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
await house.tearDown();
process.exit(violations.length === 0 ? 0 : 1);

/** Waits until every job is done. */
async function rest(): Promise<void> {
  for (const until = Date.now() + REST_WITHIN_MS; Date.now() < until; await pause(200)) {
    const sql = new Database(house.database, { readonly: true });
    const left = sql
      .prepare(
        "SELECT (SELECT count(*) FROM jobs WHERE parked_at IS NULL AND kind <> 'nobody-came') + (SELECT count(*) FROM deliveries WHERE state IN ('queued', 'sending'))",
      )
      .pluck()
      .get();
    sql.close();
    if (left === 0 && !house.channels.some((channel) => channel.isWaiting())) return;
  }
}

function parkedIn(): number {
  const sql = new Database(house.database, { readonly: true });
  const n = Number(sql.prepare("SELECT count(*) FROM jobs WHERE parked_at IS NOT NULL AND kind = 'answer'").pluck().get());
  sql.close();
  return n;
}

interface PerChannel {
  kind: string;
  messages: number;
  sends: number;
  uncertain: number;
  failed: number;
}

function perChannel(): PerChannel[] {
  const sql = new Database(house.database, { readonly: true });
  const count = sql.prepare('SELECT count(*) FROM deliveries WHERE state = ? AND channel_id IN (SELECT id FROM channels WHERE kind = ?)');
  const inState = (kind: string, state: string) => Number(count.pluck().get(state, kind));
  const figures = house.channels.map(({ kind, reached }) => ({
    kind,
    messages: ledger.acknowledged.filter((each) => each.kind === kind).length,
    sends: reached()?.length ?? 0,
    uncertain: inState(kind, 'uncertain'),
    failed: inState(kind, 'failed'),
  }));
  sql.close();
  return figures;
}
