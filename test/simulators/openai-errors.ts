/** Errors as OpenAI answers them. */
import type { Refusal } from './http-ai.ts';

export function error(status: number, message: string, rest: { type?: string; param?: string | null; code?: string | null } = {}): Refusal {
  return {
    status,
    body: { error: { message, type: rest.type ?? 'invalid_request_error', param: rest.param ?? null, code: rest.code ?? null } },
  };
}

export const noModel = (model: string) =>
  error(404, `The model \`${model}\` does not exist or you do not have access to it.`, { code: 'model_not_found' });
