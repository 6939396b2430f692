/** A channel's settings as its kind's own schema reads them. */
import { z } from 'zod';
import { Problem } from '../web/problem.ts';
import type { Channel } from './channel.ts';
import { channelKinds } from './kinds.ts';

export interface ReadSettings {
  /** All of them, for a call. */
  whole: Record<string, unknown>;
  plain: Record<string, unknown>;
  secrets: Record<string, unknown>;
}

export function kindOf(name: string): Channel {
  const kind = channelKinds[name];
  if (!kind) throw new Problem(404, 'This server knows no such channel.');
  return kind;
}

/** Checks settings by the kind's schema and parts the secret ones. Throws Problem with the field. */
export function readSettings(kind: Channel, given: Record<string, unknown>): ReadSettings {
  const read = kind.settings.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Problem(422, issue?.message ?? 'These settings don’t fit.', { field: String(issue?.path[0] ?? '') });
  }
  const secret = secretFields(kind);
  const entries = Object.entries(read.data);
  return {
    whole: read.data,
    plain: Object.fromEntries(entries.filter(([name]) => !secret.has(name))),
    secrets: Object.fromEntries(entries.filter(([name]) => secret.has(name))),
  };
}

/** Names of the settings that are sealed and never shown again. */
export function secretFields(kind: Channel): Set<string> {
  return new Set(
    Object.entries(kind.settings.shape).flatMap(([name, field]) =>
      field instanceof z.ZodType && field.meta()?.['secret'] === true ? [name] : [],
    ),
  );
}
