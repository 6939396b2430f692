/**
 * The import rules of ARCHITECTURE.md, 1 to 4. `node scripts/check-imports.ts` runs them and fails when it saw less than
 * all of src: a cruise that can't read TypeScript sees nothing, finds nothing wrong, and would pass.
 * Rule 5 (one way out) is ESLint's: a global `fetch` is no import.
 */

/** Rooms from the floor up. A room imports itself and what stands below its own line, nothing beside it. */
const lines = [
  ['mail'],
  ['accounts', 'contacts', 'channels', 'providers'],
  ['knowledge', 'tools'],
  ['conversations', 'bots'],
  ['answering'],
  ['alerts', 'insights', 'privacy', 'billing', 'api', 'operations', 'visitors'],
  ['backups'],
  ['sample'],
];
const floorFolders = ['db', 'jobs', 'vault', 'web', 'lib'];
const floorFiles = ['workspace', 'workspaces', 'workspace-folder', 'installation'];
const topFiles = ['main', 'boot', 'cli', 'app', 'work', 'config'];

const any = (names) => `(${names.join('|')})`;
const rooms = lines.flat();
const floor = `^src/(${any(floorFolders)}/|${any(floorFiles)}\\.ts$)`;
const top = `^src/${any(topFiles)}\\.ts$`;
const express = '(^|/)(node_modules/)?(@types/)?express(/|$)';
const drizzle = '(^|/)(node_modules/)?drizzle-orm(/|$)';

const order = lines.map((line, height) => ({
  name: `room-order-${line.join('-')}`,
  comment: 'Rooms import only downwards. Reach a higher room by a job or by an event on the bus.',
  severity: 'error',
  from: { path: `^src/(${any(line)})/` },
  to: {
    path: `^src/${any(lines.slice(height).flat())}/`,
    // $1 is the importing room itself.
    pathNot: '^src/$1/',
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Rule 1. Types may point at each other (an installation holds workspaces, a workspace its installation); code may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'src-never-imports-test',
      comment: 'Rule 1.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'known-rooms-only',
      comment: 'Rule 1. A new folder or top file of src gets its place in this file first.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/', pathNot: [`^src/${any([...floorFolders, ...rooms])}/`, `^src/${any([...floorFiles, ...topFiles])}\\.ts$`] },
    },
    ...order,
    {
      name: 'rooms-know-no-top',
      comment: 'Rule 1. app, work, main and cli stand above every room.',
      severity: 'error',
      from: { path: [`^src/${any(rooms)}/`, floor] },
      to: { path: top, pathNot: '^src/config\\.ts$' },
    },
    {
      name: 'floor-knows-no-room',
      comment: 'Rules 1 and 3.',
      severity: 'error',
      from: { path: floor, pathNot: '^src/db/schema/' },
      to: { path: `^src/${any(rooms)}/` },
    },
    {
      name: 'floor-knows-no-room',
      comment: 'The file of a table may name the type of the document that a column holds, and no more.',
      severity: 'error',
      from: { path: '^src/db/schema/' },
      to: { path: `^src/${any(rooms)}/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'channel-keeps-to-its-contract',
      comment: "Rule 2. A channel's folder imports itself, channel.ts, lib, and what Meta's channels share: meta-*.ts.",
      severity: 'error',
      from: { path: '^src/channels/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/channels/$1/', '^src/channels/(channel|meta-[a-z-]+)\\.ts$', '^src/lib/'] },
    },
    {
      name: 'provider-keeps-to-its-contract',
      comment: "Rule 2. A provider's file imports provider.ts and lib; what two share lies in providers/wire/, under the same rule.",
      severity: 'error',
      from: { path: '^src/providers/((openai|anthropic|compatible|quote)\\.ts$|wire/)' },
      to: { path: '^src/', pathNot: ['^src/providers/(provider\\.ts$|wire/)', '^src/lib/'] },
    },
    {
      name: 'rooms-enter-by-the-door',
      comment: 'Rule 3. Into another room by its index.ts. main, app and work are exempt: they join everything.',
      severity: 'error',
      from: { path: `^src/(${any(rooms)}/|cli\\.ts$)` },
      to: { path: `^src/${any(rooms)}/`, pathNot: [`^src/${any(rooms)}/index\\.ts$`, '^src/$2/'] },
    },
    {
      name: 'routes-never-import-db',
      comment: 'Rule 4. A route parses, calls one verb or one query, renders.',
      severity: 'error',
      from: { path: '\\.routes\\.ts$' },
      to: { path: ['^src/db/', drizzle, '(^|/)(node_modules/)?better-sqlite3(/|$)'] },
    },
    {
      name: 'express-only-at-the-edge',
      comment: 'Rule 4. Only *.routes.ts, web and app know Express.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.routes\\.ts$', '^src/web/', '^src/app\\.ts$'] },
      to: { path: express },
    },
    {
      name: 'config-only-at-boot',
      comment: 'Rule 4. Everything else is handed its settings, and may name their type.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|boot|cli)\\.ts$' },
      to: { path: '^src/config\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'drizzle-by-one-door',
      comment: 'Loaded as ES modules drizzle costs 270 ms and 200 MB at boot; db/drizzle.ts loads it another way.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/db/(drizzle|driver)\\.ts$' },
      to: { path: drizzle },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
