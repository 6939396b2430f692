/** What WhatsApp's own codes mean; those of all of Meta's channels stand in meta-graph.ts. */
import type { DeliveryError } from '../channel.ts';
import { metaFailure, type Meaning } from '../meta-graph.ts';

const NOT_READY =
  'Meta says that this number isn’t ready to send. In WhatsApp Manager, under Phone numbers, see what it asks for: registration, a name, or a payment.';
const SLOWER = 'WhatsApp asks for a pause. Deskbell waits and sends again by itself.';
const TEMPLATE = 'WhatsApp refused this template: it was changed, paused or filled in wrongly. Choose it again from the list.';
const CANT_REACH =
  'WhatsApp can’t reach this customer: they have no WhatsApp on this number any more, an old version of it, or blocked you.';

const MEANINGS: Record<number, Meaning> = {
  33: { permanent: false, account: true, says: NOT_READY },
  130403: { says: 'WhatsApp doesn’t let businesses write to this customer.' },
  130429: { permanent: false, says: SLOWER },
  130472: { says: 'Meta keeps this message back as part of a trial of its own. Wait until the customer writes.' },
  131000: { permanent: false, says: 'WhatsApp had a fault of its own and sent nothing. Deskbell tries again by itself.' },
  131005: {
    permanent: false,
    account: true,
    field: 'token',
    says: 'This access token may not use WhatsApp. Generate a new one with whatsapp_business_messaging ticked, and paste it here.',
  },
  131016: { permanent: false, says: 'WhatsApp is overloaded just now. Deskbell tries again by itself.' },
  131021: { says: 'A number can’t write to itself.' },
  131026: { says: CANT_REACH },
  131031: { permanent: false, account: true, says: 'Meta has locked this WhatsApp account. WhatsApp Manager says why, and what to do.' },
  131037: { permanent: false, account: true, says: NOT_READY },
  131042: {
    permanent: false,
    account: true,
    says: 'Meta can’t charge for messages of this account. Check the payment method in Meta’s Business settings, under Billing.',
  },
  131045: { permanent: false, account: true, says: NOT_READY },
  131047: { says: 'WhatsApp’s 24 hours since the customer’s last message have passed. Send a template, or wait until they write.' },
  131048: {
    permanent: false,
    account: true,
    says: 'WhatsApp holds this number back, since customers blocked or reported it. WhatsApp Manager shows its quality.',
  },
  131049: { says: 'WhatsApp didn’t deliver this: the customer gets enough from businesses today. Try again another day.' },
  131050: { says: 'The customer wants no advertising from you on WhatsApp.' },
  131051: { says: 'WhatsApp doesn’t send this kind of message.' },
  132000: { says: TEMPLATE },
  132001: { says: TEMPLATE },
  132005: { says: TEMPLATE },
  132007: { says: TEMPLATE },
  132012: { says: TEMPLATE },
  132015: { says: TEMPLATE },
  132016: { says: TEMPLATE },
  133004: { permanent: false, says: 'WhatsApp is out of service just now. Deskbell tries again by itself.' },
  133010: { permanent: false, account: true, says: NOT_READY },
  133015: { permanent: false, account: true, says: NOT_READY },
};

/** Too fast for one customer: the pause that Meta's own guide asks for. */
const PAIR_RATE = 131056;

/** A failed call. `attempt` counts from 1. */
export function whatsappFailure(error: unknown, attempt = 1): DeliveryError {
  return metaFailure(error, { ...MEANINGS, [PAIR_RATE]: { permanent: false, says: SLOWER, retryAfter: 1000 * 4 ** attempt } });
}

/** A failure that a webhook tells of, in plain words. */
export function saysOfCode(code: number | undefined): string {
  if (code === PAIR_RATE) return 'WhatsApp took too many messages to this customer at once. Send it again in a minute.';
  const says = code === undefined ? undefined : MEANINGS[code]?.says;
  if (says !== undefined)
    return says.replace(' Deskbell waits and sends again by itself.', '').replace(' Deskbell tries again by itself.', '');
  return `WhatsApp didn’t deliver this${code === undefined ? '' : ` (${code})`}.`;
}
