import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  addKey,
  checkKey,
  keyById,
  listKeys,
  noteFailure,
  openProvider,
  ProviderError,
  removeKey,
  type Added,
  type NewKey,
} from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import { httpSimulator } from '../simulators/http.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { TestClock } from '../support/clock.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const OWNER = 1;

describe('provider keys', () => {
  let test: TestInstallation;
  let workspace: Workspace;
  let release: () => void;
  let openai: AiSimulator;
  const clock = new TestClock();

  before(async () => {
    test = await testInstallation({ clock });
  });

  beforeEach(async () => {
    ({ workspace, release } = test.installation.workspaces.hold(cafeAurora(test.installation)));
    openai = await openaiSimulator();
  });

  afterEach(async () => {
    release();
    await openai.close();
  });

  after(() => test.end());

  const add = (change: Partial<NewKey> = {}) =>
    addKey(workspace, { provider: 'openai', name: '', key: openai.key ?? '', baseUrl: openai.url, ...change }, OWNER);

  function added(result: Added): number {
    assert.ok(result.ok, inspect(result));
    return result.keyId;
  }

  function failed(result: Added): { field: string | null; says: string } {
    assert.ok(!result.ok);
    assert.deepEqual(listKeys(workspace), [], 'a key that failed was kept');
    return result;
  }

  const auditOf = () => workspace.sql.prepare('SELECT action FROM audit_events ORDER BY id').pluck().all();

  it('checks a pasted key at once, lists its models, and keeps it', async () => {
    const id = added(await add({ name: 'Our key' }));
    const key = keyById(workspace, id);
    assert.deepEqual(
      key?.chatModels.map((model) => model.id),
      ['gpt-6-luna', 'gpt-5-mini', 'gpt-4.1-mini'],
    );
    assert.deepEqual(
      key?.embeddingModels.map((model) => model.id),
      ['text-embedding-3-small'],
    );
    assert.equal(key?.name, 'Our key');
    assert.equal(key?.status, 'works');
    assert.equal(key?.lastFour, 'wxyz');
    assert.deepEqual(auditOf(), ['key.added']);
  });

  it('seals it: the key stands in no file, no list and no printed value', async () => {
    const id = added(await add());
    workspace.sql.pragma('wal_checkpoint(TRUNCATE)');
    const secret = openai.key ?? '';
    for (const name of readdirSync(workspace.folder)) {
      const file = join(workspace.folder, name);
      if (statSync(file).isFile()) assert.equal(readFileSync(file).includes(secret), false, file);
    }
    const opened = openProvider(workspace, id, new AbortController().signal);
    assert.equal(opened.access.key?.reveal(), secret);
    for (const shown of [JSON.stringify(listKeys(workspace)), inspect(opened, { depth: 5 }), JSON.stringify(opened.access.key)])
      assert.equal(shown.includes(secret), false);
  });

  it('doesn’t open a sealed key that was moved to another row', async () => {
    const first = added(await add());
    const other = await openaiSimulator({ key: 'sk-another-key-0123456789' });
    const second = added(await add({ key: other.key ?? '', baseUrl: other.url }));
    await other.close();
    workspace.sql
      .prepare('UPDATE provider_keys SET key_sealed = (SELECT key_sealed FROM provider_keys WHERE id = ?) WHERE id = ?')
      .run(first, second);
    assert.throws(() => openProvider(workspace, second, new AbortController().signal), /doesn't open/);
  });

  it('says in plain words what is wrong, and where', async () => {
    assert.deepEqual(failed(await add({ key: 'sk-wrong' })), {
      ok: false,
      field: 'key',
      says: 'OpenAI doesn’t know this key. Copy it again from your account there, or make a new one.',
    });
    openai.fail('no-credit');
    assert.match(failed(await add()).says, /no credit left/);
    assert.equal(failed(await add({ key: ' ' })).field, 'key');
    assert.match(failed(await add({ key: 'sk two words' })).says, /no key/);
    assert.equal(failed(await add({ provider: 'compatible', baseUrl: '' })).field, 'baseUrl');
    assert.match(failed(await add({ provider: 'compatible', baseUrl: 'ollama' })).says, /base URL|web address/);
    assert.match(failed(await add({ provider: 'compatible', baseUrl: 'http://93.184.215.14/v1' })).says, /https/);
    assert.match(failed(await add({ provider: 'compatible', baseUrl: 'https://nowhere.invalid/v1' })).says, /was not found/);
    openai.fail('html');
    assert.match(failed(await add({ provider: 'compatible' })).says, /web page/);
  });

  it('says so when a provider doesn’t answer while a person waits', async () => {
    openai.fail('no-headers');
    const result = await addKey(
      workspace,
      { provider: 'openai', name: '', key: openai.key ?? '', baseUrl: openai.url },
      OWNER,
      AbortSignal.timeout(30),
    );
    assert.match(failed(result).says, /didn’t answer in time/);
  });

  it('[P4.2-c] takes no key to another host by a redirect', async () => {
    const elsewhere = await httpSimulator((_request, response) => void response.end('{}'));
    const redirecting = await httpSimulator(
      (_request, response) => void response.writeHead(302, { location: `${elsewhere.url}/v1/models` }).end(),
    );
    assert.match(failed(await add({ provider: 'compatible', baseUrl: `${redirecting.url}/v1` })).says, /sends us on/);
    assert.equal(elsewhere.requests.length, 0);
    await redirecting.close();
    await elsewhere.close();
  });

  it('takes the same key once', async () => {
    added(await add({ name: 'First' }));
    const again = await add();
    assert.deepEqual(again, { ok: false, field: 'key', says: 'This key is already here, as “First”.' });
  });

  it('takes what people paste for a base URL, and a host without keys', async () => {
    const host = await openaiSimulator({ dialect: 'compatible', key: null });
    const id = added(await add({ provider: 'compatible', key: '', baseUrl: ` ${host.url}/chat/completions/ ` }));
    await host.close();
    assert.equal(openProvider(workspace, id, new AbortController().signal).access.baseUrl, host.url);
    assert.equal(keyById(workspace, id)?.name, new URL(host.url).host);
  });

  it('checks a stored key again, and shows what it says', async () => {
    const anthropic = await anthropicSimulator();
    const id = added(await add({ provider: 'anthropic', key: anthropic.key ?? '', baseUrl: anthropic.url }));
    clock.move(60_000);
    assert.ok((await checkKey(workspace, id)).ok);
    assert.equal(keyById(workspace, id)?.checkedAt, clock.now());
    anthropic.fail('wrong-key');
    assert.equal((await checkKey(workspace, id)).ok, false);
    assert.equal(keyById(workspace, id)?.status, 'broken');
    assert.match(keyById(workspace, id)?.says ?? '', /doesn’t know this key/);
    assert.equal(keyById(workspace, id)?.chatModels.length, 3, 'its models are still known');
    assert.ok((await checkKey(workspace, id)).ok);
    assert.deepEqual([keyById(workspace, id)?.status, keyById(workspace, id)?.says], ['works', null]);
    await anthropic.close();
  });

  it('shows a key as broken only for what doesn’t pass by itself', async () => {
    const id = added(await add());
    noteFailure(workspace, id, new ProviderError('overloaded', 'OpenAI is overloaded.'));
    assert.deepEqual([keyById(workspace, id)?.status, keyById(workspace, id)?.says], ['works', 'OpenAI is overloaded.']);
    noteFailure(workspace, id, new ProviderError('no-credit', 'No credit left.'));
    assert.equal(keyById(workspace, id)?.status, 'broken');
  });

  it('remembers a refused field for the key, once', async () => {
    const id = added(await add());
    const { access } = openProvider(workspace, id, new AbortController().signal);
    access.onRefusedField('temperature@gpt-5-mini');
    access.onRefusedField('temperature@gpt-5-mini');
    assert.deepEqual(openProvider(workspace, id, new AbortController().signal).access.refusedFields, ['temperature@gpt-5-mini']);
  });

  it('makes no call with a removed key, whose sealed value is gone', async () => {
    const id = added(await add());
    const sealed = workspace.sql.prepare('SELECT key_sealed FROM provider_keys WHERE id = ?').pluck().get(id) as Buffer;
    assert.equal(removeKey(workspace, id, OWNER), true);
    assert.equal(removeKey(workspace, id, OWNER), false);
    assert.throws(
      () => openProvider(workspace, id, new AbortController().signal),
      (error) => error instanceof ProviderError && error.kind === 'wrong-key' && /was removed/.test(error.says),
    );
    assert.equal((await checkKey(workspace, id)).ok, false);
    assert.deepEqual(listKeys(workspace), []);
    workspace.sql.pragma('wal_checkpoint(TRUNCATE)');
    const files = readdirSync(workspace.folder).map((name) => join(workspace.folder, name));
    assert.ok(
      !files.some((file) => statSync(file).isFile() && readFileSync(file).includes(sealed)),
      'the sealed value is still on the disk',
    );
    assert.deepEqual(auditOf(), ['key.added', 'key.removed']);
    added(await add());
  });

  it('opens the built-in provider without a key and without a way out', async () => {
    const { provider, access, host } = openProvider(workspace, null, new AbortController().signal);
    assert.equal(provider.id, 'quote');
    assert.equal(host, null);
    assert.throws(() => access.fetch('https://example.com'), ProviderError);
  });
});
