/** When a deletion is due. */
const DAY = 86_400_000;
const GRACE_DAYS = 30;

/** One calendar month on, in UTC: 31 January and a month is the last day of February. */
export function monthAfter(at: number): number {
  const from = new Date(at);
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 2, 0)).getUTCDate();
  const to = new Date(at);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + 1);
  to.setUTCDate(Math.min(from.getUTCDate(), last));
  return to.getTime();
}

/** By when somebody who asks must have their answer: 30 days or a calendar month, whichever ends first. UTC ms. */
export function answerDue(receivedAt: number): number {
  return Math.min(receivedAt + GRACE_DAYS * DAY, monthAfter(receivedAt));
}

/**
 * When the grace ends. What a member deletes waits 30 days. Where the person asked, all must be done and answered in time,
 * so a day is left for that.
 */
export function purgeDue(receivedAt: number, askedBy: 'member' | 'contact'): number {
  return askedBy === 'member' ? receivedAt + GRACE_DAYS * DAY : answerDue(receivedAt) - DAY;
}
