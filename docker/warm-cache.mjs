/**
 * Starts the server once on throw-away folders, opens its first pages and stops it, so that NODE_COMPILE_CACHE holds
 * what the next start needs. Fails when the server doesn't get ready or doesn't stop cleanly: an image that can't start
 * isn't built.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const home = mkdtempSync(join(tmpdir(), 'warm-'));
const port = 3999;
const env = { ...process.env, PORT: String(port), DATA_DIR: join(home, 'data'), KEYS_DIR: join(home, 'keys'), LOG_LEVEL: 'warn' };
const server = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
const ended = new Promise((resolve) => server.once('exit', (code, signal) => resolve(signal ?? code)));

const open = (path) =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    (response) => response.status,
    () => 0,
  );
let ready = false;
for (let tries = 0; tries < 200 && !ready && server.exitCode === null; tries += 1) {
  ready = (await open('/readyz')) === 200;
  if (!ready) await wait(50);
}
for (const path of ['/', '/sign-in', '/setup', '/no-such-page']) await open(path);
server.kill('SIGTERM');
const end = await ended;
rmSync(home, { recursive: true });
if (!ready || end !== 0) throw new Error(`the server ${ready ? `ended with ${end}` : 'did not get ready'}`);
