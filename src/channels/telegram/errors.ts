/** What a failed call means, in the words of the contract and of people. */
import { DeliveryError, ListenError } from '../channel.ts';
import { OutboundError } from '../../lib/outbound.ts';
import { NotTelegram, TelegramError } from './api.ts';

export const NEW_TOKEN = 'Telegram no longer accepts this token. In Telegram, ask @BotFather for a new one (/token), and paste it here.';
export const BUSY = 'Telegram is busy or has a fault of its own. Deskbell tries again by itself.';
export const TAKEN_OVER = 'Another program has taken this bot over by a webhook. Disconnect it there, then press “Resume”.';
const UNKNOWN = 'Not confirmed by Telegram: the connection ended before it answered.';

/** Telegram says 404 for a token it can't read, 401 for one it no longer knows. */
export const isRevoked = (error: unknown) => error instanceof TelegramError && (error.code === 401 || error.code === 404);

/** Broken markup, or markup around nothing: the same text goes out plainly. */
export const isMarkupError = (error: unknown) =>
  error instanceof TelegramError && error.code === 400 && /can't parse|text is empty|must be non-empty/i.test(error.description);

/** A failed send, connect or health check. */
export function deliveryError(error: unknown): DeliveryError {
  if (error instanceof TelegramError) return refusal(error);
  if (error instanceof OutboundError) {
    const outcome = error.maybeSent ? 'unknown' : 'not-sent';
    return new DeliveryError({ outcome, permanent: false, says: outcome === 'unknown' ? UNKNOWN : error.says, cause: error });
  }
  // A page of some proxy: with 4xx it let nothing through.
  if (error instanceof NotTelegram && error.status !== undefined && error.status >= 400 && error.status < 500) {
    return new DeliveryError({
      outcome: 'not-sent',
      permanent: false,
      says: 'Something between this server and Telegram refuses the connection: a proxy or a firewall. Ask who runs it.',
      cause: error,
    });
  }
  return new DeliveryError({ outcome: 'unknown', permanent: false, says: UNKNOWN, cause: error });
}

function refusal(error: TelegramError): DeliveryError {
  const refused = { outcome: 'not-sent', cause: error } as const;
  if (isRevoked(error)) return new DeliveryError({ ...refused, permanent: false, account: true, says: NEW_TOKEN });
  const business = ofBusiness(error.description);
  if (business !== null) return new DeliveryError({ ...refused, permanent: true, says: business });
  if (error.code === 403) return new DeliveryError({ ...refused, permanent: true, shutOut: true, says: forbidden(error.description) });
  if (error.code === 429) {
    return new DeliveryError({
      ...refused,
      permanent: false,
      says: 'Telegram asks for a pause. Deskbell waits and sends again by itself.',
      retryAfter: error.retryAfter ?? 1000,
    });
  }
  // Telegram's own 500 may come after the message went out; 503 says that it took nothing.
  if (error.code === 503) return new DeliveryError({ ...refused, permanent: false, says: BUSY });
  if (error.code >= 500) return new DeliveryError({ outcome: 'unknown', permanent: false, says: UNKNOWN, cause: error });
  if (/message to react not found|REACTION/i.test(error.description))
    return new DeliveryError({
      ...refused,
      permanent: true,
      says: 'Telegram doesn’t take a reaction here: the message is gone, or this group doesn’t allow it.',
    });
  if (/chat not found/i.test(error.description))
    return new DeliveryError({
      ...refused,
      permanent: true,
      shutOut: true,
      says: 'Telegram no longer knows this chat: the customer deleted their account, or never wrote to this bot.',
    });
  return new DeliveryError({
    ...refused,
    permanent: true,
    says: 'Telegram refused this message and will refuse it again. The log names its reason.',
  });
}

/** What a business account doesn't allow, or not any more; null for any other refusal. */
function ofBusiness(description: string): string | null {
  if (/BUSINESS_CONNECTION|business (?:connection|account)/i.test(description))
    return 'The business account no longer lets this bot answer for it. In Telegram, under Settings, Telegram Business, Chatbots, its owner chooses the bot again and lets it reply.';
  if (/BUSINESS_PEER/i.test(description))
    return 'The business account keeps this bot out of this chat, or the customer last wrote there more than a day ago. Its owner can answer in Telegram.';
  return null;
}

function forbidden(description: string): string {
  if (/blocked/i.test(description)) return 'The customer has blocked this bot. They can’t be reached on Telegram until they unblock it.';
  if (/kicked|not a member/i.test(description)) return 'This bot was taken out of the group. Somebody there can add it again.';
  if (/deactivated/i.test(description)) return 'The customer’s Telegram account no longer exists.';
  return 'Telegram doesn’t let this bot write to this customer. They have to write first.';
}

/** Why polling ended. What isn't known to Telegram's protocol (a database that is down) is thrown on as it is. */
export function listenError(error: unknown): unknown {
  if (isRevoked(error)) return new ListenError({ fatal: true, says: NEW_TOKEN, cause: error });
  if (error instanceof TelegramError && error.code === 409) return conflict(error);
  if (error instanceof TelegramError && error.code === 429)
    return new ListenError({
      fatal: false,
      says: 'Telegram asks for a pause. Deskbell listens again by itself.',
      retryAfter: error.retryAfter ?? 1000,
      cause: error,
    });
  if (error instanceof OutboundError)
    return new ListenError({
      fatal: false,
      says: `${error.says} Telegram keeps messages for 24 hours; they come in once it can be reached.`,
      cause: error,
    });
  if (error instanceof TelegramError || error instanceof NotTelegram || isTimeout(error))
    return new ListenError({ fatal: false, says: BUSY, cause: error });
  return error;
}

function conflict(error: TelegramError): ListenError {
  if (/webhook/i.test(error.description)) return new ListenError({ fatal: true, says: TAKEN_OVER, cause: error });
  // Not fatal: after an upgrade the old process may still be there for a few seconds.
  return new ListenError({
    fatal: false,
    says: 'Another program reads this bot’s messages with the same token. Stop it, or ask @BotFather for a new token (/revoke) and paste it here.',
    retryAfter: 5000,
    cause: error,
  });
}

const isTimeout = (error: unknown) => error instanceof DOMException && error.name === 'TimeoutError';
