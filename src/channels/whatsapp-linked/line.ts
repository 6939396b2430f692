/** The one line of an account: whoever listens holds it, whoever sends goes by it. */
import { setTimeout as pause } from 'node:timers/promises';
import { DeliveryError, type DeviceStore } from '../channel.ts';
import { away, stopping } from './errors.ts';
import type { Access, Link } from './link.ts';

/** How long a send waits for a link that is just coming back. */
const PATIENCE_MS = 20_000;

const lines = new WeakMap<DeviceStore, Line>();

export class Line {
  /** The connection there is, open or on its way. */
  link: Link | null = null;
  /** When the first code to link a phone was shown, UTC ms; null while there is none. */
  pairingSince: number | null = null;
  /** A code that is typed was asked for: pictures aren't shown any more. */
  byCode = false;
  /** The owner let go of it: what follows is no failure. */
  leaving = false;
  #waiting: (() => void)[] = [];

  opened(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  /** The open connection, waited for. Throws DeliveryError. */
  async open(signal: AbortSignal): Promise<Link> {
    if (signal.aborted) throw stopping(signal.reason);
    if (!this.link?.open) {
      const late = new AbortController();
      const either = AbortSignal.any([signal, late.signal]);
      const opened = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await Promise.race([opened, pause(PATIENCE_MS, undefined, { signal: either }).catch(() => undefined)]);
      late.abort();
    }
    if (signal.aborted) throw stopping(signal.reason);
    if (!this.link?.open) throw away();
    return this.link;
  }
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

/** The open connection of an account. Throws DeliveryError where nobody listens, or it doesn't open in time. */
export async function openLink(access: Access): Promise<Link> {
  if (access.signal.aborted) throw stopping(access.signal.reason);
  const line = lineOf(access);
  if (!line) throw away();
  return line.open(access.signal);
}

export const notLinking = () =>
  new DeliveryError({
    outcome: 'not-sent',
    permanent: true,
    says: 'No phone is waited for just now. Press Resume, and ask for a code once the picture is there.',
  });
