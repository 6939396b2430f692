import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, writeDurably } from '../lib/files.ts';
import { Secret } from '../lib/secret.ts';
import { deriveKey, keyedHash, randomKey, readySealing, seal, signed, unseal, wipe, SealError, type Place } from './seal.ts';

const MASTER_KEY_ID = 1;
const WORKSPACE_KEY_ID = 1;

/** Keys of one workspace, each for its own purpose. */
export interface WorkspaceKeys {
  /** Seals secrets in rows. */
  seal: Uint8Array;
  keyId: number;
  /** Wraps the key that each file has. */
  files: Uint8Array;
  /** Keyed hashes: what was seen, fingerprints. */
  blind: Uint8Array;
  /** Signs the tokens of widget visitors. */
  visitors: Uint8Array;
}

/** The master key is missing, damaged or another one. The message is for the person at the console. */
export class VaultError extends Error {}

/**
 * Holds the master key and opens workspace keys. The master key is a file outside the data folder: whoever copies the
 * data alone opens nothing. It wraps one random key per workspace, which lies in the workspace's own folder.
 */
export class Vault {
  readonly #wrap: Uint8Array;
  readonly #hash: Uint8Array;
  readonly #sign: Uint8Array;
  readonly #seal: Uint8Array;
  /** Seals archives of the whole installation, and nothing else. */
  readonly backupKey: Uint8Array;
  /** Names the master key without telling it. */
  readonly fingerprint: string;

  private constructor(master: Uint8Array) {
    this.#wrap = deriveKey(master, 1, 'wrapkeys');
    this.#hash = deriveKey(master, 3, 'instkeys');
    this.#sign = deriveKey(master, 4, 'certsign');
    this.#seal = deriveKey(master, 5, 'instseal');
    this.backupKey = deriveKey(master, 6, 'backups_');
    this.fingerprint = keyedHash(deriveKey(master, 2, 'fingerpr'), 'deskbell master key')
      .toString('hex')
      .slice(0, 32);
  }

  /**
   * Reads the master key, or makes one where there is none and `mayMake` says that nothing was sealed yet.
   * Throws VaultError in plain words.
   */
  static async unlock(keysDir: string, mayMake: boolean): Promise<Vault> {
    await readySealing();
    const file = join(keysDir, 'master.key');
    if (!existsSync(file)) {
      if (!mayMake) {
        throw new VaultError(
          `The master key is missing: ${file}. The data was sealed with it, and without it no key or token opens. Put the file back from your recovery copy, then start again.`,
        );
      }
      makeFolder(keysDir);
      writeDurably(file, `${Buffer.from(randomKey()).toString('base64')}\n`);
    }
    if ((statSync(file).mode & 0o077) !== 0) {
      throw new VaultError(`Others on this machine can read the master key: ${file}. Run: chmod 600 ${file}`);
    }
    const master = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    if (master.length !== 32)
      throw new VaultError(
        `The master key in ${file} is damaged: it must be 32 bytes in base64. Put the file back from your recovery copy.`,
      );
    return new Vault(master);
  }

  /** Keyed hash for what the installation stores without a workspace, like an address that failed to sign in. */
  hash(...parts: string[]): string {
    return keyedHash(this.#hash, ...parts).toString('hex');
  }

  /** Seals a secret that belongs to no workspace, such as a user's, for one column of one row of control.db. */
  seal(place: Omit<Place, 'workspace'>, secret: Secret): Buffer {
    return seal(this.#seal, MASTER_KEY_ID, { workspace: '', ...place }, Buffer.from(secret.reveal()));
  }

  /** Opens what `seal` made for the same column and row. Throws SealError when it was moved or changed. */
  open(place: Omit<Place, 'workspace'>, sealed: Buffer): Secret {
    const bytes = unseal(this.#seal, MASTER_KEY_ID, { workspace: '', ...place }, sealed);
    const secret = new Secret(Buffer.from(bytes).toString());
    wipe(bytes);
    return secret;
  }

  /** Signs what the installation certifies (Ed25519). Both in base64; `isSigned` of seal.ts checks them anywhere. */
  sign(text: string): { key: string; signature: string } {
    return signed(this.#sign, text);
  }

  /** Makes the key of a new workspace and writes it, wrapped, into its folder. */
  makeWorkspaceKey(workspaceId: string, folder: string): void {
    const wrapped = seal(this.#wrap, MASTER_KEY_ID, workspaceKeyPlace(workspaceId), randomKey());
    writeDurably(join(folder, 'key'), wrapped);
  }

  /** Opens a workspace's keys from its folder. Throws VaultError. */
  openWorkspaceKeys(workspaceId: string, folder: string): WorkspaceKeys {
    let key: Uint8Array;
    try {
      key = unseal(this.#wrap, MASTER_KEY_ID, workspaceKeyPlace(workspaceId), readFileSync(join(folder, 'key')));
    } catch (cause) {
      if (!(cause instanceof SealError)) throw cause;
      throw new VaultError(`The key of workspace ${workspaceId} doesn't open with this master key.`, { cause });
    }
    return {
      keyId: WORKSPACE_KEY_ID,
      seal: deriveKey(key, 1, 'wssealed'),
      files: deriveKey(key, 2, 'wsfiles_'),
      blind: deriveKey(key, 3, 'wsblind_'),
      visitors: deriveKey(key, 4, 'wsvisits'),
    };
  }
}

function workspaceKeyPlace(workspaceId: string): { workspace: string; table: string; column: string; row: string } {
  return { workspace: workspaceId, table: 'workspace', column: 'key', row: workspaceId };
}
