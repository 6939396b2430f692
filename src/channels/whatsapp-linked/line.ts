/** The one line of an account: whoever listens holds it, whoever sends goes by it. */
import { DeliveryError, type DeviceStore } from '../channel.ts';
import { away, stopping } from './errors.ts';
import type { Access, Link } from './link.ts';

const lines = new WeakMap<DeviceStore, Line>();

export class Line {
  /** The connection there is, open or on its way. */
  link: Link | null = null;
  /** When the first code to link a phone was shown, UTC ms; null while there is none. */
  pairingSince: number | null = null;
  /** A code that is typed was asked for: pictures aren't shown any more. */
  byCode = false;
}

/** Takes the line of an account. Throws when somebody holds it: two connections by the same keys would take each other's. */
export function takeLine(device: DeviceStore): Line {
  if (lines.has(device)) throw new Error('somebody listens to this account already');
  const line = new Line();
  lines.set(device, line);
  return line;
}

export function leaveLine(device: DeviceStore, line: Line): void {
  if (lines.get(device) === line) lines.delete(device);
}

export function lineOf({ device }: Access): Line | undefined {
  return device && lines.get(device);
}

/** The open connection of an account. Throws DeliveryError where there is none just now: the core waits for it. */
export function openLink(access: Access): Link {
  if (access.signal.aborted) throw stopping(access.signal.reason);
  const link = lineOf(access)?.link;
  if (!link?.open) throw away();
  return link;
}

export const notLinking = () =>
  new DeliveryError({
    outcome: 'not-sent',
    permanent: true,
    says: 'No phone is waited for just now. Press Resume, and ask for a code once the picture is there.',
  });
