import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { checkImports } from '../../scripts/check-imports.ts';

const project = join(import.meta.dirname, '../..');
type Tree = Record<string, string>;

/** A small installation that keeps every rule: one of each kind of file, importing what it may. */
const sound: Tree = {
  'src/main.ts': "import { settings } from './config.ts';\nimport { app } from './app.ts';\nexport const started = [settings, app];\n",
  'src/config.ts': 'export const settings = process.env;\n',
  'src/app.ts':
    "import express from 'express';\nimport { inbox } from './conversations/inbox.routes.ts';\nexport const app = [express, inbox];\n",
  'src/installation.ts': "import type { Workspace } from './workspace.ts';\nexport interface Installation { workspace: Workspace }\n",
  'src/workspace.ts': "import type { Installation } from './installation.ts';\nexport interface Workspace { installation: Installation }\n",
  'src/lib/text.ts': 'export const trim = (text: string): string => text.trim();\n',
  'src/lib/outbound.ts': "import { Agent } from 'undici';\nexport const out = [Agent, fetch];\n",
  'src/lib/clock.ts': 'export const now = (): number => Date.now();\n',
  'src/db/drizzle.ts': "export type { SQL } from 'drizzle-orm';\n",
  'src/db/schema/bots.ts': "import type { BotSettings } from '../../bots/settings.ts';\nexport interface Row { settings: BotSettings }\n",
  'src/contacts/index.ts': "export { find } from './find-contact.ts';\n",
  'src/contacts/find-contact.ts': "import { trim } from '../lib/text.ts';\nexport const find = trim;\n",
  'src/bots/settings.ts': 'export interface BotSettings { name: string }\n',
  'src/channels/channel.ts': 'export interface Channel { kind: string }\n',
  'src/channels/index.ts': "export { telegram } from './telegram/telegram.ts';\n",
  'src/channels/meta-graph.ts': 'export const graph = 1;\n',
  'src/channels/whatsapp/whatsapp.ts': "import { graph } from '../meta-graph.ts';\nexport const whatsapp = graph;\n",
  'src/channels/telegram/telegram.ts':
    "import { trim } from '../../lib/text.ts';\nimport type { Channel } from '../channel.ts';\nexport const telegram: Channel = { kind: trim('telegram') };\n",
  'src/providers/provider.ts': 'export interface Provider { id: string }\n',
  'src/providers/openai.ts': "import type { Provider } from './provider.ts';\nexport const openai: Provider = { id: 'openai' };\n",
  'src/conversations/index.ts': "import { find } from '../contacts/index.ts';\nexport const receive = find;\n",
  'src/conversations/inbox.routes.ts':
    "import { Router } from 'express';\nimport { receive } from './index.ts';\nexport const inbox = [Router, receive];\n",
};

/** Each breach alone, with the rule that names it and the file it is found in. */
const importBreaches: { does: string; rule: string; where: string; tree: Tree }[] = [
  {
    does: 'two files import each other',
    rule: 'no-cycles',
    where: 'src/lib/a.ts',
    tree: {
      'src/lib/a.ts': "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
      'src/lib/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
    },
  },
  {
    does: 'the source imports a test',
    rule: 'src-never-imports-test',
    where: 'src/lib/a.ts',
    tree: { 'src/lib/a.ts': "export * from '../../test/support/cast.ts';\n", 'test/support/cast.ts': 'export const cast = 1;\n' },
  },
  {
    does: 'a room that has no place in the order is used',
    rule: 'known-rooms-only',
    where: 'src/app.ts',
    tree: { 'src/app.ts': "export * from './helpers/index.ts';\n", 'src/helpers/index.ts': 'export const help = 1;\n' },
  },
  {
    does: 'a room imports a higher one',
    rule: 'room-order-accounts-contacts-channels-providers',
    where: 'src/contacts/find-contact.ts',
    tree: {
      'src/contacts/find-contact.ts': "export * from '../conversations/index.ts';\n",
      'src/conversations/index.ts': 'export const receive = 1;\n',
    },
  },
  {
    does: 'a room imports the one beside it',
    rule: 'room-order-conversations-bots',
    where: 'src/bots/index.ts',
    tree: { 'src/bots/index.ts': "export * from '../conversations/index.ts';\n" },
  },
  {
    does: 'answering imports insights',
    rule: 'room-order-answering',
    where: 'src/answering/ask.ts',
    tree: { 'src/answering/ask.ts': "export * from '../insights/index.ts';\n", 'src/insights/index.ts': 'export const count = 1;\n' },
  },
  {
    does: 'a room on the highest line imports its neighbour',
    rule: 'room-order-alerts-insights-privacy-billing-api-operations-visitors',
    where: 'src/privacy/erase.ts',
    tree: { 'src/privacy/erase.ts': "export * from '../billing/index.ts';\n", 'src/billing/index.ts': 'export const pay = 1;\n' },
  },
  {
    does: 'a room imports app',
    rule: 'rooms-know-no-top',
    where: 'src/bots/index.ts',
    tree: { 'src/bots/index.ts': "export * from '../app.ts';\n" },
  },
  {
    does: 'the floor imports a room',
    rule: 'floor-knows-no-room',
    where: 'src/lib/a.ts',
    tree: { 'src/lib/a.ts': "export * from '../contacts/index.ts';\n" },
  },
  {
    does: 'the file of a table imports code of a room',
    rule: 'floor-knows-no-room',
    where: 'src/db/schema/contacts.ts',
    tree: { 'src/db/schema/contacts.ts': "export * from '../../contacts/index.ts';\n" },
  },
  {
    does: "a channel imports another channel's file",
    rule: 'channel-keeps-to-its-contract',
    where: 'src/channels/telegram/poll.ts',
    tree: {
      'src/channels/telegram/poll.ts': "export * from '../widget/widget.ts';\n",
      'src/channels/widget/widget.ts': 'export const widget = 1;\n',
    },
  },
  {
    does: 'a channel imports a file of the room that is no contract',
    rule: 'channel-keeps-to-its-contract',
    where: 'src/channels/telegram/poll.ts',
    tree: { 'src/channels/telegram/poll.ts': "export * from '../access.ts';\n", 'src/channels/access.ts': 'export const access = 1;\n' },
  },
  {
    does: 'a channel imports the database',
    rule: 'channel-keeps-to-its-contract',
    where: 'src/channels/telegram/poll.ts',
    tree: { 'src/channels/telegram/poll.ts': "export * from '../../db/drizzle.ts';\n" },
  },
  {
    does: "a provider's file imports more than its contract",
    rule: 'provider-keeps-to-its-contract',
    where: 'src/providers/openai.ts',
    tree: { 'src/providers/openai.ts': "export * from './add-key.ts';\n", 'src/providers/add-key.ts': 'export const addKey = 1;\n' },
  },
  {
    does: 'a room enters another by the window',
    rule: 'rooms-enter-by-the-door',
    where: 'src/conversations/receive.ts',
    tree: { 'src/conversations/receive.ts': "export * from '../contacts/find-contact.ts';\n" },
  },
  {
    does: 'a route imports the database',
    rule: 'routes-never-import-db',
    where: 'src/contacts/contacts.routes.ts',
    tree: { 'src/contacts/contacts.routes.ts': "export * from '../db/drizzle.ts';\n" },
  },
  {
    does: 'a verb imports Express',
    rule: 'express-only-at-the-edge',
    where: 'src/contacts/find-contact.ts',
    tree: { 'src/contacts/find-contact.ts': "import { Router } from 'express';\nexport const find = Router;\n" },
  },
  {
    does: 'a verb imports a type of Express',
    rule: 'express-only-at-the-edge',
    where: 'src/contacts/find-contact.ts',
    tree: {
      'src/contacts/find-contact.ts':
        "import type { Request } from 'express';\nexport const find = (request: Request): string => request.url;\n",
    },
  },
  {
    does: 'a room reads the configuration',
    rule: 'config-only-at-boot',
    where: 'src/contacts/find-contact.ts',
    tree: { 'src/contacts/find-contact.ts': "export * from '../config.ts';\n" },
  },
  {
    does: 'a second file loads drizzle',
    rule: 'drizzle-by-one-door',
    where: 'src/contacts/find-contact.ts',
    tree: { 'src/contacts/find-contact.ts': "export { eq } from 'drizzle-orm';\n" },
  },
];

/** What ESLint must see: a line each, with a word of what it says. */
const lintBreaches: { does: string; code: string; says: RegExp; where?: string }[] = [
  { does: 'the global fetch', code: "export const page = fetch('https://example.com');", says: /outbound/ },
  { does: 'fetch of globalThis', code: "export const page = globalThis.fetch('https://example.com');", says: /outbound/ },
  { does: 'a WebSocket', code: "export const socket = new WebSocket('wss://example.com');", says: /outbound/ },
  { does: 'node:http', code: "import { request } from 'node:http';\nexport const ask = request;", says: /outbound/ },
  { does: 'node:https', code: "import { request } from 'node:https';\nexport const ask = request;", says: /outbound/ },
  { does: 'node:http2', code: "import { connect } from 'node:http2';\nexport const ask = connect;", says: /outbound/ },
  { does: 'node:net', code: "import { connect } from 'node:net';\nexport const ask = connect;", says: /outbound/ },
  { does: 'net without its prefix', code: "import { connect } from 'net';\nexport const ask = connect;", says: /outbound/ },
  { does: 'node:tls', code: "import { connect } from 'node:tls';\nexport const ask = connect;", says: /outbound/ },
  { does: 'node:dgram', code: "import { createSocket } from 'node:dgram';\nexport const ask = createSocket;", says: /outbound/ },
  { does: 'node:dns', code: "import { resolve } from 'node:dns';\nexport const ask = resolve;", says: /outbound/ },
  { does: 'undici', code: "import { request } from 'undici';\nexport const ask = request;", says: /outbound/ },
  { does: 'a late import of node:https', code: "export const ask = await import('node:https');", says: /outbound/ },
  {
    does: 'a require of undici',
    code: "declare const require: (name: string) => unknown;\nexport const ask = require('undici');",
    says: /outbound/,
  },
  {
    does: 'node:http in app',
    code: "import { request } from 'node:http';\nexport const ask = request;",
    says: /outbound/,
    where: 'src/app.ts',
  },
  {
    does: 'node:https in boot',
    code: "import { request } from 'node:https';\nexport const ask = request;",
    says: /outbound/,
    where: 'src/boot.ts',
  },
  { does: 'node:sqlite', code: "import { DatabaseSync } from 'node:sqlite';\nexport const db = DatabaseSync;", says: /locks/ },
  {
    does: 'reading a database file',
    code: "import { readFileSync } from 'node:fs';\nexport const bytes = readFileSync('control.db');",
    says: /locks/,
  },
  {
    does: 'copying a log of a database',
    code: "import { copyFile } from 'node:fs/promises';\nimport { join } from 'node:path';\nawait copyFile(join('data', 'workspace.db-wal'), 'copy');\nexport {};",
    says: /locks/,
  },
  {
    does: 'opening a database file in a folder',
    code: "import fs from 'node:fs';\nexport const open = (folder: string): number => fs.openSync(`${folder}/workspace.db`, 'r');",
    says: /locks/,
  },
  { does: 'process.env', code: "export const port = process.env['PORT'];", says: /config\.ts/ },
  { does: "the machine's clock", code: 'export const now = Date.now();', says: /clock/ },
  { does: 'a new Date of now', code: 'export const now = new Date();', says: /clock/ },
  { does: 'any', code: 'export const anything = (value: any): void => void value;', says: /any/ },
  {
    does: 'a promise left floating',
    code: 'const wait = async (): Promise<void> => {};\nexport const go = (): void => { wait(); };',
    says: /[Pp]romise/,
  },
  { does: 'a non-null assertion', code: 'export const first = (list: string[]): string => list[0]!;', says: /non-null/ },
  { does: 'an empty catch', code: "export const go = (): void => { try { JSON.parse('{'); } catch {} };", says: /[Ee]mpty/ },
  { does: 'console', code: "console.log('x');\nexport {};", says: /console/ },
  { does: 'a comment that switches a rule off', code: "// eslint-disable-next-line\nconsole.log('x');\nexport {};", says: /console/ },
];

describe('import rules', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deskbell-rules-'));
    symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
    copyFileSync(join(project, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function plant(tree: Tree): void {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  it('pass a tree that keeps them', async () => {
    plant(sound);
    const { modules, breaches } = await checkImports(folder);
    assert.deepEqual(breaches, []);
    assert.equal(modules, Object.keys(sound).length);
  });

  it('fail an empty tree instead of passing it', async () => {
    const { modules, breaches } = await checkImports(folder);
    assert.equal(modules, 0);
    assert.match(breaches.join('\n'), /^nothing-seen: /);
  });

  for (const { does, rule, where, tree } of importBreaches) {
    it(`catch it when ${does}`, async () => {
      plant({ ...sound, ...tree });
      const { breaches } = await checkImports(folder);
      const found = breaches.filter((breach) => breach.startsWith(`${rule}: ${where} → `));
      assert.notEqual(found.length, 0, `${rule} did not name ${where}; found: ${breaches.join('; ') || 'nothing'}`);
    });
  }

  describe('that ESLint keeps', () => {
    const lint = async (): Promise<Map<string, string[]>> => {
      const eslint = new ESLint({ cwd: folder, overrideConfigFile: join(project, 'eslint.config.js') });
      const results = await eslint.lintFiles(['src']);
      return new Map(results.map((result) => [result.filePath, result.messages.map(({ line, message }) => `${line}: ${message}`)]));
    };

    it('pass a tree that keeps them', async function () {
      this.timeout(30_000);
      plant(sound);
      const found = [...(await lint())].filter(([, messages]) => messages.length > 0);
      assert.deepEqual(found, []);
    });

    // One run for all of them: reading the types is what takes the time.
    it('catch every planted breach', async function () {
      this.timeout(30_000);
      const planted = lintBreaches.map((breach, n) => ({ ...breach, path: breach.where ?? `src/lib/planted-${n}.ts` }));
      plant(Object.fromEntries(planted.map(({ path, code }) => [path, `${code}\n`])));
      const found = await lint();
      const missed = planted.filter(({ path, says }) => !(found.get(join(folder, path)) ?? []).some((message) => says.test(message)));
      assert.deepEqual(
        missed.map(({ does }) => does),
        [],
      );
    });
  });
});
