import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Import rule 5: one way out. What opens a connection, and where it may stand. */
const wayOut = 'Every outgoing connection goes through installation.outbound (src/lib/outbound.ts).';
const sockets = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises'].flatMap((name) => [name, `node:${name}`]);
const opensConnections = [...sockets, 'undici'];
const connectingGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];

const databaseFiles = "The server never opens .db, -wal or -shm by fs: closing such a descriptor drops SQLite's locks.";
const fileCalls = '/^(readFile|writeFile|appendFile|open|copyFile|cp|createReadStream|createWriteStream|truncate)(Sync)?$/';
const databaseName = '/\\.db(-wal|-shm|-journal)?$/';

const restrictedImports = (names) => ({
  paths: names,
  patterns: [{ group: ['node:sqlite', 'sqlite'], message: databaseFiles }],
});
const noConnections = opensConnections.map((name) => ({ name, message: wayOut, allowTypeImports: true }));

const restrictedSyntax = [
  ...connectingGlobals.map((name) => ({
    selector: `MemberExpression[object.name=/^(globalThis|global|self)$/][property.name='${name}']`,
    message: wayOut,
  })),
  { selector: `ImportExpression > Literal[value=/^(node:)?(https?|http2|net|tls|dgram|dns|undici)(\\u002fpromises)?$/]`, message: wayOut },
  {
    selector: `CallExpression[callee.name='require'] > Literal[value=/^(node:)?(https?|http2|net|tls|dgram|dns|undici)$/]`,
    message: wayOut,
  },
  { selector: `CallExpression[callee.name=${fileCalls}] Literal[value=${databaseName}]`, message: databaseFiles },
  { selector: `CallExpression[callee.name=${fileCalls}] TemplateElement[value.raw=${databaseName}]`, message: databaseFiles },
  { selector: `CallExpression[callee.property.name=${fileCalls}] Literal[value=${databaseName}]`, message: databaseFiles },
  { selector: `CallExpression[callee.property.name=${fileCalls}] TemplateElement[value.raw=${databaseName}]`, message: databaseFiles },
];
/** Reaches node:http and its like past the import rules. */
const builtins = { selector: "CallExpression[callee.property.name='getBuiltinModule']", message: wayOut };
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only config.ts reads the environment; everything else is handed its settings.',
};
const time = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Time comes from the injected clock.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes from the injected clock.' },
  {
    selector: "CallExpression[callee.object.name='performance'][callee.property.name='now']",
    message: 'Time comes from the injected clock.',
  },
];

export default defineConfig(
  { ignores: ['node_modules/', '.cache/', '.state/', 'data/', 'keys/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.{ts,js,cjs,mjs}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-self-compare': 'error',
      'no-constant-binary-expression': 'error',
    },
  },
  { files: ['public/**/*.js'], rules: { 'no-unused-vars': 'error', 'no-console': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allow: [{ from: 'package', package: 'url', name: ['URL', 'URLSearchParams'] }] },
      ],
      // A signal's reason is whatever its owner gave; passing it on is not inventing an error.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      // The contracts promise promises; an implementation that needs no await is still async.
      '@typescript-eslint/require-await': 'off',
      // They are also written as methods that use no `this`, and handed on.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': ['error', ...connectingGlobals.map((name) => ({ name, message: wayOut }))],
      '@typescript-eslint/no-restricted-imports': ['error', restrictedImports(noConnections)],
      'no-restricted-syntax': ['error', ...restrictedSyntax, builtins, environment, ...time],
    },
  },
  // The one way out. The server's own ear is Express's `listen`.
  {
    files: ['src/lib/outbound.ts'],
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-syntax': ['error', ...restrictedSyntax, environment, ...time],
      '@typescript-eslint/no-restricted-imports': ['error', restrictedImports([])],
    },
  },
  {
    files: ['src/config.ts', 'src/boot.ts', 'src/cli.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax, builtins, ...time] },
  },
  { files: ['src/lib/clock.ts'], rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax, builtins, environment] } },
  {
    // What a test reads back from a page or a database is checked by its assertions.
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
);
