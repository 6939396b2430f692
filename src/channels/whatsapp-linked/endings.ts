/** Why a connection of a linked device ended, and what follows: the far side's codes, each in one row. */
import { ListenError } from '../channel.ts';

export interface Ending {
  /** Null where we ended it ourselves. */
  code: number | null;
  /** WhatsApp itself said so; else the way to it broke. */
  said: boolean;
  cause: unknown;
}

/** Connect again now, with the same keys: what comes after a phone has agreed. */
export const RESTART = 515;
const BAD_SESSION = 500;
/** So often in a row and WhatsApp doesn't mean a fault of its own that passes. */
const BAD_SESSIONS_AT_MOST = 5;

const LOGGED_OUT =
  'The phone ended this link: somebody removed it there, or the phone was off for weeks. Press Resume, and link the phone again.';
const NOT_LINKED = 'No phone was linked in time. Press Resume for a new code.';
const AWAY = 'WhatsApp can’t be reached just now. Deskbell tries again by itself.';

/** What a person has to mend before it goes on. The link and its keys stay. */
const STOPS: Record<number, string> = {
  403: 'WhatsApp has blocked this number or this link. Open WhatsApp on the phone to see why, and press Resume once it works there.',
  405: 'WhatsApp wants a newer version of Deskbell. Whoever runs this server updates it; then press Resume.',
  411: 'The WhatsApp on this phone is too old to link devices. Update it there, then press Resume.',
  440: 'Another program took over this link. End it there, then press Resume.',
};

export interface Outcome {
  error: ListenError;
  /** The keys are of no use any more. */
  forget: boolean;
}

/** `linked`: a phone had agreed before. `badSessions`: how often in a row it ended by 500, this time included. */
export function outcomeOf({ code, said, cause }: Ending, { linked, badSessions }: { linked: boolean; badSessions: number }): Outcome {
  const stop = (says: string, forget: boolean): Outcome => ({ error: new ListenError({ fatal: true, says, cause }), forget });
  const says = code !== null && said ? STOPS[code] : undefined;
  if (says !== undefined) return stop(says, false);
  if (said && code === 401) return stop(LOGGED_OUT, true);
  if (said && code === BAD_SESSION && badSessions >= BAD_SESSIONS_AT_MOST) return stop(LOGGED_OUT, true);
  if (!linked && said && code === 408) return stop(NOT_LINKED, true);
  return { error: new ListenError({ fatal: false, says: AWAY, cause }), forget: false };
}

export const isBadSession = ({ code, said }: Ending) => said && code === BAD_SESSION;
