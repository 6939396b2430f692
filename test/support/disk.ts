import type { Installation } from '../../src/installation.ts';
import { DiskSpace, type Measured } from '../../src/db/disk-space.ts';

export const MB = 1024 * 1024;

/** A disk that is as full as the test says. What the reserve takes is not counted. */
export class Disk {
  free = 50_000 * MB;
  total = 100_000 * MB;

  measure(): Promise<Measured> {
    return Promise.resolve({ free: this.free, total: this.total });
  }

  /** Under an installation, from now on. */
  under(installation: Installation): void {
    const { settings, log } = installation;
    installation.space = new DiskSpace({ dataDir: settings.dataDir, log, measure: () => this.measure() });
  }
}
