/** What the page of the search by meaning shows. */
import { costOf, listKeys, priceOf, type Provider } from '../../providers/index.ts';
import { moneyText, numberText, pluralText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { estimateMissing } from './missing.ts';

interface ModelRow {
  id: number;
  keyId: number;
  provider: Provider['id'];
  host: string | null;
  model: string;
  state: 'filling' | 'serving';
  tokens: number;
  cost: number;
  currency: string | null;
  says: string | null;
  since: number | null;
}

const LIVE = `
  SELECT id, provider_key_id AS keyId, provider, host, model, state, tokens, cost_micros AS cost, currency, says, serving_since AS since
  FROM embedding_models WHERE state <> 'retired'`;

export interface ShownModel extends ModelRow {
  /** Passages it has read, those it refused, and all there are, each text once. */
  done: number;
  refused: number;
  all: number;
  progress: string;
  ledger: { name: string; value: string }[];
}

export interface Meaning {
  serving: ShownModel | undefined;
  filling: ShownModel | undefined;
  line: string;
}

/** How the search by meaning stands. */
export function meaningOf(ws: Workspace): Meaning {
  const rows = ws.prepare(LIVE).all() as ModelRow[];
  const all = Number(ws.prepare('SELECT count(DISTINCT hash) FROM chunks').pluck().get());
  const shown = rows.map((row) => shownModel(ws, row, all));
  const serving = shown.find(({ state }) => state === 'serving');
  const filling = shown.find(({ state }) => state === 'filling');
  return { serving, filling, line: lineOf(serving, filling) };
}

function lineOf(serving: ShownModel | undefined, filling: ShownModel | undefined): string {
  if (serving && filling) return `${filling.model} reads your knowledge; ${serving.model} answers until it is done.`;
  if (serving) return 'Questions are searched by their words and by their meaning.';
  if (filling) return 'Your knowledge is being read; until that is done, words alone are searched.';
  return 'Questions are searched by their words.';
}

function shownModel(ws: Workspace, row: ModelRow, all: number): ShownModel {
  const read = ws.prepare(
    'SELECT count(*) AS done, (SELECT count(*) FROM embeddings WHERE model_id = @id AND vector IS NULL) AS refused FROM embeddings WHERE model_id = @id',
  );
  const { done, refused } = read.get({ id: row.id }) as { done: number; refused: number };
  const known = row.currency === null ? 'price not known here' : moneyText(row.cost, row.currency);
  const cost = row.tokens === 0 ? 'nothing yet' : known;
  const ledger = [
    { name: 'Model', value: row.model },
    { name: 'Sent to', value: row.host ?? '' },
    {
      name: 'Passages read',
      value: refused === 0 ? numberText(done) : `${numberText(done - refused)}, and ${numberText(refused)} refused`,
    },
    { name: 'Tokens read', value: numberText(row.tokens) },
    { name: 'Cost so far', value: cost },
  ];
  return { ...row, done, refused, all, progress: `${numberText(done)} of ${pluralText(all, 'passage')}`, ledger };
}

export interface ModelChoice {
  /** `key/model`, as the form sends it. */
  value: string;
  label: string;
}

/** Models that can be chosen, with what each would cost before anything is sent; the cheapest first, unknown prices last. */
export async function modelChoices(ws: Workspace, { serving, filling }: Meaning): Promise<{ choices: ModelChoice[]; estimate: string }> {
  const { texts, tokens } = await estimateMissing(ws, 0);
  const usage = { inputTokens: tokens, cachedTokens: 0, outputTokens: 0 };
  const found = listKeys(ws).flatMap(({ id: keyId, name, host, provider, embeddingModels }) =>
    embeddingModels
      .filter(({ id }) => ![serving, filling].some((live) => live?.model === id && live.keyId === keyId))
      .map(({ id: model }) => {
        const price = priceOf(ws, provider, model);
        const has = serving?.model === model && serving.provider === provider && serving.host === host;
        const cost = has ? 0 : price && costOf(price, usage);
        const says = has
          ? 'has read it already'
          : price && cost !== null
            ? `about ${moneyText(cost, price.currency)}`
            : 'price not known here';
        return { value: `${keyId}/${model}`, label: `${model}, ${name}: ${says}`, cost: cost ?? Infinity };
      }),
  );
  const choices = found.sort((a, b) => a.cost - b.cost).map(({ value, label }) => ({ value, label }));
  return { choices, estimate: `${pluralText(texts, 'passage')}, about ${pluralText(tokens, 'token')}` };
}
