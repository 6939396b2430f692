import { Router, type Response } from 'express';
import { z } from 'zod';
import { businessOf } from '../accounts/index.ts';
import { addKey, checkKey, editPrice, keyById, presets, ratesOf, removeKey, resetPrice, setRate } from '../providers/index.ts';
import { pluralText } from '../web/formats.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { keyForm, providerChoices } from './key-form.ts';
import { keysOnPage, lineOfKeys, lineOfPrices, pricesAsOf, pricesOnPage } from './keys.queries.ts';

function newKeyPage(res: Response, typed: object, errors: Record<string, string> = {}): void {
  render(res, 'keys/new', { typed, errors, presets, providerChoices });
}

function noKey(): Problem {
  return new Problem(404, 'There is no such key here. It may have been removed.');
}

function noModel(): Problem {
  return new Problem(422, 'The price came without its model. Open the page of prices again.');
}

/** Provider keys: paste, check, remove. The key itself is read once, here, and shown nowhere. */
export function keyRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/keys', may('key.read'), (_req, res) => {
    const keys = keysOnPage(here(res).workspace);
    render(res, 'keys/list', { keys, ...lineOfKeys(keys) });
  });

  router.get('/w/:workspace/keys/new', may('key.edit'), (_req, res) => newKeyPage(res, { provider: 'openai' }));

  router.post('/w/:workspace/keys', may('key.edit'), async (req, res) => {
    const { workspace, user } = here(res);
    const form = parseForm(req, keyForm, ['key']);
    if (!form.ok) {
      res.status(422);
      newKeyPage(res, form.typed, form.errors);
      return;
    }
    const added = await addKey(workspace, form.values, user.id);
    if (!added.ok) {
      res.status(422);
      newKeyPage(res, { ...form.values, key: '' }, { [added.field ?? 'form']: added.says });
      return;
    }
    flash(res, `The key works. It opens ${pluralText(added.models.length, 'model')}.`);
    seeOther(req, res, `/w/${workspace.id}/keys`);
  });

  router.post('/w/:workspace/keys/:key/check', may('key.read'), async (req, res) => {
    const { workspace } = here(res);
    const key = keyById(workspace, idParam(req, 'key'));
    if (!key) throw noKey();
    const checked = await checkKey(workspace, key.id);
    flash(res, checked.ok ? `${key.name} works.` : checked.says);
    seeOther(req, res, `/w/${workspace.id}/keys`);
  });

  router.post('/w/:workspace/keys/:key/remove', may('key.edit'), (req, res) => {
    const { workspace, user } = here(res);
    if (!removeKey(workspace, idParam(req, 'key'), user.id)) throw noKey();
    flash(res, 'The key is removed and wiped.');
    seeOther(req, res, `/w/${workspace.id}/keys`);
  });

  return router;
}

const priced = z.enum(['openai', 'anthropic', 'compatible']);
const amount = z.string().max(20).default('');
const priceForm = z.strictObject({
  provider: priced,
  model: z.string().min(1).max(200),
  currency: amount,
  input: amount,
  cached: amount,
  output: amount,
});
const rateForm = z.strictObject({ from: z.string().regex(/^[A-Z]{3}$/), rate: amount });
const resetForm = z.strictObject({ provider: priced, model: z.string().min(1).max(200) });

/** Money for a million tokens as people write it. */
function decimal(micros: number): string {
  return String(micros / 1_000_000);
}

function pricesPage(res: Response, change: unknown, typed?: object, errors: Record<string, string> = {}): void {
  const { workspace } = here(res);
  const prices = pricesOnPage(workspace);
  const changed = prices.find((row) => row.row === change);
  const { price } = changed ?? {};
  const now = price
    ? {
        currency: price.currency,
        input: decimal(price.inputMicros),
        cached: decimal(price.cachedMicros),
        output: decimal(price.outputMicros),
      }
    : { currency: businessOf(workspace).currency };
  const rates = ratesOf(
    workspace,
    prices.flatMap((row) => row.price?.currency ?? []),
  ).map((rate) => ({
    ...rate,
    typed: rate.micros === null ? '' : decimal(rate.micros),
    error: errors[`rate-${rate.from}`],
    hint: rate.micros === null ? 'Not set: with a budget, these models aren’t asked.' : '',
  }));
  render(res, 'keys/prices', { prices, rates, line: lineOfPrices(prices), asOf: pricesAsOf(), changed, typed: typed ?? now, errors });
}

/** What models cost: the release's list, and the user's own prices over it. */
export function priceRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/prices', may('key.read'), (req, res) => pricesPage(res, req.query['change']));

  router.post('/w/:workspace/prices', may('bot.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const form = parseForm(req, priceForm);
    if (!form.ok) throw noModel();
    const edited = editPrice(workspace, form.values, user.id);
    if (!edited.ok) {
      res.status(422);
      pricesPage(res, `${form.values.provider}/${form.values.model}`, form.values, { [edited.field]: edited.says });
      return;
    }
    flash(res, `Your price of ${form.values.model} counts from now on.`);
    seeOther(req, res, `/w/${workspace.id}/prices`);
  });

  router.post('/w/:workspace/prices/rates', may('bot.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const form = parseForm(req, rateForm);
    if (!form.ok) throw new Problem(422, 'The rate came without its currency. Open the page of prices again.');
    const { from, rate } = form.values;
    const set = setRate(workspace, from, rate, user.id);
    if (!set.ok) {
      res.status(422);
      pricesPage(res, null, undefined, { [`rate-${from}`]: set.says });
      return;
    }
    flash(res, `Your rate of ${from} counts from now on.`);
    seeOther(req, res, `/w/${workspace.id}/prices`);
  });

  router.post('/w/:workspace/prices/reset', may('bot.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const form = parseForm(req, resetForm);
    if (!form.ok) throw noModel();
    resetPrice(workspace, form.values, user.id);
    flash(res, `${form.values.model} costs what the list says again.`);
    seeOther(req, res, `/w/${workspace.id}/prices`);
  });

  return router;
}
