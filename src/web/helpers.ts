/** The helpers of the templates. Few: what needs thought belongs in a query or a route. */
import type Handlebars from 'handlebars';
import type { HelperOptions } from 'handlebars';
import type { Around } from './frame.ts';
import { bytesText, durationText, moneyText, numberText, pluralText, spanText, timeText, wordText, type TimeForm } from './formats.ts';
import { handlebars } from './handlebars.ts';
import { iconHtml } from './icons.ts';
import { roleMay, type WorkspaceAction } from './permissions.ts';
import { assetPath, stylesheets } from './static-files.ts';

/** HTML that the template takes as it is. */
function safe(html: string): Handlebars.SafeString {
  return new (handlebars().SafeString)(html);
}

/** Handlebars passes its options last, whatever was given before. */
function given(args: unknown[]): { values: unknown[]; hash: Record<string, unknown>; around: Around } {
  const options = args.at(-1) as HelperOptions;
  return { values: args.slice(0, -1), hash: options.hash as Record<string, unknown>, around: options.data as Around };
}

function time(...args: unknown[]): Handlebars.SafeString | string {
  const {
    values: [at, form],
    around,
  } = given(args);
  if (typeof at !== 'number') return '';
  const text = timeText(around.zone, around.now, at, (typeof form === 'string' ? form : 'smart') as TimeForm);
  const whole = timeText(around.zone, around.now, at, 'full');
  return safe(`<time datetime="${new Date(at).toISOString()}" title="${whole}">${text}</time>`);
}

/** How long ago, in a sentence: "4 min". */
function since(...args: unknown[]): string {
  const {
    values: [at],
    around,
  } = given(args);
  return typeof at === 'number' ? spanText(around.now - at) : '';
}

function money(...args: unknown[]): string {
  const [micros, currency] = given(args).values;
  return typeof micros === 'number' && typeof currency === 'string' ? moneyText(micros, currency) : '';
}

function ofNumber(write: (n: number) => string): (value: unknown) => string {
  return (value) => (typeof value === 'number' ? write(value) : '');
}

function words(...args: unknown[]): string {
  const {
    values: [n],
    hash,
  } = given(args);
  if (typeof n !== 'number') return '';
  const text = wordText(n);
  return hash['start'] === true ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function plural(...args: unknown[]): string {
  const [n, one, many] = given(args).values;
  if (typeof n !== 'number' || typeof one !== 'string') return '';
  return pluralText(n, one, typeof many === 'string' ? many : undefined);
}

function icon(...args: unknown[]): Handlebars.SafeString {
  const {
    values: [name],
    hash,
  } = given(args);
  return safe(iconHtml(String(name), typeof hash['label'] === 'string' ? hash['label'] : undefined));
}

/** The hidden field that every form which posts must have. */
function csrf(...args: unknown[]): Handlebars.SafeString | string {
  const token = given(args).around.csrf;
  return token === undefined ? '' : safe(`<input type="hidden" name="csrf" value="${handlebars().escapeExpression(token)}">`);
}

/** What a page tells its layout: title, way, main (class of main), shell (class of the shell), script (one, or several with spaces between). */
function page(...args: unknown[]): string {
  const { hash, around } = given(args);
  const { script = '', ...more } = hash;
  Object.assign(around.page, more, { scripts: String(script).split(' ').filter(Boolean) });
  return '';
}

function mayDo(...args: unknown[]): boolean {
  const {
    values: [action],
    around,
  } = given(args);
  return around.frame.role !== undefined && roleMay(around.frame.role, action as WorkspaceAction);
}

function styles(): Handlebars.SafeString {
  return safe(
    stylesheets()
      .map((path) => `<link rel="stylesheet" href="${assetPath(path)}">`)
      .join('\n'),
  );
}

function join(...args: unknown[]): string {
  return given(args)
    .values.filter((value) => value !== undefined && value !== null && value !== false)
    .join('');
}

export const helpers: Record<string, Handlebars.HelperDelegate> = {
  asset: (path: unknown) => assetPath(String(path)),
  bytes: ofNumber(bytesText),
  csrf,
  duration: ofNumber(durationText),
  eq: (a: unknown, b: unknown) => a === b,
  icon,
  join,
  may: mayDo,
  money,
  not: (value: unknown) => handlebars().Utils.isEmpty(value) && value !== 0,
  number: ofNumber(numberText),
  or: (...args: unknown[]) => given(args).values.find(Boolean),
  and: (...args: unknown[]) => given(args).values.every(Boolean),
  page,
  plural,
  since,
  span: ofNumber(spanText),
  styles,
  time,
  words,
};
