/**
 * One call of the Bot API by the fetch that the channel was given. The types are telegraf's; its client is not used: it
 * has no way to take a fetch, follows redirects, and puts the token into the text of some errors.
 */
import { z } from 'zod';
import type { Opts, Telegram } from 'telegraf/types';
import type { ChannelAccess } from '../channel.ts';
import type { TelegramSettings } from './settings.ts';

export type Access = ChannelAccess<TelegramSettings>;

/** What Telegram refused. `description` is Telegram's own text: for the log, never for a page. */
export class TelegramError extends Error {
  readonly code: number;
  readonly description: string;
  /** ms. */
  readonly retryAfter?: number;

  constructor(code: number, description: string, retryAfter?: number) {
    super(`${code}: ${description}`);
    this.name = 'TelegramError';
    this.code = code;
    this.description = description;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/** What came back is no answer of the Bot API: a proxy's page, or a shape we don't know. */
export class NotTelegram extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`an answer with status ${status} that is not the Bot API's`);
    this.name = 'NotTelegram';
    this.status = status;
  }
}

const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error_code: z.number(),
    description: z.string().default(''),
    parameters: z.object({ retry_after: z.number().nonnegative().optional() }).optional(),
  }),
]);

/** Calls `method`, and reads its result by `shape`. Throws TelegramError, NotTelegram, OutboundError, or the signal's reason. */
export async function callApi<M extends keyof Telegram, Result>(
  { apiRoot, settings, fetch, signal }: Access,
  method: M,
  payload: Opts<M>,
  shape: z.ZodType<Result>,
  timeoutMs = 30_000,
): Promise<Result> {
  const response = await fetch(`${apiRoot}/bot${settings.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const read = answer.safeParse(parsed(await response.text()));
  if (!read.success) throw new NotTelegram(response.status);
  if (!read.data.ok) {
    const { error_code, description, parameters } = read.data;
    throw new TelegramError(error_code, description, parameters?.retry_after === undefined ? undefined : parameters.retry_after * 1000);
  }
  const result = shape.safeParse(read.data.result);
  if (!result.success) throw new NotTelegram(response.status);
  return result.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // which is no answer either, and is said so by the caller
  }
}
