/** What the crash driver needs of a channel; each has a file beside this one. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Workspace } from '../../../src/workspace.ts';
import { SEND_MS } from '../house.ts';
import type { Ledger } from '../ledger.ts';

export interface Crowded {
  /** Where the server listens, also after it was killed. */
  url: string;
  ledger: Ledger;
  over: () => boolean;
}

/** What reached a customer, as the far side knows it. */
export interface Reached {
  /** The customer's id there. */
  to: string;
  text: string;
}

export interface CrashChannel {
  kind: string;
  /** Where the server finds the far side. */
  environment: Record<string, string>;
  furnish(ws: Workspace, botId: number): Promise<void>;
  /** A customer with a number of their own writes `messages` messages, each until it is acknowledged. */
  customer(crowd: Crowded, number: number, messages: number): Promise<void>;
  /** How many sends are under way; a kill between a send and its answer is the one instant that nobody can take back. */
  sending(): number;
  /** Null where nothing is sent, since customers read what is stored. */
  reached(): Reached[] | null;
  /** Something that the far side wants to tell waits until the server takes it. */
  isWaiting(): boolean;
  /** Everything comes once more, the last first, as if nothing had ever been confirmed. */
  again(crowd: Crowded): Promise<void>;
  end(): Promise<void>;
}

/** Calls `act` until it returns something: the server may be down at any time. */
export async function untilTaken<T>(act: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const taken = await act().catch(() => undefined);
    if (taken !== undefined) return taken;
    await pause(20);
  }
}

/** Mostly a moment, often hardly any: several messages then come before the answer to the first. */
export function thinkingMs(): number {
  return Math.random() < 0.4 ? 5 : 80 + Math.random() * 150;
}

/** Sends that take their time, with their effect in the middle. */
export class Sends {
  underWay = 0;
  /** Told of each effect: where among all that was sent it begins. */
  onSent: (place: number) => void = () => undefined;

  async slowly<T>(sent: readonly unknown[], act: () => T | Promise<T>): Promise<T> {
    this.underWay++;
    try {
      await pause(SEND_MS / 2);
      const place = sent.length;
      const answer = await act();
      if (sent.length > place) this.onSent(place);
      await pause(SEND_MS / 2);
      return answer;
    } finally {
      this.underWay--;
    }
  }
}
