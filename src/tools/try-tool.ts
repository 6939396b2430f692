/** Calls a tool as its page does: the owner types the values, also those that we fill in, and sees what went out and came back. */
import { z } from 'zod';
import type { JsonObject } from '../providers/index.ts';
import type { Workspace } from '../workspace.ts';
import { callHttp, type Outcome } from './call-http.ts';
import { parametersOfAction, type HttpAction } from './http-action.ts';
import { readInput } from './read-input.ts';
import { headersOf, type HttpTool } from './tools.queries.ts';

const typed = z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(z.string().max(2000)));
export const tryForm = z.strictObject({ value: typed });

export interface Tried extends Outcome {
  ms: number;
  /** As they went out; of values the last four characters at most. */
  headers: string[];
}

const PATIENCE_MS = 15_000;

/** `values` stand in the order of the action's inputs. A string says what is wrong with them. */
export async function tryTool(ws: Workspace, tool: HttpTool, values: readonly string[], signal: AbortSignal): Promise<Tried | string> {
  const { inputs } = tool.action;
  const asked = inputs.filter(({ kind }) => kind !== 'filled');
  const named = Object.fromEntries(inputs.map(({ name }, at) => [name, values[at] ?? '']));
  const given = Object.fromEntries(
    asked.flatMap(({ name, kind }) => ((named[name] ?? '') === '' ? [] : [[name, valueOf(kind, named[name] ?? '')]])),
  );
  const read = readInput(JSON.stringify(given), parametersOfAction(tool.action));
  if (!read.values) return read.wrong;
  const action: HttpAction = {
    ...tool.action,
    inputs: inputs.map((input) => (input.kind === 'filled' ? { ...input, value: named[input.name] ?? '' } : input)),
  };
  const began = ws.clock.steady();
  const outcome = await callHttp(ws, { ...tool, action }, read.values, {}, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  const headers = Object.entries(headersOf(ws, tool)).map(
    ([name, value]) => `${name}: ${value.length >= 12 ? `…${value.slice(-4)}` : '…'}`,
  );
  return { ...outcome, ms: ws.clock.steady() - began, headers };
}

function valueOf(kind: HttpAction['inputs'][number]['kind'], text: string): JsonObject[string] {
  if (kind === 'number' || kind === 'integer') return Number(text.replace(',', '.'));
  if (kind === 'yes-no') return /^(yes|true|1)$/i.test(text);
  if (kind !== 'described') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
