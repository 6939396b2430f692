/** The form of an action over HTTP: what it sends, and what that becomes. */
import { z } from 'zod';
import { line, longText, ticked } from '../web/parse.ts';
import { FILLS } from './fills.ts';
import { KINDS, METHODS, most, namesIn, originOf, type HttpAction, type Input } from './http-action.ts';

const CHOOSE = { error: 'Choose one of those offered.' };

/** Rows of one name: none, one, or several. */
const rows = <T extends z.ZodType<unknown, string>>(each: T) =>
  z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z.array(each).max(most.inputs, { error: `${most.inputs} at most.` }),
  );

const short = z
  .string()
  .trim()
  .max(most.value, { error: `${most.value} characters at most.` });

export const policyAddress = z
  .string()
  .trim()
  .max(most.url)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
    error: 'Enter the address of their privacy policy: your customers’ words may go there.',
  });

export const toolForm = z.strictObject({
  title: line('The name', most.title),
  description: longText('What it does', most.description).refine((text) => text !== '', {
    error: 'Say what it does, and when: the model goes by that.',
  }),
  service: line('Whose service it is', most.title),
  policyUrl: policyAddress,
  method: z.enum(METHODS, CHOOSE),
  url: z
    .string()
    .trim()
    .max(most.url, { error: `${most.url} characters at most.` }),
  changes: ticked(),
  inputName: rows(short),
  inputKind: rows(z.enum(KINDS, CHOOSE)),
  inputRequired: rows(z.enum(['yes', 'no'], CHOOSE)),
  inputAbout: rows(short),
  headerName: rows(short),
  headerValue: rows(z.string().trim().max(most.header)),
  pick: longText('The list', most.pick * 200).transform((text) =>
    text
      .split('\n')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
});

export type ToolForm = z.output<typeof toolForm>;

export type ReadAction = { ok: true; action: HttpAction; headers: Record<string, string> } | { ok: false; errors: Record<string, string> };

/** What the form describes; `before` holds what a form doesn't show: what a service's file described. `ok: false` says at which field. */
export function readAction(form: ToolForm, before: HttpAction | null): ReadAction {
  const inputs = form.inputName.flatMap((name, at) => (name === '' ? [] : [inputOf(form, at, before)]));
  const errors = { ...errorsOfUrl(form.url, inputs), ...errorsOfInputs(inputs), ...errorsOfHeaders(form), ...errorsOfPick(form.pick) };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const named = form.headerName.flatMap((name, at) => (name === '' ? [] : [[name, form.headerValue[at] ?? ''] as const]));
  const { method, url, pick } = form;
  return { ok: true, action: { method, url, inputs, pick, headers: named.map(([name]) => name) }, headers: Object.fromEntries(named) };
}

function inputOf({ inputName, inputKind, inputRequired, inputAbout, url, method }: ToolForm, at: number, before: HttpAction | null): Input {
  const name = inputName[at] ?? '';
  const kind = inputKind[at] ?? 'text';
  const about = inputAbout[at] ?? '';
  const was = before?.inputs.find((each) => each.name === name);
  const inUrl = namesIn(url).includes(name);
  const place = inUrl
    ? 'url'
    : kind === 'described' && was && was.place !== 'url'
      ? was.place
      : method === 'GET' || method === 'DELETE'
        ? 'query'
        : 'body';
  const required = inUrl || inputRequired[at] === 'yes';
  const plain = { name, place, kind, required, about: '', choices: [], schema: {}, value: '' } satisfies Input;
  if (kind === 'choice')
    return {
      ...plain,
      choices: about
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    };
  if (kind === 'filled') return { ...plain, value: about };
  return { ...plain, about: about.slice(0, most.about), schema: kind === 'described' ? (was?.schema ?? {}) : {} };
}

function errorsOfUrl(url: string, inputs: Input[]): Record<string, string> {
  if (url.includes('{{')) return { url: 'Write one brace around a name, as in {order}, and say below that we fill it in.' };
  if (originOf(url) === null || url.includes('\\'))
    return { url: 'Write the address out up to its first slash, as in https://api.example.com/orders/{order}.' };
  const unknown = namesIn(url).find((name) => !inputs.some((input) => input.name === name));
  return unknown === undefined ? {} : { url: `Describe “${unknown}” below: the address needs it.` };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,59}$/;
const KNOWN = new Set(FILLS.map(({ name }) => name));

function errorsOfInputs(inputs: Input[]): Record<string, string> {
  const names = inputs.map(({ name }) => name);
  const odd = names.find((name) => !NAME.test(name));
  if (odd !== undefined) return { inputs: `“${odd}” can’t be a name there: letters, digits and _ alone, beginning with a letter.` };
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { inputs: `“${twice}” stands there twice.` };
  for (const { name, kind, choices, value } of inputs) {
    if (kind === 'choice' && choices.length === 0) return { inputs: `Write what can be chosen for “${name}”, with commas.` };
    if (kind === 'filled' && value === '') return { inputs: `Write what we fill in for “${name}”.` };
    const unknown = [...value.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map(([, fill = '']) => fill).find((fill) => !KNOWN.has(fill));
    if (unknown !== undefined) return { inputs: `“${unknown}” is nothing that we know. There are ${[...KNOWN].join(', ')}.` };
  }
  return {};
}

/** Those that say where a request goes and how it is sent are ours. */
const OURS = /^(host|connection|content-length|content-type|transfer-encoding|upgrade|te|trailer|keep-alive|proxy-.*|expect)$/i;

export function errorsOfHeaders({ headerName, headerValue }: Pick<ToolForm, 'headerName' | 'headerValue'>): Record<string, string> {
  const names = headerName.filter((name) => name !== '');
  const odd = names.find((name) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name) || OURS.test(name));
  if (odd !== undefined) return { headers: `“${odd}” can’t be set here.` };
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return { headers: 'A name stands there twice.' };
  if (headerValue.some((value) => !/^[\x20-\x7e]*$/.test(value)))
    return { headers: 'A value holds characters that can’t be sent. Copy it again.' };
  return headerName.some((name, at) => name === '' && (headerValue[at] ?? '') !== '') ? { headers: 'A value has no name beside it.' } : {};
}

function errorsOfPick(pick: string[]): Record<string, string> {
  if (pick.length > most.pick) return { pick: `${most.pick} lines at most.` };
  return pick.every((path) => /^[\w$ -]+(\[\])?(\.[\w$ -]+(\[\])?)*$|^\[\]/.test(path) && path.length <= 200)
    ? {}
    : { pick: 'Write paths like order.status or items[].name, one to a line.' };
}
