/** Customers who write while the server dies: each message has a number, and is sent until it is acknowledged. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Customer } from '../../test/simulators/telegram.ts';
import type { House } from './house.ts';

export interface Acknowledged {
  text: string;
  channel: 'widget' | 'telegram';
  /** The widget's conversation. */
  conversation?: string;
}

/** What was promised to the outside, to be held against what is there at the end. */
export class Ledger {
  readonly acknowledged: Acknowledged[] = [];
  /** Takeovers that a member's browser saw succeed: conversation, and when. */
  readonly takeovers: { conversationId: number; at: number }[] = [];
  numbers = 0;

  next(who: string): string {
    return `Message ${++this.numbers} of ${who}: are you open on Sunday?`;
  }
}

/** A visitor of the website: several messages one after the other, each repeated with its own id until it is acknowledged. */
export async function visit(house: House, ledger: Ledger, visitor: number, messages: number, over: () => boolean): Promise<void> {
  let token: string | undefined;
  for (let n = 0; n < messages && !over(); n++) {
    const text = ledger.next(`visitor ${visitor}`);
    const clientId = randomUUID();
    for (;;) {
      const answer = await post(house, visitor, { clientId, text, ...(token ? { token } : {}) });
      if (answer) {
        token ??= answer.token;
        ledger.acknowledged.push({ text, channel: 'widget', conversation: answer.conversation });
        // A page that lost the answer sends the same again.
        if (Math.random() < 0.2) await post(house, visitor, { clientId, text, ...(token ? { token } : {}) });
        break;
      }
      await pause(20);
    }
    await pause(Math.random() < 0.4 ? 5 : 60 + Math.random() * 120);
  }
}

interface Posted {
  token?: string;
  conversation: string;
}

async function post(house: House, visitor: number, body: unknown): Promise<Posted | undefined> {
  try {
    const response = await fetch(`${house.url}/widget/${house.widget}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `10.1.${visitor >> 8}.${visitor & 255}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(4000),
    });
    return response.status === 200 ? ((await response.json()) as Posted) : undefined;
  } catch {
    // The server is down: the page tries again.
    return undefined;
  }
}

/** A customer on Telegram: what is said there stays with Telegram until it is confirmed. Some begin by the button, some correct themselves. */
export async function chat(house: House, ledger: Ledger, customer: number, messages: number, over: () => boolean): Promise<void> {
  const who = { chat: 5000 + customer, name: `Customer ${customer}` };
  if (Math.random() < 0.4) house.telegram.say(who, '/start');
  for (let n = 0; n < messages && !over(); n++) {
    const text = ledger.next(`customer ${customer}`);
    if (Math.random() < 0.2) await sayInThreeTries(house, who, text);
    else house.telegram.say(who, text);
    ledger.acknowledged.push({ text, channel: 'telegram' });
    if (Math.random() < 0.1) house.telegram.fail('sendMessage', { status: 429, retryAfter: 1 });
    if (Math.random() < 0.1) house.telegram.fail('sendMessage', { cut: Math.random() < 0.5 ? 'before' : 'after' });
    await pause(Math.random() < 0.4 ? 5 : 80 + Math.random() * 150);
  }
}

/** Says something else, and corrects it twice: the last words count. */
async function sayInThreeTries({ telegram }: House, who: Customer, text: string): Promise<void> {
  const { message } = telegram.say(who, `${text} Or Monday?`);
  const { message_id, date } = message as { message_id: number; date: number };
  for (const [seconds, words] of [`${text} Or Tuesday?`, text].entries()) {
    await pause(Math.random() * 60);
    telegram.edit(who, message_id, words, date + 1 + seconds);
  }
}

/** A member who now and then takes a conversation from the bot, and hands it back. */
export async function work(house: House, ledger: Ledger, over: () => boolean): Promise<void> {
  for (; !over(); await pause(20)) {
    const client = await house.member();
    const page = await client?.get(`/w/${house.workspace}/inbox`).catch(() => undefined);
    const ids = [...new Set([...(page?.text ?? '').matchAll(/\/conversations\/(\d+)/g)].map(([, id]) => Number(id)))];
    const conversationId = ids[Math.floor(Math.random() * ids.length)];
    // While the server is down the page is asked for again, at once: its lives are short.
    if (!client || conversationId === undefined) continue;
    const path = `/w/${house.workspace}/conversations/${conversationId}`;
    const taken = await client.post(`${path}/takeover`).catch(() => undefined);
    if (taken?.status === 303) ledger.takeovers.push({ conversationId, at: Date.now() });
    await pause(100);
    if (Math.random() < 0.7) await client.post(`${path}/handback`).catch(() => undefined);
    await pause(100 + Math.random() * 200);
  }
}
