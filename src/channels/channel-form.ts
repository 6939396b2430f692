/** The form that a kind's settings draw, by its own schema. */
import { z } from 'zod';
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
  /** An <input>'s type. */
  type: 'text' | 'color';
  /** More than one: a text area. */
  rows: number;
  /** A choice; empty where it is no choice. */
  options: Choice[];
}

/** Fields with what was typed or stored. A secret is never put back into a page. */
export function fieldsOf(kind: Channel, values: Record<string, unknown>, errors: Record<string, string> = {}): FormField[] {
  const secrets = secretFields(kind);
  return Object.entries(kind.settings.shape).map(([name, field]) => {
    const value = values[name];
    const { label = name, hint = '', input, rows = 0, choices = {} } = metaOf(field);
    return {
      name,
      label,
      hint,
      error: errors[name] ?? '',
      value: secrets.has(name) || typeof value !== 'string' ? '' : value,
      secret: secrets.has(name),
      type: input === 'color' ? 'color' : 'text',
      rows,
      options: choicesOf(field, choices),
    };
  });
}

/** What such a form posts, as text: the kind's own schema reads it later, and names the field that doesn't fit. */
export function formOf(kind: Channel, ...more: string[]): z.ZodType<Record<string, string>> {
  return z.strictObject(
    Object.fromEntries([...Object.keys(kind.settings.shape), ...more].map((name) => [name, z.string({ error: 'This is missing.' })])),
  );
}

interface Meta {
  label?: string;
  hint?: string;
  input?: string;
  rows?: number;
  /** What a choice is called, where its value doesn't say it. */
  choices?: Record<string, string>;
}

function metaOf(field: unknown): Meta {
  return field instanceof z.ZodType ? ((field.meta() ?? {}) as Meta) : {};
}

const languageNames = once(() => new Intl.DisplayNames('en', { type: 'language' }));

function choicesOf(field: unknown, names: Record<string, string>): Choice[] {
  const inner = field instanceof z.ZodDefault ? field.unwrap() : field;
  if (!(inner instanceof z.ZodEnum)) return [];
  return inner.options.map(String).map((value) => ({ value, label: names[value] ?? languageNames().of(value) ?? value }));
}
