/** The form that a kind's settings draw, by its own schema. */
import { z } from 'zod';
import { ticked } from '../web/parse.ts';
import type { Channel } from './channel.ts';
import type { Choice } from './channels.queries.ts';
import { secretFields } from './settings.ts';
import { once } from '../lib/once.ts';

export interface FormField {
  name: string;
  label: string;
  hint: string;
  error: string;
  value: string;
  secret: boolean;
  /** Which part of a page it stands in, where the page has parts. */
  group: string;
  /** An <input>'s type; 'switch' is on or off. */
  type: 'text' | 'color' | 'switch';
  on: boolean;
  /** More than one: a text area. */
  rows: number;
  /** A choice; empty where it is no choice. */
  options: Choice[];
}

/** Which form: the one that connects an account asks less than the one on the channel's own page. */
export type FormKind = 'connect' | 'edit';

/** Fields with what was typed or stored. A secret is never put back into a page. */
export function fieldsOf(kind: Channel, form: FormKind, values: Record<string, unknown>, errors: Record<string, string> = {}): FormField[] {
  const secrets = secretFields(kind);
  return shownIn(kind, form).map(([name, field]) => {
    const value = values[name];
    const { label = name, hint = '', group = '', input, rows = 0, choices = {} } = metaOf(field);
    return {
      name,
      label,
      hint,
      error: errors[name] ?? '',
      value: secrets.has(name) || typeof value !== 'string' ? '' : value,
      secret: secrets.has(name),
      group,
      type: isSwitch(field) ? 'switch' : input === 'color' ? 'color' : 'text',
      on: value === true || value === 'on',
      rows,
      options: choicesOf(field, choices),
    };
  });
}

/** What such a form posts, as text: the kind's own schema reads it later, and names the field that doesn't fit. */
export function formOf(kind: Channel, form: FormKind): z.ZodObject<Record<string, z.ZodType<string | boolean>>> {
  return z.strictObject(Object.fromEntries(shownIn(kind, form).map(([name, field]) => [name, isSwitch(field) ? ticked() : typed])));
}

const typed = z.string({ error: 'This is missing.' });

function shownIn(kind: Channel, form: FormKind): [string, unknown][] {
  return Object.entries(kind.settings.shape).filter(([, field]) => {
    const { later = false, made = false } = metaOf(field);
    return !made && (form === 'edit' || !later);
  });
}

function isSwitch(field: unknown): boolean {
  return unwrapped(field) instanceof z.ZodBoolean;
}

interface Meta {
  label?: string;
  hint?: string;
  group?: string;
  input?: string;
  rows?: number;
  /** Not asked when the account is connected, only on the channel's own page. */
  later?: boolean;
  /** In no form: the software makes it. */
  made?: boolean;
  /** What a choice is called, where its value doesn't say it. */
  choices?: Record<string, string>;
}

function metaOf(field: unknown): Meta {
  return field instanceof z.ZodType ? ((field.meta() ?? {}) as Meta) : {};
}

const languageNames = once(() => new Intl.DisplayNames('en', { type: 'language' }));

function unwrapped(field: unknown): unknown {
  return field instanceof z.ZodDefault ? field.unwrap() : field;
}

function choicesOf(field: unknown, names: Record<string, string>): Choice[] {
  const inner = unwrapped(field);
  if (!(inner instanceof z.ZodEnum)) return [];
  return inner.options.map(String).map((value) => ({ value, label: names[value] ?? languageNames().of(value) ?? value }));
}
