/** Turns an action and its values into a request. Nothing that a model or a customer says can change where it goes. */
import type { JsonObject } from '../providers/index.ts';
import type { Fills } from './fills.ts';
import { originOf, type HttpAction, type Input } from './http-action.ts';

export interface FilledRequest {
  origin: string;
  method: string;
  url: string;
  body: string | null;
}

export type Filled = { request: FilledRequest; refused?: undefined } | { request?: undefined; refused: string };

/** `values` fit the action's schema. `refused` says in plain words what is missing. */
export function fillAction(action: HttpAction, values: JsonObject, fills: Fills): Filled {
  const origin = originOf(action.url);
  if (origin === null) return { refused: 'Its address isn’t whole. Mend it on the tool’s page.' };
  const known = new Map<string, { input: Input; value: unknown }>();
  for (const input of action.inputs) {
    const value = input.kind === 'filled' ? filled(input.value, fills) : { value: values[input.name] };
    if ('missing' in value) return { refused: `${value.missing} isn’t known of this customer.` };
    if (value.value !== undefined && value.value !== null) known.set(input.name, { input, value: value.value });
  }
  const url = fillUrl(action.url, known);
  if (typeof url !== 'string') return url;
  const target = URL.parse(url);
  if (target?.origin !== origin) return { refused: 'The values would lead to another address.' };
  const body: JsonObject = {};
  for (const [name, { input, value }] of known) {
    if (input.place === 'query') for (const each of [value].flat()) target.searchParams.append(name, textOf(each));
    else if (input.place === 'body') body[name] = value;
  }
  const hasBody = action.inputs.some((input) => input.place === 'body');
  return { request: { origin, method: action.method, url: target.href, body: hasBody ? JSON.stringify(body) : null } };
}

/** Each value is one piece of the address: it can't open another path, a query or a fragment. */
function fillUrl(template: string, known: ReadonlyMap<string, { value: unknown }>): string | { refused: string } {
  let refused: string | undefined;
  const url = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const text = textOf(known.get(name)?.value ?? '');
    if (text.trim() === '') refused = `${name} is missing.`;
    return encodeURIComponent(text.toWellFormed());
  });
  // A browser's address would go one folder up at these.
  if (/(^|\/)\.{1,2}(?=[/?#]|$)/.test(url.replace(/^https?:\/\//i, ''))) refused ??= 'A value is no name that can stand in an address.';
  return refused === undefined ? url : { refused };
}

function filled(text: string, fills: Fills): { value: string } | { missing: string } {
  let missing: string | undefined;
  const value = text.replace(/\{\{\s*([a-z_.]+)\s*\}\}/g, (whole, name: string) => {
    const known = fills[name];
    if (known === undefined || known === '') missing ??= name;
    return known ?? whole;
  });
  return missing === undefined ? { value } : { missing };
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
