/** Who else writes in a conversation just now: heard on the bus, kept in memory alone, forgotten a few seconds later. */
import { membersOf } from '../../accounts/index.ts';
import type { Workspace } from '../../workspace.ts';

/** A composer that is written in says so every second and a half. */
const FORGOTTEN_MS = 5000;

export class Writers {
  readonly #ws: Workspace;
  readonly #userId: number;
  readonly #changed: () => void;
  readonly #writing = new Map<number, NodeJS.Timeout>();
  #told = '';

  /** `changed` is called when there may be something new to take. */
  constructor(ws: Workspace, userId: number, changed: () => void) {
    this.#ws = ws;
    this.#userId = userId;
    this.#changed = changed;
  }

  hear({ userId, writes }: { userId: number; writes: boolean }): void {
    if (userId === this.#userId) return;
    clearTimeout(this.#writing.get(userId));
    if (writes) this.#writing.set(userId, setTimeout(() => this.#forget(userId), FORGOTTEN_MS).unref());
    else this.#writing.delete(userId);
    this.#changed();
  }

  /** Who writes, in a sentence, '' for nobody; null when that was told before. */
  take(): string | null {
    const says = this.#says();
    if (says === this.#told) return null;
    this.#told = says;
    return says;
  }

  end(): void {
    for (const timer of this.#writing.values()) clearTimeout(timer);
  }

  #forget(userId: number): void {
    this.#writing.delete(userId);
    this.#changed();
  }

  #says(): string {
    if (this.#writing.size === 0) return '';
    const names = membersOf(this.#ws).flatMap(({ userId, firstName }) => (this.#writing.has(userId) ? firstName : []));
    return `${names.join(' and ') || 'Somebody'} ${names.length > 1 ? 'are' : 'is'} writing here.`;
  }
}
