import { randomFillSync } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const PIECE = 1024 * 1024;

/** A file that holds nothing and takes room, so that there is some when the disk is full. */
export class Reserve {
  readonly #file: string;
  #isThere: boolean | undefined;

  constructor(dataDir: string) {
    this.#file = join(dataDir, 'reserve');
  }

  /** Makes it where it isn't; rejects when there is no room for it after all, and leaves nothing. */
  async make(bytes: number): Promise<void> {
    if (await this.#there()) return;
    const temporary = `${this.#file}.new`;
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        // Noise: a file system that compresses would take zeros for nothing, and give back as much.
        const noise = randomFillSync(Buffer.alloc(Math.min(bytes, PIECE)));
        for (let left = bytes; left > 0; left -= noise.length) await handle.write(noise, 0, Math.min(left, noise.length));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#file);
      this.#isThere = true;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Gives its room back; false when it is gone already. */
  async giveUp(): Promise<boolean> {
    if (!(await this.#there())) return false;
    await rm(this.#file, { force: true });
    this.#isThere = false;
    return true;
  }

  async #there(): Promise<boolean> {
    this.#isThere ??= await stat(this.#file).then(
      () => true,
      () => false,
    );
    return this.#isThere;
  }
}
