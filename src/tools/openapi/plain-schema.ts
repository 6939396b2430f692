/**
 * A JSON Schema as a stranger's file or server writes it, made plain: references resolved, circles opened, and only words that models
 * and our own check both know. What is left out is checked by the service itself.
 */
import type { JsonObject } from '../../providers/index.ts';

/** Deeper, anything goes. */
const DEPTH = 6;
/** Parts of one schema; what comes after them is any value. */
const PARTS = 300;
const TEXT = 300;

export interface Resolver {
  /** What a local reference leads to; undefined where it leads nowhere or outside. */
  (reference: string): unknown;
}

export function plainSchema(schema: unknown, resolve: Resolver): JsonObject {
  return new Plainer(resolve).of(schema, []);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const NUMBERS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'];

class Plainer {
  readonly #resolve: Resolver;
  #left = PARTS;

  constructor(resolve: Resolver) {
    this.#resolve = resolve;
  }

  /** `above`: the references that led here; one of them again is a circle. */
  of(schema: unknown, above: readonly string[]): JsonObject {
    if (!isObject(schema) || above.length > 50 || this.#left-- <= 0) return {};
    const reference = schema['$ref'];
    if (typeof reference === 'string') return above.includes(reference) ? {} : this.of(this.#resolve(reference), [...above, reference]);
    // Each step down counts as one, by a mark that no reference can be.
    const below = [...above, ''];
    if (below.filter((each) => each === '').length > DEPTH) return {};
    return { ...this.#plain(schema), ...this.#inside(schema, below) };
  }

  #plain(schema: JsonObject): JsonObject {
    const types = [schema['type']].flat().filter((type) => typeof type === 'string' && TYPES.has(type));
    if (schema['nullable'] === true && types.length > 0 && !types.includes('null')) types.push('null');
    const { description } = schema;
    const values = Array.isArray(schema['enum'])
      ? schema['enum'].filter((value) => value === null || typeof value !== 'object').slice(0, 100)
      : [];
    return {
      ...(types.length === 0 ? {} : { type: types.length === 1 ? types[0] : types }),
      ...(typeof description === 'string' && description !== '' ? { description: description.slice(0, TEXT).toWellFormed() } : {}),
      ...(values.length === 0 ? {} : { enum: values }),
      ...Object.fromEntries(NUMBERS.flatMap((name) => (typeof schema[name] === 'number' ? [[name, schema[name]]] : []))),
    };
  }

  #inside(schema: JsonObject, above: readonly string[]): JsonObject {
    const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.slice(0, 20).map((each) => this.of(each, above)) : []);
    const either = list(schema['anyOf'] ?? schema['oneOf']);
    const all = list(schema['allOf']);
    const { items, required } = schema;
    const properties = { ...mergedIn(all, 'properties'), ...this.#properties(schema['properties'], above) };
    const names = [...all.flatMap((each) => namesIn(each['required'])), ...namesIn(required)].filter((name) => name in properties);
    return {
      ...(all.length > 0 && !('type' in schema) && Object.keys(properties).length > 0 ? { type: 'object' } : {}),
      ...(either.length > 0 ? { anyOf: either } : {}),
      ...(isObject(items) ? { items: this.of(items, above) } : {}),
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(names.length > 0 ? { required: [...new Set(names)] } : {}),
    };
  }

  #properties(properties: unknown, above: readonly string[]): JsonObject {
    if (!isObject(properties)) return {};
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => name !== '__proto__')
        .slice(0, 60)
        .map(([name, each]) => [name, this.of(each, above)]),
    );
  }
}

function mergedIn(all: readonly JsonObject[], name: string): JsonObject {
  return Object.assign({}, ...all.map((each) => (isObject(each[name]) ? each[name] : {}))) as JsonObject;
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
