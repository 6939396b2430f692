/** How the letters of a text are written, told by its bytes. */

/** So much of a file tells it. */
const SAMPLE = 65_536;

/** UTF-16, or null for all else. Without its mark it shows by the zero that every second byte of Latin letters is. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros: [even: number, odd: number] = [0, 0];
  const sample = bytes.subarray(0, SAMPLE);
  sample.forEach((byte, place) => {
    if (byte === 0) zeros[(place % 2) as 0 | 1] += 1;
  });
  const many = (sample.length / 2) * 0.7;
  if (zeros[1] > many && zeros[0] === 0) return 'utf-16le';
  return zeros[0] > many && zeros[1] === 0 ? 'utf-16be' : null;
}

/** In Western languages letters beyond ASCII stand alone; in Cyrillic, Greek, Chinese they stand beside each other. */
export function isWestern(bytes: Uint8Array): boolean {
  let beyond = 0;
  let beside = 0;
  bytes.forEach((byte, place) => {
    if (byte < 0x80) return;
    beyond += 1;
    if ((bytes[place - 1] ?? 0) >= 0x80 || (bytes[place + 1] ?? 0) >= 0x80) beside += 1;
  });
  return beside < 6 || beside < beyond * 0.6;
}
