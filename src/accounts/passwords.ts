import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { once } from '../lib/once.ts';

const run = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/** OWASP's second choice for argon2id: 19 MiB and two passes; about 30 ms off the main thread, four at once at most. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const TAG_BYTES = 32;
export const SHORTEST_PASSWORD = 10;
/** Enough for any sentence; more would only make the server work. */
export const LONGEST_PASSWORD = 200;

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** argon2id in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await run('argon2id', { message: password.normalize('NFKC'), nonce, tagLength: TAG_BYTES, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(nonce)}$${encode(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Whether the password made this hash, at the cost the hash names. Throws when the hash has another form. */
export async function passwordMatches(password: string, hash: string): Promise<boolean> {
  const parts = PHC.exec(hash);
  if (!parts) throw new Error('a stored password hash is not argon2id in PHC form');
  const [, memory, passes, parallelism, salt = '', tag = ''] = parts;
  const expected = Buffer.from(tag, 'base64');
  const made = await run('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return timingSafeEqual(made, expected);
}

let nobody: Promise<string> | undefined;

/** Takes as long as a real check and is never true: an unknown address must not answer faster than a known one. */
export async function passwordOfNobody(password: string): Promise<false> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'));
  await passwordMatches(password, await nobody);
  return false;
}

const weakPasswords = once(
  () =>
    new Set(
      readFileSync(new URL('weak-passwords.txt', import.meta.url), 'utf8')
        .split('\n')
        .filter(Boolean),
    ),
);

/** Letters and digits only, lower case, without the digits that people hang on: "Password-2024!" is "password". */
function bare(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** What is wrong with a new password, in plain words, or undefined. `about` is what a guesser knows: names, address. */
export function weakness(password: string, about: readonly string[]): string | undefined {
  if ([...password].length < SHORTEST_PASSWORD)
    return `Use ${SHORTEST_PASSWORD} characters or more; four words in a row are easy to remember.`;
  if (password.length > LONGEST_PASSWORD) return `Use ${LONGEST_PASSWORD} characters at most.`;
  const core = bare(password);
  if (new Set(core).size < 5) return 'This password repeats a few characters. Use four words in a row instead.';
  if (weakPasswords().has(core) || weakPasswords().has(core.replace(/\d+$/, '')))
    return 'This password is one of the first that anybody tries. Use four words in a row instead.';
  const known = about
    .flatMap((part) => part.split(/[@.\s-]+/))
    .map(bare)
    .filter((part) => part.length >= 4);
  const rest = known.reduce((left, part) => left.replaceAll(part, ''), core);
  if (rest.length < 6) return 'This password is mostly your name or address. Use something nobody knows of you.';
  return undefined;
}
