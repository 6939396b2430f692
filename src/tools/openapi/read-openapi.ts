/** What an OpenAPI 3 file says that a service can do, as actions. Runs in a thread of its own: five megabytes take seconds. */
import { parse } from 'yaml';
import type { JsonObject } from '../../providers/index.ts';
import { METHODS, most, namesIn, originOf, type HttpAction, type Input } from '../http-action.ts';
import { isObject, plainSchema, type Resolver } from './plain-schema.ts';

export interface Operation {
  title: string;
  description: string;
  action: HttpAction;
}

export interface OpenApi {
  /** Whose service it is. */
  service: string;
  operations: Operation[];
  /** What can't be called as an action, each with why. */
  left: { title: string; why: string }[];
}

export type ReadOpenApi = { ok: true; file: OpenApi } | { ok: false; says: string };

/** Of more, the first are offered. */
const OPERATIONS = 200;
/** Of one operation as JSON, and of all: a page carries them from one step to the next. */
const LETTERS = { one: 20_000, all: 600_000 };

export function readOpenApi(text: string): ReadOpenApi {
  const file = parsed(text);
  if (!isObject(file)) return { ok: false, says: 'This file can’t be read as JSON or YAML. Download it again and choose the new one.' };
  if (typeof file['openapi'] !== 'string' || !file['openapi'].startsWith('3.'))
    return { ok: false, says: 'This is no OpenAPI file of version 3. Ask the service for one, or describe the action by hand.' };
  const base = baseOf(file);
  if (base === null)
    return {
      ok: false,
      says: 'The file doesn’t say at which address its service is. Write it under “servers”, whole, beginning with https://.',
    };
  const service = textOf(isObject(file['info']) ? file['info']['title'] : '', most.title) || 'A service';
  const found: OpenApi = { service, operations: [], left: [] };
  const resolve = resolverOf(file);
  let room = LETTERS.all;
  for (const [path, item] of Object.entries(isObject(file['paths']) ? file['paths'] : {})) {
    for (const method of METHODS) {
      const operation = isObject(item) ? item[method.toLowerCase()] : undefined;
      if (!isObject(operation) || found.operations.length + found.left.length >= OPERATIONS) continue;
      const title = textOf(operation['summary'] ?? operation['operationId'], most.title) || `${method} ${path}`.slice(0, most.title);
      const read = actionOf({ method, url: `${base}${path}`, shared: isObject(item) ? item['parameters'] : [], operation, resolve });
      const letters = JSON.stringify(read).length;
      if (typeof read === 'string') found.left.push({ title, why: read });
      else if (letters > Math.min(LETTERS.one, room)) found.left.push({ title, why: 'What it wants is described at too great a length.' });
      else {
        room -= letters;
        const description = textOf(operation['description'] ?? operation['summary'], most.description) || title;
        found.operations.push({ title, description, action: read });
      }
    }
  }
  if (found.operations.length + found.left.length === 0) return { ok: false, says: 'The file describes nothing that can be called.' };
  return { ok: true, file: found };
}

function parsed(text: string): unknown {
  try {
    const bare = text.replace(/^\uFEFF/, '').trimStart();
    return bare.startsWith('{') ? JSON.parse(bare) : parse(bare, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function baseOf({ servers }: JsonObject): string | null {
  const server: unknown = Array.isArray(servers) ? servers.at(0) : undefined;
  if (!isObject(server) || typeof server['url'] !== 'string') return null;
  const variables = isObject(server['variables']) ? server['variables'] : {};
  const url = server['url'].replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = variables[name];
    return isObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole;
  });
  return originOf(url) === null || namesIn(url).length > 0 ? null : url.replace(/\/+$/, '');
}

/** Local references alone: nothing is fetched by reading a file. */
function resolverOf(file: JsonObject): Resolver {
  return (reference) => {
    if (!reference.startsWith('#/')) return undefined;
    let at: unknown = file;
    for (const step of reference.slice(2).split('/')) {
      const name = decode(step).replaceAll('~1', '/').replaceAll('~0', '~');
      if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
      at = at[name];
    }
    return at;
  };
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

interface Described {
  method: HttpAction['method'];
  url: string;
  shared: unknown;
  operation: JsonObject;
  resolve: Resolver;
}

/** A string says why it can't be one. */
function actionOf({ method, url, shared, operation, resolve }: Described): HttpAction | string {
  const follow = (value: unknown): unknown => (isObject(value) && typeof value['$ref'] === 'string' ? resolve(value['$ref']) : value);
  const listed = [shared, operation['parameters']]
    .flatMap((list): unknown[] => (Array.isArray(list) ? list.map(follow) : []))
    .filter(isObject);
  // What the operation says of a parameter counts before what its path says.
  const parameters = [...new Map(listed.map((each) => [`${String(each['in'])} ${String(each['name'])}`, each])).values()];
  const elsewhere = parameters.find((each) => each['required'] === true && each['in'] !== 'path' && each['in'] !== 'query');
  if (elsewhere)
    return `It wants a ${String(elsewhere['in'])} of its own, “${String(elsewhere['name']).slice(0, 60)}”. Describe it by hand.`;
  const inputs = parameters.flatMap((each) => inputOf(each, resolve));
  const body = bodyOf(follow(operation['requestBody']), resolve);
  if (typeof body === 'string') return body;
  if (method === 'GET' && body.length > 0) return 'It wants a body to look something up, which no request of that kind can carry.';
  const all = [...inputs, ...body];
  const names = all.map(({ name }) => name);
  const odd = names.find((name, at) => !/^[A-Za-z_][A-Za-z0-9_.-]{0,59}$/.test(name) || names.indexOf(name) !== at);
  if (odd !== undefined) return `It calls a value “${odd.slice(0, 60)}”, or two so. Describe it by hand.`;
  if (namesIn(url).some((name) => !names.includes(name)) || url.length > most.url) return 'Its address holds a name that isn’t described.';
  if (all.length > most.inputs) return `It wants more than ${most.inputs} values.`;
  return { method, url, inputs: all, headers: [], pick: [] };
}

function inputOf(parameter: JsonObject, resolve: Resolver): Input[] {
  const { name, in: place, required, description, schema } = parameter;
  if (typeof name !== 'string' || (place !== 'path' && place !== 'query')) return [];
  return [
    described(
      name,
      place === 'path' ? 'url' : 'query',
      place === 'path' || required === true,
      textOf(description, most.about),
      plainSchema(schema, resolve),
    ),
  ];
}

function described(name: string, place: Input['place'], required: boolean, about: string, schema: JsonObject): Input {
  return { name, place, kind: 'described', required, about, choices: [], schema, value: '' };
}

function bodyOf(body: unknown, resolve: Resolver): Input[] | string {
  if (!isObject(body)) return [];
  const content = isObject(body['content']) ? body['content'] : {};
  const json = Object.entries(content).find(([type]) => /^application\/(.*\+)?json\b/.test(type))?.[1];
  if (!isObject(json)) return body['required'] === true ? 'It wants something else than JSON. Describe it by hand.' : [];
  const { properties, required } = plainSchema(json['schema'], resolve);
  if (!isObject(properties)) return 'Its JSON is no object with names. Describe it by hand.';
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, schema]) => {
    const plain = isObject(schema) ? schema : {};
    return described(name, 'body', needed.includes(name), textOf(plain['description'], most.about), plain);
  });
}

function textOf(value: unknown, atMost: number): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, atMost).toWellFormed() : '';
}
