/**
 * A linked phone whose connection ends again and again, as in a week of bad lines: what stays in memory, against what was
 * there after the first fifty connections. A hundred of them for each of the `seconds`, each with a message. Started by
 * `--max-semi-space-size=8` as the server is, its resident memory is that of a server.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import { addChannel, startListening } from '../../src/channels/index.ts';
import { linkStep } from '../../src/channels/device-store.ts';
import { quietSignal } from '../../src/channels/whatsapp-linked/baileys.ts';
import { readConfig } from '../../src/config.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { closeInstallation, openInstallation, type Installation } from '../../src/installation.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { News, Order } from './linked-server.ts';
import type { Report } from './report.ts';

const EACH_SECOND = 100;
const FIRST = 50;
const PARTS = 5;
/** As long as a question to WhatsApp waits for its answer at most. */
const LET_GO_MS = 21_000;
const MB = 1024 * 1024;
/** Each way in which a link ends and is opened again; null: the line is cut. */
const ENDINGS = [503, 428, 515, null, 408];

interface Memory {
  heapMb: number;
  rssMb: number;
}

export async function linked(seconds: number): Promise<Report> {
  quietSignal();
  const reconnects = Math.max(PARTS, Math.round(seconds * EACH_SECOND));
  const far = await startFar();
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'));
  const installation = await openInstallation(configOf(folder, far.url), systemClock);
  try {
    const memory = await run(installation, far, reconnects);
    return reportOf(memory, reconnects);
  } finally {
    far.child.disconnect();
    await closeInstallation(installation);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Far {
  url: string;
  child: ChildProcess;
  send(order: Order): void;
  until(holds: (state: { logins: number; waiting: number }) => boolean): Promise<void>;
}

async function startFar(): Promise<Far> {
  const child = fork(join(import.meta.dirname, 'linked-server.ts'));
  const [first] = (await once(child, 'message')) as [News];
  if (!('url' in first)) throw new Error('the stand-in told something else first');
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(first.root, 'base64');
  let state = { logins: 0, waiting: 0 };
  child.on('message', (news: News) => void (state = 'url' in news ? state : news));
  return {
    url: first.url,
    child,
    send: (order) => void child.send(order),
    async until(holds) {
      while (!holds(state)) await once(child, 'message');
    },
  };
}

function configOf(folder: string, url: string): ReturnType<typeof readConfig> {
  const roots = { WHATSAPP_WEB_ROOT: url, WHATSAPP_FILE_ROOT: url };
  return readConfig({
    ...roots,
    DATA_DIR: join(folder, 'data'),
    KEYS_DIR: join(folder, 'keys'),
    LOG_LEVEL: 'silent',
    ALLOW_PRIVATE_ADDRESSES: '1',
  });
}

/** Memory after the first connections, and after each fifth of all. */
async function run(installation: Installation, far: Far, reconnects: number): Promise<Map<number, Memory>> {
  const id = installation.workspaces.create({ name: 'Café Aurora', language: 'en', timezone: 'UTC', currency: 'EUR' });
  const { workspace: ws, release } = installation.workspaces.hold(id);
  const channel = await addChannel(ws, { kind: 'whatsapp-linked', settings: {}, botId: null, userId: null });
  const listening = startListening(installation, (at, channelId, events, state) => receiveEvents(at, channelId, events, { state }), {
    firstMs: 1,
    capMs: 1,
  });
  listening.begin(ws);
  let step = linkStep(ws, channel.id);
  for (; step?.kind !== 'picture'; step = linkStep(ws, channel.id)) await pause(5);
  far.send({ do: 'scan', picture: step.text });
  const memory = new Map<number, Memory>();
  const first = Math.min(FIRST, Math.ceil(reconnects / PARTS));
  for (let done = 0; done <= reconnects; done++) {
    await far.until(({ logins }) => logins === done + 1);
    far.send({ do: 'say', text: `message ${done}` });
    while (messagesOf(ws) <= done) await pause(1);
    await far.until(({ waiting }) => waiting === 0);
    const last = done === reconnects;
    // In a real week they are minutes apart: what the last ones asked is let go of by then.
    if (last && reconnects >= FIRST * PARTS) await pause(LET_GO_MS);
    if (done === first || last || (done > 0 && done % Math.floor(reconnects / PARTS) === 0)) memory.set(done, await measured());
    const code = ENDINGS[done % ENDINGS.length];
    if (!last) far.send(code === null || code === undefined ? { do: 'cut' } : { do: 'end', code });
  }
  await listening.stop();
  release();
  return memory;
}

const messagesOf = (ws: { prepare(text: string): { pluck(): { get(): unknown } } }) =>
  Number(ws.prepare('SELECT count(*) FROM messages').pluck().get());

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function measured(): Promise<Memory> {
  for (let n = 0; n < 3; n++) {
    collect();
    await pause(20);
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMb: heapUsed / MB, rssMb: rss / MB };
}

function reportOf(memory: Map<number, Memory>, reconnects: number): Report {
  const [first = { heapMb: 0, rssMb: 0 }] = memory.values();
  const last = [...memory.values()].at(-1) ?? first;
  const between = [...memory].flatMap(([done, { heapMb, rssMb }]): [string, number][] => [
    [`heapMb after ${done}`, heapMb],
    [`rssMb after ${done}`, rssMb],
  ]);
  const ratios = { heapMb: last.heapMb / first.heapMb, rssMb: last.rssMb / first.rssMb };
  return {
    name: 'linked',
    figures: { reconnects, ...Object.fromEntries(between), heapMb: last.heapMb, rssMb: last.rssMb },
    compared: { heapMb: first.heapMb, rssMb: first.rssMb },
    ratios,
    targets: { heapMb: 'at most 1.1 times that after the first connections', rssMb: 'at most 1.2 times' },
    met: { heapMb: ratios.heapMb <= 1.1, rssMb: ratios.rssMb <= 1.2 },
  };
}
