/**
 * Starts the server once on throw-away folders, opens its first pages and stops it, then reads what is only loaded when
 * it is first used, so that NODE_COMPILE_CACHE holds everything: at run time the image is read-only. Fails when the server
 * doesn't get ready or doesn't stop cleanly, or a file doesn't load: an image that can't start isn't built.
 */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const home = mkdtempSync(join(tmpdir(), 'warm-'));
const port = 3999;
const env = { ...process.env, PORT: String(port), DATA_DIR: join(home, 'data'), KEYS_DIR: join(home, 'keys'), LOG_LEVEL: 'warn' };
// As the image starts it: with other flags Node would keep another cache.
const flags = ['--max-semi-space-size=8'];
const server = spawn(process.execPath, [...flags, 'src/main.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
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

// This process has the same cache. Imported here they do nothing: threads find no parent, and what would begin to work (the server,
// the command line) is left out. What a file loads later, by name, is loaded now.
const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
for (const file of globSync('src/**/*.ts', { cwd: root, exclude: ['src/main.ts', 'src/cli.ts'] })) {
  await import(join(root, file));
  for (const [, how, name] of readFileSync(join(root, file), 'utf8').matchAll(/(?<!typeof )\b(import|require)\('([^.'][^']*)'\)/g)) {
    if (how === 'import') await import(name);
    else require(name);
  }
}
