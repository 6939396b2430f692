/** What the crash driver drives: far sides, a data folder, and a server that it starts and kills. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { readConfig } from '../../src/config.ts';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import { addText } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import { openaiSimulator } from '../../test/simulators/openai.ts';
import type { AiSimulator } from '../../test/simulators/http-ai.ts';
import { addCast, cast, Client, PASSWORD } from '../../test/support/http.ts';
import { freePort } from '../bench/product.ts';
import type { CrashChannel } from './channels/channel.ts';

const root = join(import.meta.dirname, '..', '..');

const START_WITHIN_MS = 20_000;
export const GREETING = 'Welcome to Café Aurora.';
/** How long a send takes, with its effect in the middle: long enough for a kill on either side of it. */
export const SEND_MS = 30;

export type Death = 'signal' | 'statement' | 'power';

export class House {
  readonly folder = mkdtempSync(join(tmpdir(), 'deskbell-crash-'));
  readonly ai: AiSimulator;
  readonly channels: CrashChannel[];
  port = 0;
  workspace = '';
  #child: ChildProcess | undefined;
  #client: Client | undefined;

  private constructor(ai: AiSimulator, channels: CrashChannel[]) {
    this.ai = ai;
    this.channels = channels;
  }

  static async build(channels: CrashChannel[]): Promise<House> {
    const ai = await openaiSimulator({ firstTokenMs: 3, tokenMs: 1 });
    const house = new House(ai, channels);
    // Each answer is told apart by its number, so that one that is sent twice is seen.
    let answers = 0;
    ai.says = () => `Answer ${++answers}: from nine to seven.`;
    house.port = await freePort();
    await house.#furnish();
    return house;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get database(): string {
    return join(this.dataDir, 'workspaces', this.workspace, 'workspace.db');
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async #furnish(): Promise<void> {
    const installation = await openInstallation(readConfig(this.#environment()));
    this.workspace = installation.workspaces.create({ name: 'Café Aurora', language: 'en', timezone: 'UTC', currency: 'EUR' });
    await addCast(installation, this.workspace);
    await installation.workspaces.use(this.workspace, async (ws) => {
      const key = await addKey(ws, { provider: 'openai', name: '', key: this.ai.key ?? '', baseUrl: this.ai.url }, 'system');
      if (!key.ok) throw new Error(key.says);
      const { botId } = createBot(ws, {
        userId: null,
        settings: { name: 'Aurora', greeting: GREETING, providerKeyId: key.keyId, model: 'gpt-5-mini' },
      });
      publishDraft(ws, { botId, userId: null });
      addText(ws, { title: 'Hours', text: 'We are open on Sunday from nine to seven.', by: null });
      for (const channel of this.channels) await channel.furnish(ws, botId);
      ws.durable(() => ws.prepare("UPDATE channels SET quiet_ms = 40 WHERE kind <> 'widget'").run());
    });
    await installation.jobs.stop(0);
    await closeInstallation(installation);
  }

  #environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      DATA_DIR: this.dataDir,
      KEYS_DIR: join(this.folder, 'keys'),
      PORT: String(this.port),
      HOST: '127.0.0.1',
      TRUST_PROXY: '1',
      ALLOW_PRIVATE_ADDRESSES: '1',
      ...Object.assign({}, ...this.channels.map(({ environment }) => environment)),
      LOG_LEVEL: 'fatal',
      CRASH_FLUSHED: join(this.folder, 'flushed.json'),
      ...more,
    };
  }

  /** Starts the server; with `statement` it ends itself around the statement of that number. */
  async start(statement = 0): Promise<void> {
    rmSync(this.#moved, { force: true });
    const args = ['--import', join(import.meta.dirname, 'faults.ts'), join(root, 'src', 'main.ts')];
    const env = this.#environment(statement > 0 ? { CRASH_AT_STATEMENT: String(statement) } : {});
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    for (const until = Date.now() + START_WITHIN_MS; this.alive && Date.now() < until; await pause(5)) {
      if (
        await fetch(`${this.url}/livez`).then(
          (response) => response.ok,
          () => false,
        )
      )
        return;
    }
    // A server that ends at its statement was meant to; any other that doesn't start is the end of the run.
    if (statement === 0) throw new Error('the server did not start');
  }

  get alive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Kills it, or waits for it to have killed itself; a cut of the power takes back what was never flushed. */
  async die(how: Death): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => (this.alive ? child.once('exit', resolve) : resolve(undefined)));
    if (how === 'statement') await Promise.race([gone, pause(1500, undefined, { ref: false })]);
    if (this.alive) child.kill(how === 'power' ? 'SIGUSR2' : 'SIGKILL');
    await Promise.race([gone, pause(3000, undefined, { ref: false })]);
    if (this.alive) child.kill('SIGKILL');
    await gone;
    if (how === 'power') this.#cutPower();
  }

  /** Where the thread that makes checkpoints notes what it flushed. */
  get #moved(): string {
    return join(this.folder, 'flushed.json.moved');
  }

  /** The files as they were at the last flush: the log ends there, and the index over it is gone. */
  #cutPower(): void {
    const file = join(this.folder, 'flushed.json');
    if (!existsSync(file)) return;
    const moved = new Map<string, number>();
    for (const line of existsSync(this.#moved) ? readFileSync(this.#moved, 'utf8').trim().split('\n') : []) {
      const { log, flushed } = JSON.parse(line) as { log: string; flushed: number | null };
      moved.set(log, flushed === null ? Infinity : Math.max(flushed, moved.get(log) === Infinity ? 0 : (moved.get(log) ?? 0)));
    }
    for (const [log, noted] of Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>)) {
      const length = Math.max(noted, moved.get(log) ?? 0);
      if (existsSync(log) && statSync(log).size > length) truncateSync(log, length);
      rmSync(log.replace(/-wal$/, '-shm'), { force: true });
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || !this.alive) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([gone, pause(12_000, undefined, { ref: false })]);
    if (this.alive) child.kill('SIGKILL');
  }

  /** A member's browser; signed in once, its session outlives the kills. */
  async member(): Promise<Client | undefined> {
    if (this.#client) return this.#client;
    const client = new Client(this.url);
    const answer = await client.post('/sign-in', { email: cast.owner.email, password: PASSWORD }).catch(() => undefined);
    if (answer?.status === 303) this.#client = client;
    return this.#client;
  }

  async tearDown(): Promise<void> {
    await this.stop();
    for (const channel of this.channels) await channel.end();
    await this.ai.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
