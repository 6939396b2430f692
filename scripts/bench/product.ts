/** A real server in a process of its own, on a furnished data folder: what the benches measure. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createOwner } from '../../src/accounts/index.ts';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { readConfig } from '../../src/config.ts';
import { closeInstallation, openInstallation, type Installation } from '../../src/installation.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';

const root = join(import.meta.dirname, '..', '..');

export interface Furnished {
  workspace: string;
  widget: string;
}

export interface Product {
  port: number;
  folder: string;
  /** ms from the start of the process to the first 200. */
  bootMs: number;
  /** ms of processor time until then: says the same on a busy machine. */
  bootCpuMs: number;
  /** ms from the start of the process to the first page; asks for it. */
  pageMs(): Promise<number>;
  rssMb(): number;
  /** µs of processor time it has used so far. */
  cpuMicros(): number;
  /** Ends the process; its folder stays. */
  stop(): Promise<void>;
  /** Ends the process and removes its folder. */
  end(): Promise<void>;
}

export interface Wanted {
  /** A stand-in of OpenAI's protocol; null answers with the built-in `quote`. */
  ai: { url: string; key: string; model: string } | null;
  quietMs?: number;
  /** More to be put into the workspace before the server starts. */
  fill?(ws: Workspace): void;
  workspaces?: number;
  /** Somebody who can sign in and owns the workspace. */
  owner?: { email: string; password: string };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A data folder with Café Aurora, a bot and a widget. */
export async function furnishedFolder(wanted: Wanted): Promise<{ folder: string; furnished: Furnished }> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-bench-'));
  const installation = await openInstallation(readConfig(environmentOf(folder, 0)));
  const workspace = await workspaceOf(installation, wanted);
  for (let n = 1; n < (wanted.workspaces ?? 1); n++)
    installation.workspaces.create({ name: `Client ${n}`, language: 'en', timezone: 'UTC', currency: 'EUR' });
  const widget = await installation.workspaces.use(workspace, (ws) => furnish(ws, wanted));
  await end(installation);
  return { folder, furnished: { workspace, widget } };
}

async function workspaceOf(installation: Installation, { owner }: Wanted): Promise<string> {
  const business = { name: 'Café Aurora', language: 'en', timezone: 'Europe/Berlin', currency: 'EUR' } as const;
  if (!owner) return installation.workspaces.create(business);
  const made = await createOwner(installation, { firstName: 'Mira', lastName: 'Aydın', ...owner }, business);
  if (made.outcome === 'already') throw new Error('the folder was no new one');
  return made.workspaceId;
}

async function furnish(ws: Workspace, { ai, quietMs, fill }: Wanted): Promise<string> {
  const added = ai ? await addKey(ws, { provider: 'openai', name: 'stand-in', key: ai.key, baseUrl: ai.url }, 'system') : undefined;
  if (added && !added.ok) throw new Error(added.says);
  const model = added && ai ? { providerKeyId: added.keyId, model: ai.model } : {};
  const { botId } = createBot(ws, { userId: null, settings: { name: 'Aurora', ...model } });
  publishDraft(ws, { botId, userId: null });
  const channel = await addChannel(ws, { kind: 'widget', settings: {}, botId, userId: null });
  if (quietMs !== undefined) ws.durable(() => ws.prepare('UPDATE channels SET quiet_ms = ? WHERE id = ?').run(quietMs, channel.id));
  fill?.(ws);
  return channel.publicId;
}

async function end(installation: Installation): Promise<void> {
  await installation.jobs.stop(0);
  await closeInstallation(installation);
}

function environmentOf(folder: string, port: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    DATA_DIR: join(folder, 'data'),
    KEYS_DIR: join(folder, 'keys'),
    PORT: String(port),
    HOST: '127.0.0.1',
    // Visitors come from many addresses, through the proxy in front; one address alone would meet the rate limit.
    TRUST_PROXY: '1',
    ALLOW_PRIVATE_ADDRESSES: '1',
    LOG_LEVEL: 'warn',
    // As scripts/start and the image have it.
    NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'),
  };
}

/** Starts the server and waits for its first 200. */
export async function startProduct(folder: string): Promise<Product> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=8', join(root, 'src', 'main.ts')], {
    env: environmentOf(folder, port),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await firstAnswer(port, child);
  const bootMs = performance.now() - began;
  const bootCpuMs = cpuOf(child) / 1000;
  return {
    port,
    folder,
    bootMs,
    bootCpuMs,
    async pageMs() {
      await firstAnswer(port, child, '/sign-in');
      return performance.now() - began;
    },
    rssMb: () => rssOf(child),
    cpuMicros: () => cpuOf(child),
    stop: () => stop(child),
    async end() {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts another script of the benches and waits until it answers. */
export async function startScript(name: string, args: string[], port: number): Promise<{ child: ChildProcess; end(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, name), String(port), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await firstAnswer(port, child);
  return { child, end: () => stop(child) };
}

async function firstAnswer(port: number, child: ChildProcess, path = '/livez'): Promise<void> {
  for (const until = performance.now() + 30_000; performance.now() < until;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if ((await statusOf(port, path)) === 200) return;
    await pause(2);
  }
  throw new Error('the server did not answer in time');
}

/** 0 while nothing listens. Not by fetch: asking again and again it would take the processor from the server it waits for. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const call = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', () => resolve(0));
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([ended, pause(5000, undefined, { ref: false })]);
  child.kill('SIGKILL');
}

/** Processor time of a process and its threads, µs. */
export function cpuOf(child: ChildProcess): number {
  const [, user = '0', system = '0'] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'utf8')) ?? [];
  return (Number(user) + Number(system)) * 10_000;
}

export function rssOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
