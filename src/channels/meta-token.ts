/** What Meta says of an access token: whose it is, what it may do, until when. */
import { z } from 'zod';
import { DeliveryError } from './channel.ts';
import { callGraph, type MetaAccess } from './meta-graph.ts';

const debugged = z.object({
  data: z.object({
    is_valid: z.boolean(),
    /** Of a person, of a Page, of a system user. */
    type: z.string().optional(),
    expires_at: z.number().optional(),
    scopes: z.array(z.string()).optional(),
  }),
});

export interface Token {
  type: string;
  scopes: string[];
  /** UTC ms; null for a token that doesn't end. */
  endsAt: number | null;
}

/** Asked by the app itself: Meta tells a Page's token nothing of itself. Throws as `callGraph`. */
export async function lookAtToken(access: MetaAccess): Promise<Token> {
  const { token, appSecret } = access.settings;
  const app = await callGraph(access, { path: 'app', query: { fields: 'id' }, shape: z.object({ id: z.string() }) });
  const asApp = { ...access, settings: { ...access.settings, token: `${app.id}|${appSecret}` } };
  const call = { path: 'debug_token', query: { input_token: token }, shape: debugged };
  const { type = '', scopes = [], expires_at: at = 0 } = (await callGraph(asApp, call)).data;
  return { type, scopes, endsAt: at === 0 ? null : at * 1000 };
}

/** Throws DeliveryError when the token lacks one of `needed`. */
export function checkRights({ scopes }: Token, needed: string[]): void {
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0)
    throw wrongSetting(
      'token',
      `This access token lacks ${missing.join(' and ')}. Generate a new one with ${needed.join(' and ')} ticked.`,
    );
}

/** What a shop owner pasted doesn't fit, at its own field. */
export function wrongSetting(field: string, says: string, cause?: unknown): DeliveryError {
  return new DeliveryError({ outcome: 'not-sent', permanent: true, field, says, cause });
}
