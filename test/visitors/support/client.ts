/** A visitor without a browser: what the bubble posts and asks for, one call at a time. */
import { randomUUID } from 'node:crypto';
import { request, type Sending } from '../../support/request.ts';
import { newestConversation, type House } from './house.ts';

export interface Answered {
  status: number;
  body: Record<string, unknown> & { token?: string; messageId?: number; conversation?: string; error?: string };
  headers: Headers;
}

export interface Client {
  post(act: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
  get(act: string, headers?: Record<string, string>): Promise<Answered>;
  say(text: string, token?: string, clientId?: string): Promise<Answered>;
  /** The first message of a new visitor. */
  begin(text?: string): Promise<{ token: string; conversationId: number; messageId: number }>;
}

export function clientOf(house: House): Client {
  const call = async (method: string, act: string, sending: Sending): Promise<Answered> => {
    const { status, text, headers } = await request(method, house.to(act), sending);
    return { status, body: JSON.parse(text) as Answered['body'], headers };
  };
  const client: Client = {
    post: (act, body, headers = {}) =>
      call('POST', act, {
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (act, headers = {}) => call('GET', act, { headers: { Accept: 'application/json', ...headers } }),
    say: (text, token, clientId = randomUUID()) => client.post('messages', { text, clientId, ...(token ? { token } : {}) }),
    async begin(text = 'Is there a vegan cake on Sunday?') {
      const { body } = await client.say(text);
      return { token: body.token ?? '', conversationId: newestConversation(house), messageId: body.messageId ?? 0 };
    },
  };
  return client;
}

export function bearer(token: string | undefined): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}
