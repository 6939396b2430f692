/** What a business's own server does: signs who is signed in there. */
import { createHmac } from 'node:crypto';
import { makeIdentitySecret } from '../../../src/channels/index.ts';
import type { House } from './house.ts';

export interface SignedPayload {
  sub?: unknown;
  name?: unknown;
  email?: unknown;
  /** Seconds, UTC. */
  exp?: unknown;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as a JWT library makes it. */
export function tokenFor(secret: string, payload: SignedPayload, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Makes the widget's secret, as its owner does on the page. */
export async function secretOf(house: House, channelId = house.channel.id): Promise<string> {
  return (await makeIdentitySecret(house.ws, { channelId, userId: house.ownerId })).reveal();
}

/** Seconds, UTC, some minutes from now. */
export function minutesAhead(house: House, minutes: number): number {
  return Math.floor(house.ws.clock.now() / 1000) + minutes * 60;
}
