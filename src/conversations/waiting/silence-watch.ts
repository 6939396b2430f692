import type { Installation } from '../../installation.ts';
import type { Workspace } from '../../workspace.ts';
import { lookForSilence } from './notice-silence.ts';

/**
 * Looks each minute into every workspace where somebody may wait too long: those that are open, those that were open since the
 * last look, and closed ones whose customer's time is up. When that is, is known in memory alone: a start looks into all.
 */
export class SilenceWatch {
  readonly #installation: Installation;
  /** UTC ms; null: nobody waits there. */
  readonly #next = new Map<string, number | null>();

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  lookInto(ws: Workspace): void {
    this.#next.set(ws.id, lookForSilence(ws));
  }

  async look(): Promise<void> {
    const { workspaces, clock } = this.#installation;
    const now = clock.now();
    const lately = new Set([...workspaces.openIds(), ...workspaces.takeClosed()]);
    const ids = workspaces.ids().filter((id) => {
      const next = this.#next.get(id);
      return lately.has(id) || next === undefined || (next !== null && next <= now);
    });
    await workspaces.each((ws) => this.lookInto(ws), undefined, ids);
  }
}
