/** What models can do besides reading words: look at pictures, and write down what was spoken. */
import type { Workspace } from '../workspace.ts';
import { keyById } from './keys.queries.ts';
import { providers } from './registry.ts';

/** Models that are known to see; of the others nobody knows, and the owner says. */
const SEES: readonly RegExp[] = [
  /\bgpt-(4o|4\.1|4-turbo|[5-9])(?!.*(audio|realtime|transcribe|search))/,
  /\bo[134](-|$)/,
  /\bclaude-(3|haiku|sonnet|opus|fable|mythos)/,
  /\bgemini-/,
  /\bgemma-?[34]/,
  /\bllama-?4/,
  /\bpixtral|\bmistral-(small|medium|large)-(latest|2[5-9]\d\d)/,
  /\b(llava|minicpm-v|moondream)|[-_.\d]vl\b|vision/,
];
/** Of the same families, and blind. */
const BLIND = /\bo[13]-(mini|preview)|claude-3-5-haiku-20241022/;

/** Whether a model is known to look at pictures, by its name, which may have its maker's before it. */
export function seesPictures(model: string): boolean {
  const name = model.toLowerCase();
  return !BLIND.test(name) && SEES.some((known) => known.test(name));
}

/** What isn't offered to a model of a key any more, since it was refused once. Kept beside the fields that a host refuses. */
export type Lack = 'pictures' | 'transcription';

/** How a lack is remembered. */
export function lackOf(what: Lack, model: string): string {
  return `${what}@${model}`;
}

export function lacks(ws: Workspace, keyId: number, what: Lack, model: string): boolean {
  const refused = 'SELECT EXISTS (SELECT 1 FROM json_each(refused_fields) WHERE value = ?) FROM provider_keys WHERE id = ?';
  return ws.prepare(refused).pluck().get(lackOf(what, model), keyId) === 1;
}

/** The model of a key that writes down what was spoken; null where it has none, or where one was refused. */
export function hearingModel(ws: Workspace, keyId: number): string | null {
  const key = keyById(ws, keyId);
  const model = key && providers[key.provider].transcriber?.modelOf(key.hearingModels);
  return model && !lacks(ws, keyId, 'transcription', model) ? model : null;
}
