/**
 * Which models of which keys are ill just now: after several failures in a short time a model is passed over where there is
 * another, and asked again by one call on trial. In memory alone: it is about this minute, a restart asks anew at the cost
 * of one failed call, and nothing on the way of an answer waits for a disk.
 */
import type { Installation } from '../installation.ts';
import type { Workspace } from '../workspace.ts';
import type { ProviderError } from './provider.ts';

const FAILURES = 5;
const WINDOW_MS = 60_000;
const REST_MS = 30_000;
/** What won't pass by itself: one is enough, and it isn't looked at again so soon. */
const LASTING: readonly ProviderError['kind'][] = ['wrong-key', 'no-credit', 'no-model'];
const LASTING_REST_MS = 5 * 60_000;
/** Longer than a call takes. A trial that nobody told the end of is over then: the question may never have been put to the model. */
const TRIAL_MS = 2 * 60_000;

interface Circuit {
  /** Steady ms of the latest failures. */
  failures: number[];
  /** By the steady clock, until when it is left alone; null while it is well. */
  restsUntil: number | null;
  /** By the steady clock, until when one call may be asking whether it is well again; 0 when none is. */
  trialUntil: number;
  ill: Illness | null;
}

export interface Illness {
  model: string;
  /** UTC ms. */
  since: number;
  says: string;
}

const installations = new WeakMap<Installation, Map<string, Circuit>>();

function circuitsOf({ installation }: Workspace): Map<string, Circuit> {
  const circuits = installations.get(installation) ?? new Map<string, Circuit>();
  installations.set(installation, circuits);
  return circuits;
}

const nameOf = (ws: Workspace, keyId: number, model: string): string => `${ws.id} ${keyId} ${model}`;

/** Whether a model may be asked now. Of one that has rested a while, yes to one caller: until that call ends, or should have, no to others. */
export function mayAsk(ws: Workspace, keyId: number, model: string): boolean {
  const circuit = circuitsOf(ws).get(nameOf(ws, keyId, model));
  if (!circuit || circuit.restsUntil === null) return true;
  const now = ws.clock.steady();
  if (now < circuit.trialUntil || now < circuit.restsUntil) return false;
  circuit.trialUntil = now + TRIAL_MS;
  return true;
}

/** It answered, so it is well. */
export function noteWell(ws: Workspace, keyId: number, model: string): void {
  circuitsOf(ws).delete(nameOf(ws, keyId, model));
}

/** A call was let go before it told anything: the next may try. */
export function noteNothing(ws: Workspace, keyId: number, model: string): void {
  const circuit = circuitsOf(ws).get(nameOf(ws, keyId, model));
  if (circuit) circuit.trialUntil = 0;
}

/** A call failed. What the model refused to say is no illness. */
export function noteIll(ws: Workspace, keyId: number, model: string, error: ProviderError): void {
  if (error.kind === 'refused') return noteNothing(ws, keyId, model);
  const name = nameOf(ws, keyId, model);
  const now = ws.clock.steady();
  const known = circuitsOf(ws).get(name) ?? { failures: [], restsUntil: null, trialUntil: 0, ill: null };
  const failures = [...known.failures.filter((at) => now - at < WINDOW_MS), now].slice(-FAILURES);
  const lasting = LASTING.includes(error.kind);
  const opens = lasting || known.restsUntil !== null || failures.length >= FAILURES;
  const ill = opens ? { model, since: known.ill?.since ?? ws.clock.now(), says: error.says } : null;
  const rest = Math.max(lasting ? LASTING_REST_MS : REST_MS, error.retryAfter ?? 0);
  circuitsOf(ws).set(name, { failures, restsUntil: opens ? now + rest : null, trialUntil: 0, ill });
}

/** The models of a key that are passed over now. */
export function illnessesOf(ws: Workspace, keyId: number): Illness[] {
  const mine = `${ws.id} ${keyId} `;
  return [...circuitsOf(ws)].flatMap(([name, { ill }]) => (ill && name.startsWith(mine) ? [ill] : []));
}

/** Somebody has looked after the key: its models are asked again at once. */
export function forgetIllnesses(ws: Workspace, keyId: number): void {
  const circuits = circuitsOf(ws);
  for (const name of circuits.keys()) if (name.startsWith(`${ws.id} ${keyId} `)) circuits.delete(name);
}
