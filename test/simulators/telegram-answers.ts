/** How the stand-in for Telegram answers: with what was asked for, with a refusal, or with a failure on demand. */
import type { ServerResponse } from 'node:http';
import { CannotParse, visibleText } from './telegram-html.ts';
import { Refusal, type Params } from './telegram-updates.ts';

/** How a call fails: refused, answered by somebody else's page or by half an answer, cut before or after it was taken, or never answered. */
export type Fault =
  | { status: number; description?: string; retryAfter?: number; movedTo?: number }
  | { page: number }
  | { half: true }
  | { cut: 'before' | 'after' }
  | { held: () => void; left: () => void };

/** Fails like this; true when the call ends here. */
export function takeFault(fault: Fault, response: ServerResponse): boolean {
  if ('page' in fault) {
    response.writeHead(fault.page, { 'content-type': 'text/html' }).end('<html>a proxy’s page</html>');
    return true;
  }
  if ('status' in fault) {
    const { retryAfter: retry_after, movedTo: migrate_to_chat_id } = fault;
    const parameters = retry_after === undefined && migrate_to_chat_id === undefined ? undefined : { retry_after, migrate_to_chat_id };
    throw new Refusal(
      fault.status,
      fault.description ?? (fault.status === 429 ? `Too Many Requests: retry after ${fault.retryAfter}` : 'Internal Server Error'),
      parameters,
    );
  }
  if ('half' in fault) return false;
  if ('held' in fault) {
    response.once('close', fault.left);
    fault.held();
  } else if (fault.cut === 'before') response.destroy();
  return 'held' in fault || fault.cut === 'before';
}

export function textIn(params: Params, name: string): string {
  const value = params[name] ?? '';
  if (typeof value !== 'string') throw new Refusal(400, `Bad Request: field "${name}" must be of type String`);
  return value;
}

export function parseHtml(text: string): string {
  try {
    return visibleText(text);
  } catch (error) {
    if (error instanceof CannotParse) throw new Refusal(400, `Bad Request: can't parse entities: ${error.message}`);
    throw error;
  }
}

export function answer(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
