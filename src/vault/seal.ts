/**
 * Sealing: XChaCha20-Poly1305 under a 256-bit key, with associated data that names the place. A sealed value moved to
 * another workspace, table, column or row doesn't open.
 *
 * Layout: version (1 byte) · key id (4 bytes, big endian) · nonce (24, random) · ciphertext and tag.
 */
import sodium from 'libsodium-wrappers';

const VERSION = 1;
const HEAD = 5;

/** Where a sealed value lives. `workspace` is '' for what belongs to the installation. */
export interface Place {
  workspace: string;
  table: string;
  column: string;
  row: number | string;
}

/** The value was moved, changed, or sealed with another key. */
export class SealError extends Error {}

/** libsodium is WebAssembly and starts asynchronously, once per process. */
export async function readySealing(): Promise<void> {
  await sodium.ready;
}

/** Seals bytes for one place. `key` is 32 bytes. */
export function seal(key: Uint8Array, keyId: number, place: Place, plain: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(VERSION, 0);
  head.writeUInt32BE(keyId, 1);
  const nonce = sodium.randombytes_buf(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, associated(keyId, place), null, nonce, key);
  return Buffer.concat([head, nonce, sealed]);
}

/** Opens what `seal` made for the same place. Throws SealError. The caller wipes the bytes when it can. */
export function unseal(key: Uint8Array, keyId: number, place: Place, sealed: Uint8Array): Uint8Array {
  const nonceLength = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  const value = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (value.length < HEAD + nonceLength || value.readUInt8(0) !== VERSION || value.readUInt32BE(1) !== keyId) {
    throw new SealError(`the sealed value in ${place.table}.${place.column} has another shape or key`);
  }
  try {
    const nonce = value.subarray(HEAD, HEAD + nonceLength);
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      value.subarray(HEAD + nonceLength),
      associated(keyId, place),
      nonce,
      key,
    );
  } catch (cause) {
    throw new SealError(`the sealed value in ${place.table}.${place.column} doesn't open`, { cause });
  }
}

/** Length-prefixed, so that no two places spell the same bytes. */
function associated(keyId: number, place: Place): Uint8Array {
  const parts = [String(keyId), place.workspace, place.table, place.column, `${typeof place.row === 'number' ? 'n' : 's'}${place.row}`];
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** A key of its own for each purpose, derived from one. `context` is 8 ASCII characters. */
export function deriveKey(from: Uint8Array, id: number, context: string): Uint8Array {
  return sodium.crypto_kdf_derive_from_key(32, id, context, from);
}

/** 32 random bytes. */
export function randomKey(): Uint8Array {
  return sodium.randombytes_buf(32);
}

/** BLAKE2b of 32 bytes under a key. */
export function keyedHash(key: Uint8Array, ...parts: string[]): Buffer {
  return Buffer.from(sodium.crypto_generichash(32, Buffer.from(JSON.stringify(parts)), key));
}

export function wipe(bytes: Uint8Array): void {
  sodium.memzero(bytes);
}

/** An Ed25519 signature by the key pair that grows from `seed` (32 bytes). Both in base64. */
export function signed(seed: Uint8Array, text: string): { key: string; signature: string } {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  const signature = sodium.crypto_sign_detached(Buffer.from(text), privateKey);
  wipe(privateKey);
  return { key: Buffer.from(publicKey).toString('base64'), signature: Buffer.from(signature).toString('base64') };
}

/** Whether `text` was signed by the owner of `key`. Both in base64; what is no key or signature is false. */
export function isSigned(text: string, { key, signature }: { key: string; signature: string }): boolean {
  try {
    return sodium.crypto_sign_verify_detached(Buffer.from(signature, 'base64'), Buffer.from(text), Buffer.from(key, 'base64'));
  } catch {
    return false;
  }
}
