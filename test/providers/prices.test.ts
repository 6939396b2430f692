import assert from 'node:assert/strict';
import { addKey, costOf, editPrice, listPrices, priceOf, releasePrices, resetPrice, type PriceForm } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

const OWNER = 1;

describe('prices', () => {
  let test: TestInstallation;
  let workspace: Workspace;
  let release: () => void;

  before(async () => {
    test = await testInstallation();
  });

  beforeEach(() => {
    ({ workspace, release } = test.installation.workspaces.hold(cafeAurora(test.installation)));
  });

  afterEach(() => release());

  after(() => test.end());

  const form: PriceForm = { provider: 'openai', model: 'gpt-6-luna', currency: 'eur', input: '0.12', cached: '0,012', output: '1.5' };

  it('come from the release’s list, dated, with cached tokens cheaper, and nothing written by models that embed', () => {
    assert.match(releasePrices().asOf, /^2026-\d\d-\d\d$/);
    for (const [provider, models] of Object.entries(releasePrices().models)) {
      for (const [model, { input, cached, written = input, output }] of Object.entries(models)) {
        const paidOnce = cached === input;
        assert.equal(paidOnce, /embedding|transcribe|whisper/.test(model), model);
        assert.ok(!model.includes('embedding') || output === 0, model);
        assert.ok(paidOnce || (0 < cached && cached < input && input <= written && input < output), `${provider} ${model}`);
      }
    }
    assert.deepEqual(priceOf(workspace, 'anthropic', 'claude-haiku-4-5'), {
      currency: 'USD',
      inputMicros: 1_000_000,
      cachedMicros: 100_000,
      writtenMicros: 1_250_000,
      outputMicros: 5_000_000,
      from: 'list',
    });
  });

  it('are those of the model for a dated name of it', () => {
    const plain = priceOf(workspace, 'anthropic', 'claude-haiku-4-5');
    assert.deepEqual(priceOf(workspace, 'anthropic', 'claude-haiku-4-5-20251001'), plain);
    assert.deepEqual(priceOf(workspace, 'openai', 'gpt-5-mini-2025-08-07'), priceOf(workspace, 'openai', 'gpt-5-mini'));
  });

  it('are unknown, never nothing, for a model that no list has', () => {
    assert.equal(priceOf(workspace, 'openai', 'gpt-99'), null);
    assert.equal(priceOf(workspace, 'compatible', 'gpt-6-luna'), null, 'another host has its own prices');
    assert.equal(priceOf(workspace, 'openai', 'toString'), null);
    assert.equal(priceOf(workspace, 'quote', 'quote')?.outputMicros, 0);
  });

  it('make a cost in whole micro-units, rounded up, cached and written tokens at their own prices', () => {
    const price = priceOf(workspace, 'anthropic', 'claude-haiku-4-5');
    assert.ok(price);
    assert.equal(costOf(price, { inputTokens: 3000, cachedTokens: 2000, writtenTokens: 500, outputTokens: 100 }), 500 + 200 + 625 + 500);
    assert.equal(costOf(price, { inputTokens: 1, cachedTokens: 1, outputTokens: 0 }), 1);
    assert.equal(costOf(price, { inputTokens: 0, cachedTokens: 0, outputTokens: 0 }), 0);
    assert.ok(Number.isSafeInteger(costOf(price, { inputTokens: 922_000, cachedTokens: 0, outputTokens: 128_000 })));
  });

  it('are the user’s own once edited, and the list’s again once reset', () => {
    assert.deepEqual(editPrice(workspace, form, OWNER), { ok: true });
    assert.deepEqual(priceOf(workspace, 'openai', 'gpt-6-luna'), {
      currency: 'EUR',
      inputMicros: 120_000,
      cachedMicros: 12_000,
      writtenMicros: 120_000,
      outputMicros: 1_500_000,
      from: 'own',
    });
    editPrice(workspace, { ...form, cached: '', output: '2' }, OWNER);
    assert.equal(priceOf(workspace, 'openai', 'gpt-6-luna')?.cachedMicros, 120_000);
    resetPrice(workspace, form, OWNER);
    assert.equal(priceOf(workspace, 'openai', 'gpt-6-luna')?.from, 'list');
    assert.deepEqual(workspace.sql.prepare('SELECT action FROM audit_events').pluck().all(), [
      'price.edited',
      'price.edited',
      'price.reset',
    ]);
  });

  it('refuse what is no money, at its field', () => {
    const cases: [Partial<PriceForm>, string][] = [
      [{ input: '' }, 'input'],
      [{ input: '-1' }, 'input'],
      [{ output: '1e9' }, 'output'],
      [{ cached: '0.1234567' }, 'cached'],
      [{ currency: 'euro' }, 'currency'],
      [{ model: ' ' }, 'model'],
      [{ output: '1.000,50' }, 'output'],
    ];
    for (const [change, field] of cases) {
      const result = editPrice(workspace, { ...form, ...change }, OWNER);
      assert.equal(result.ok ? 'taken' : result.field, field);
    }
    assert.equal(priceOf(workspace, 'openai', 'gpt-6-luna')?.from, 'list');
  });

  it('are listed for every model that a key opens, the unknown ones too', async () => {
    const openai = await openaiSimulator({ models: ['gpt-6-luna', 'gpt-99'] });
    await addKey(workspace, { provider: 'openai', name: '', key: openai.key ?? '', baseUrl: openai.url }, OWNER);
    await openai.close();
    editPrice(workspace, { ...form, provider: 'compatible', model: 'llama' }, OWNER);
    assert.deepEqual(
      listPrices(workspace).map(({ model, price }) => [model, price?.from ?? 'unknown']),
      [
        ['gpt-6-luna', 'list'],
        ['gpt-99', 'unknown'],
        ['llama', 'own'],
      ],
    );
  });
});
