/** What Meta's codes mean on Messenger and Instagram; those of all of its channels stand in meta-graph.ts. */
import type { DeliveryError } from './channel.ts';
import { GraphError, metaFailure, type Meaning } from './meta-graph.ts';

/** Subcodes of "sent outside of the allowed window", as each product and year has it. */
const CLOSED = [2018278, 2018065, 2534022];
/** Ms of the first pause; it doubles with each attempt. Meta counts by the hour and says no time. */
const PAUSE_MS = 15_000;

/** Whether it was refused since the customer's last message is too long ago. */
export function isWindowClosed(error: unknown): boolean {
  return error instanceof GraphError && error.code === 10 && CLOSED.includes(error.subcode ?? 0);
}

/** A failed call. `name` is the channel's; `attempt` counts from 1. */
export function messagingFailure(name: string, error: unknown, attempt = 1): DeliveryError {
  const special = error instanceof GraphError ? bySubcode(name)[error.subcode ?? 0] : undefined;
  return metaFailure(error, special && error instanceof GraphError ? { [error.code]: special } : byCode(name, attempt));
}

/** What a person wrote later than a day after the customer, and Meta refuses all the same. */
export function tagRefused(error: unknown): DeliveryError {
  const says =
    'Meta takes nothing any more in this conversation: seven days have passed, or your app lacks the feature “Human Agent”, which Meta’s App Review grants. Wait until the customer writes.';
  return metaFailure(error, error instanceof GraphError ? { [error.code]: { says } } : {});
}

const notReached = (name: string): Meaning => ({
  says: `${name} can’t reach this customer: they blocked you, left, or take no messages just now.`,
});

function byCode(name: string, attempt: number): Record<number, Meaning> {
  const slower: Meaning = {
    permanent: false,
    says: `${name} asks for a pause. Deskbell waits and sends again by itself.`,
    retryAfter: PAUSE_MS * 2 ** (attempt - 1),
  };
  const ended: Meaning = {
    account: true,
    permanent: false,
    field: 'token',
    says: 'Meta no longer accepts the access token: it has ended or was taken back. Generate a new one in Meta’s app dashboard and paste it here.',
  };
  const noRights: Meaning = {
    account: true,
    permanent: false,
    field: 'token',
    says: 'Meta doesn’t let this access token do that. Generate a new one in Meta’s app dashboard, leave all its rights on, and paste it here.',
  };
  return {
    ...{ 0: ended, 102: ended, 190: ended, 3: noRights, 10: noRights, 200: noRights },
    ...{ 4: slower, 17: slower, 32: slower, 613: slower, 80002: slower, 80006: slower },
    ...{ 230: notReached(name), 551: notReached(name) },
    1200: { permanent: false, says: `${name} had a fault of its own and sent nothing. Deskbell tries again by itself.` },
  };
}

function bySubcode(name: string): Record<number, Meaning> {
  const closed: Meaning = { says: `${name}’s 24 hours since the customer’s last message have passed. Wait until they write.` };
  const gone = notReached(name);
  const file: Meaning = { says: `${name} couldn’t take this file. Send it in another form, as a JPEG or a PDF, or make it smaller.` };
  return {
    ...Object.fromEntries(CLOSED.map((subcode) => [subcode, closed])),
    ...{ 1545041: gone, 2018001: gone, 2018108: gone, 2534014: gone },
    ...{ 2018007: file, 2018047: file, 2018074: file, 2018109: file, 2018294: file },
    2018028: { says: 'Meta lets this app write to its own team alone until it is published. Publish it in Meta’s app dashboard.' },
    2018300: { says: 'Another app answers this conversation just now, and Meta lets nobody else write. Take it over from there first.' },
    2534001: { says: `This conversation was archived or deleted on ${name}. Wait until the customer writes.` },
  };
}

/** Waits for a call, and says in the channel's words what went wrong. */
export async function inWordsOf<Result>(name: string, act: Promise<Result>): Promise<Result> {
  try {
    return await act;
  } catch (error) {
    throw messagingFailure(name, error);
  }
}
