/** What WhatsApp refuses, in plain words. */
import { DeliveryError } from '../channel.ts';

const STRANGER =
  'WhatsApp doesn’t let this number write to this customer now: they haven’t written lately, or the number is restricted. Wait until they write again.';
const LATER = 'WhatsApp didn’t take this just now. Deskbell tries again by itself.';
const REFUSED = 'WhatsApp refused this message. Write to the customer from the phone, or try other words.';
const STOPPING = 'The server was stopping. It is sent after the start.';
const UNTOLD = 'The connection to WhatsApp ended before it said whether this arrived.';
const AWAY = 'The phone isn’t connected just now. It is sent once it is.';

/** Of writing first to somebody. Trying again makes it worse. */
const TO_STRANGERS = '463';
/** Too fast, stale keys of a device, faults of their own: these pass. */
const PASSING = new Set(['429', '479', '500', '503']);
const PAUSE_MS = 60_000;

/** For a message that was refused by this code. */
export function saysOfRefusal(code: string | undefined): string {
  return code === TO_STRANGERS ? STRANGER : REFUSED;
}

export function refusal(code: string): DeliveryError {
  if (PASSING.has(code))
    return new DeliveryError({ outcome: 'not-sent', permanent: false, says: LATER, ...(code === '429' ? { retryAfter: PAUSE_MS } : {}) });
  return new DeliveryError({ outcome: 'not-sent', permanent: true, says: saysOfRefusal(code) });
}

export const stopping = (cause: unknown) => new DeliveryError({ outcome: 'not-sent', permanent: false, says: STOPPING, cause });
export const untold = (cause: unknown) => new DeliveryError({ outcome: 'unknown', permanent: false, says: UNTOLD, cause });
export const later = (cause: unknown) => new DeliveryError({ outcome: 'not-sent', permanent: false, says: LATER, cause });
/** The link went away a moment ago; soon the channel says so itself, and nothing is tried until it is back. */
export const away = () => new DeliveryError({ outcome: 'not-sent', permanent: false, untried: true, says: AWAY });
