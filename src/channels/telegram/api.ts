/**
 * One call of the Bot API by telegraf's client, whose connections are those of the installation's way out. None of its
 * errors goes on as it is: their texts may hold the token, and their details what a customer wrote.
 */
import { z } from 'zod';
import type { TelegramError as Refused } from 'telegraf';
import type { Opts, Telegram } from 'telegraf/types';
import { connectionFailure, OutboundError } from '../../lib/outbound-error.ts';
import type { ChannelAccess } from '../channel.ts';
import type { TelegramSettings } from './settings.ts';
import { WatchedCall } from './watched-call.ts';

export type Access = ChannelAccess<TelegramSettings>;

/** What most methods answer. */
export const done = z.literal(true);

/** What Telegram refused. `description` is Telegram's own text: for the log, never for a page. */
export class TelegramError extends Error {
  readonly code: number;
  readonly description: string;
  /** ms. */
  readonly retryAfter?: number;
  /** The group that a group has become. */
  readonly movedTo?: number;

  constructor(code: number, description: string, { retryAfter, movedTo }: { retryAfter?: number; movedTo?: number } = {}) {
    super(`${code}: ${description}`);
    this.name = 'TelegramError';
    this.code = code;
    this.description = description;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    if (movedTo !== undefined) this.movedTo = movedTo;
  }
}

/** What came back is no answer of the Bot API: a proxy's page, or a shape we don't know. */
export class NotTelegram extends Error {
  /** Of HTTP; absent where it isn't known. */
  readonly status?: number;

  constructor(status: number | undefined, how = '') {
    super(`no answer of the Bot API: status ${status ?? 'unknown'} ${how}`.trimEnd());
    this.name = 'NotTelegram';
    if (status !== undefined) this.status = status;
  }
}

const refusal = z.object({
  ok: z.literal(false),
  error_code: z.number(),
  description: z.string().default(''),
  parameters: z.object({ retry_after: z.number().nonnegative().optional(), migrate_to_chat_id: z.number().int().optional() }).default({}),
});

/** These take what telegraf's types don't know yet (they stop at Bot API 7.1), or how it has to be given in a form. */
type Newer = 'sendMessageDraft' | 'getUpdates' | 'setWebhook' | 'sendPhoto' | 'sendDocument';
type Method = keyof Telegram | Newer;
type Payload<M extends Method> = M extends Newer ? Record<string, unknown> : M extends keyof Telegram ? Opts<M> : never;

/** Calls `method`, and reads its result by `shape`. Throws TelegramError, NotTelegram, OutboundError, or the signal's reason. */
export async function callApi<M extends Method, Result>(
  { apiRoot, settings, agent, signal }: Access,
  method: M,
  payload: Payload<M>,
  shape: z.ZodType<Result>,
  timeoutMs = 30_000,
): Promise<Result> {
  // Loaded at the first call: a server without Telegram doesn't carry it.
  const { Telegram: Client, TelegramError: Refused } = await import('telegraf');
  const call = new WatchedCall(agent(), apiRoot);
  const telegram = new Client(settings.token, { apiRoot: `${apiRoot}/`, attachmentAgent: call.agent });
  // Not by the constructor, which drops it for a server that is reached by http.
  telegram.options.agent = call.agent;
  const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs), call.signal]);
  try {
    // Its types ask for a shim's AbortSignal; node-fetch takes Node's own.
    const options = { signal: end } as Parameters<typeof telegram.callApi>[2];
    const result = shape.safeParse(await telegram.callApi(method as keyof Telegram, payload, options));
    if (!result.success) throw new NotTelegram(call.status);
    return result.data;
  } catch (error) {
    throw error instanceof Refused ? await refused(error, call, end) : meaning(error, call, end, apiRoot);
  } finally {
    call.end();
  }
}

/** With a status of 500 and above telegraf says what the status line says; only the body tells whether Telegram speaks. */
async function refused({ response }: Refused, call: WatchedCall, end: AbortSignal): Promise<TelegramError | NotTelegram> {
  const read = refusal.safeParse(call.faulty ? parsed(await call.faultText(end).catch(() => '')) : response);
  if (!read.success) return new NotTelegram(call.status);
  const { error_code, description, parameters } = read.data;
  const { retry_after: seconds, migrate_to_chat_id: movedTo } = parameters;
  return new TelegramError(error_code, description, {
    ...(seconds === undefined ? {} : { retryAfter: seconds * 1000 }),
    ...(movedTo === undefined ? {} : { movedTo }),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // which is no answer either
  }
}

function meaning(error: unknown, call: WatchedCall, end: AbortSignal, apiRoot: string): unknown {
  if (error instanceof NotTelegram || error instanceof OutboundError) return error;
  if (call.failure && !end.aborted) return connectionFailure(call.failure, apiRoot, { maybeSent: call.connected });
  if (end.aborted && !call.connected) return new OutboundError('unreachable', 'The connection was given up before it was made.');
  if (end.aborted) return end.reason;
  return new NotTelegram(call.status, error instanceof Error ? error.name : '');
}
