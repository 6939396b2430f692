/** An action over HTTP: what it wants to know, and how that becomes a request. One JSON document in a tool's row. */
import { z } from 'zod';
import type { JsonObject } from '../providers/index.ts';

export const most = {
  name: 60,
  title: 80,
  description: 1000,
  url: 1000,
  inputs: 20,
  about: 300,
  value: 500,
  pick: 20,
  headers: 6,
  header: 4000,
};

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** What a model may fill in: text and numbers as people know them, one of a list, or what a file of the service describes. */
export const KINDS = ['text', 'number', 'integer', 'yes-no', 'choice', 'described', 'filled'] as const;

/** Where a value goes. */
const place = z.enum(['url', 'query', 'body']);

const input = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,59}$/),
  place,
  kind: z.enum(KINDS),
  required: z.boolean(),
  /** For the model; of a choice, beside what can be chosen. */
  about: z.string().max(most.about),
  choices: z.array(z.string().max(most.about)).max(100).default([]),
  /** Of 'described': its JSON Schema. */
  schema: z.record(z.string(), z.unknown()).default({}),
  /** Of 'filled': a text of ours, in which {{contact.email}} and the like are replaced. No model sees or sets it. */
  value: z.string().max(most.value).default(''),
});

export const httpAction = z.strictObject({
  method: z.enum(METHODS),
  /** Its origin is written out: no value can change where it goes. `{order}` stands for the input of that name. */
  url: z.string().max(most.url),
  inputs: z.array(input).max(most.inputs),
  /** Names of headers that go along, whose values are sealed. */
  headers: z.array(z.string().max(100)).max(most.headers),
  /** Paths into a JSON answer: `order.status`, `items[].name`. None: all of it. */
  pick: z.array(z.string().max(200)).max(most.pick),
});

export type HttpAction = z.output<typeof httpAction>;
export type Input = HttpAction['inputs'][number];

/** What a model may set, as JSON Schema. */
export function parametersOfAction({ inputs }: HttpAction): JsonObject {
  const asked = inputs.filter(({ kind }) => kind !== 'filled');
  return {
    type: 'object',
    properties: Object.fromEntries(asked.map((each) => [each.name, schemaOf(each)])),
    required: asked.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

function schemaOf({ kind, about, choices, schema }: Input): JsonObject {
  const described = about === '' ? {} : { description: about };
  switch (kind) {
    case 'number':
    case 'integer':
      return { type: kind, ...described };
    case 'yes-no':
      return { type: 'boolean', ...described };
    case 'choice':
      return { type: 'string', enum: choices, ...described };
    case 'described':
      return { ...schema, ...described };
    default:
      return { type: 'string', ...described };
  }
}

/** Names that an address has in braces, in their order. */
export function namesIn(url: string): string[] {
  return [...url.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
}

/** The origin of an address whose rest may hold names in braces; null where it isn't written out. */
export function originOf(url: string): string | null {
  const [origin = ''] = /^https?:\/\/[^/?#\\]+/i.exec(url) ?? [];
  if (origin === '' || /[{}@\s]/.test(origin)) return null;
  return URL.parse(origin)?.origin ?? null;
}
