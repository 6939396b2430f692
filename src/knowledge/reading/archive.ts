/** Zip archives, which office files and e-books are: what their own list of members says, and never more unfolded than is asked for. */
import { crc32 } from 'node:zlib';
import { Inflate } from 'fflate';
import { LIMITS, Unreadable } from './material.ts';

const MEMBERS_AT_MOST = 5000;
/** Fed in pieces, so that a bomb is noticed before it has unfolded: one of 8 KB unfolds to 8 MB at most. */
const PIECE = 8 * 1024;
const END_OF_LIST = 0x06054b50;
const LISTED = 0x02014b50;
const MEMBER = 0x04034b50;
/** A size or place that stands in the member's further fields. */
const ELSEWHERE = 0xffffffff;

interface Member {
  name: string;
  locked: boolean;
  method: number;
  crc: number;
  folded: number;
  at: number;
}

/** Throws Unreadable at the opening for what is broken, locked or made to harm, and so do its methods. */
export class Archive {
  readonly #bytes: Uint8Array;
  readonly #members = new Map<string, Member>();
  #unfolded = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      const members = membersOf(bytes, view);
      refuseOverlaps(members, view);
      for (const member of members) this.#members.set(member.name, member);
    } catch (cause) {
      // The list led out of the file.
      throw cause instanceof RangeError ? brokenArchive(cause) : cause;
    }
  }

  get names(): string[] {
    return [...this.#members.keys()];
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Unfolds one member, piece by piece. The sizes that an archive states may lie: what comes out is counted. */
  stream(name: string, take: (piece: Uint8Array) => void): void {
    const member = this.#members.get(name);
    if (!member) throw brokenArchive();
    if (member.locked) throw locked();
    let sum = 0;
    const counted = (piece: Uint8Array): void => {
      this.#unfolded += piece.length;
      if (this.#unfolded > LIMITS.unfolded) throw bomb();
      sum = crc32(piece, sum);
      take(piece);
    };
    const folded = this.#bytes.subarray(member.at, member.at + member.folded);
    if (member.method === 0) counted(folded);
    else if (member.method === 8) inflate(folded, counted);
    else throw brokenArchive();
    if (sum !== member.crc) throw brokenArchive();
  }

  /** A whole member. */
  read(name: string): Uint8Array {
    const pieces: Uint8Array[] = [];
    this.stream(name, (piece) => pieces.push(piece));
    return Buffer.concat(pieces);
  }
}

function inflate(folded: Uint8Array, take: (piece: Uint8Array) => void): void {
  const inflating = new Inflate(take);
  try {
    for (let at = 0; at < folded.length; at += PIECE) inflating.push(folded.subarray(at, at + PIECE), at + PIECE >= folded.length);
  } catch (cause) {
    // fflate's own errors carry a number.
    throw cause instanceof Error && 'code' in cause ? brokenArchive(cause) : cause;
  }
}

function membersOf(bytes: Uint8Array, view: DataView): Member[] {
  const end = endOfList(view);
  const list = view.getUint32(end + 16, true);
  const members: Member[] = [];
  for (let at = list; at < end && view.getUint32(at, true) === LISTED;) {
    if (members.length === MEMBERS_AT_MOST) throw bomb();
    const [nameLength, moreLength, noteLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [number, number, number];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll('\\', '/');
    const { folded, header } = sizesOf(view, at, at + 46 + nameLength, moreLength);
    if (view.getUint32(header, true) !== MEMBER) throw brokenArchive();
    members.push({
      name,
      locked: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      folded,
      at: header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true),
    });
    at += 46 + nameLength + moreLength + noteLength;
  }
  if (members.length !== view.getUint16(end + 10, true)) throw brokenArchive();
  return members;
}

/** The list's end stands at the end of the file; only a note may follow it. */
function endOfList(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at -= 1) {
    if (view.getUint32(at, true) === END_OF_LIST) return at;
  }
  throw brokenArchive();
}

/** Java's office libraries write sizes of 64 bits, in a further field, also where 32 would do. */
function sizesOf(view: DataView, at: number, more: number, moreLength: number): { folded: number; header: number } {
  const said = [24, 20, 42].map((place) => view.getUint32(at + place, true));
  for (let field = more; field + 4 <= more + moreLength; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    let place = field + 4;
    said.forEach((size, index) => {
      if (size !== ELSEWHERE) return;
      said[index] = Number(view.getBigUint64(place, true));
      place += 8;
    });
  }
  return { folded: said[1] ?? 0, header: said[2] ?? 0 };
}

/** No program writes members that share their bytes; a bomb of a few KB is made so. */
function refuseOverlaps(members: readonly Member[], view: DataView): void {
  const inOrder = [...members].sort((a, b) => a.at - b.at);
  let end = 0;
  for (const { at, folded } of inOrder) {
    if (at < end) throw bomb();
    end = at + folded;
    if (end > view.byteLength) throw brokenArchive();
  }
}

export function brokenArchive(cause?: unknown): Unreadable {
  return new Unreadable('This file is damaged: it says it is compressed, and doesn’t unfold. Save it again and upload that.', { cause });
}

function bomb(): Unreadable {
  return new Unreadable(
    'This file unfolds to far more than it shows. Deskbell doesn’t open such files. Paste the text, or save it as PDF.',
  );
}

export function locked(): Unreadable {
  return new Unreadable('This file asks for a password. Save it without one and upload it again.');
}
