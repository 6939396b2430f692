/** Watches the room on the data folder's disk: imports stop first, then bots, so that what customers write is stored to the end. */
import { statfs } from 'node:fs/promises';
import type { Logger } from '../lib/log.ts';
import { Reserve } from './reserve.ts';

const MB = 1024 * 1024;

/** Bytes; on a small disk that share of it, when it is less. */
interface Amount {
  bytes: number;
  share: number;
}

/** What must be free for what: all thresholds, with their reasons. */
const NEEDED = {
  /** A file of 25 MB takes four times that while it is read (sealed, its passages, their index, the log), and two are read at once. */
  imports: { bytes: 256 * MB, share: 0.1 },
  /** A busy database has a log of up to 64 MB beside it. An answer stores its prompt and passages: twenty times what a message takes. */
  bots: { bytes: 64 * MB, share: 0.025 },
  /** So near the end any commit may fail. */
  anything: { bytes: 4 * MB, share: 0.002 },
  /** The file that is given up then: room to move the logs into their databases, and to delete. */
  reserve: { bytes: 32 * MB, share: 0.01 },
} as const satisfies Record<string, Amount>;

/** What has stopped goes on when a quarter more is free: at the threshold itself it would go to and fro. */
const AND_SOME = 1.25;
const LOOK_MS = 10_000;

/** enough; low: nothing is imported; scarce: bots are silent, too; none: nothing may be stored. */
export type Room = 'enough' | 'low' | 'scarce' | 'none';

/** From the worst to the best, each with what it begins at. */
const ROOMS: readonly (readonly [Room, Amount])[] = [
  ['none', { bytes: 0, share: 0 }],
  ['scarce', NEEDED.anything],
  ['low', NEEDED.bots],
  ['enough', NEEDED.imports],
];

/** Bytes: free to us, and of the whole disk. */
export interface Measured {
  free: number;
  total: number;
}

/** There is no room to import anything. */
export class NoRoom extends Error {}

export interface DiskSpaceContext {
  dataDir: string;
  log: Logger;
  measure?: (folder: string) => Promise<Measured>;
}

export class DiskSpace {
  readonly #context: DiskSpaceContext;
  readonly #reserve: Reserve;
  #measured: Measured = { free: Infinity, total: Infinity };
  #room: Room = 'enough';
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onNone: () => Promise<void> = async () => undefined;

  constructor(context: DiskSpaceContext) {
    this.#context = context;
    this.#reserve = new Reserve(context.dataDir);
  }

  get room(): Room {
    return this.#room;
  }

  get forImports(): boolean {
    return this.#room === 'enough';
  }

  get forBots(): boolean {
    return this.#room === 'enough' || this.#room === 'low';
  }

  /** Bytes that are free, and that must be for all to go on. */
  get figures(): { free: number; needed: number } {
    return { free: this.#measured.free, needed: this.#amount(NEEDED.imports) * AND_SOME };
  }

  /** Throws NoRoom. Call it before anything large is taken in. */
  needForImport(): void {
    if (!this.forImports) throw new NoRoom('the disk is nearly full');
  }

  /** Looks now and then, and keeps the reserve. `onNone` is called when that was given up: logs can be moved and cut. */
  begin(onNone: () => Promise<void>, everyMs: number = LOOK_MS): void {
    this.#onNone = onNone;
    this.#timer = setInterval(() => void this.look(), everyMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  /** Looks now: at the start, and when a database found no room. Never rejects; a disk that can't be measured counts as large. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((err: unknown) => this.#context.log.warn({ err }, 'the disk could not be measured, or the reserve not be made'))
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    await this.#measure();
    const size = Math.floor(this.#amount(NEEDED.reserve));
    if (this.#room === 'none') {
      if (!(await this.#reserve.giveUp())) return;
      this.#context.log.warn('the reserve was given up: logs are moved and cut');
      await this.#onNone();
      await this.#measure();
    } else if (this.#timer && this.#measured.free - size >= this.#amount(NEEDED.bots) * AND_SOME) {
      await this.#reserve.make(size);
    }
  }

  async #measure(): Promise<void> {
    const { dataDir, log, measure = ofDisk } = this.#context;
    this.#measured = await measure(dataDir);
    const room = this.#roomNow();
    if (room === this.#room) return;
    this.#room = room;
    const freeMb = Math.floor(this.#measured.free / MB);
    log[room === 'enough' ? 'info' : 'warn']({ room, freeMb }, 'the room on the disk has changed');
  }

  #roomNow(): Room {
    const was = ROOMS.findIndex(([room]) => room === this.#room);
    return ROOMS.findLast(([, begins], at) => this.#measured.free >= this.#amount(begins) * (at > was ? AND_SOME : 1))?.[0] ?? 'none';
  }

  #amount({ bytes, share }: Amount): number {
    return Math.min(bytes, this.#measured.total * share);
  }
}

async function ofDisk(folder: string): Promise<Measured> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}
