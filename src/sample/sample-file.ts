import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../lib/files.ts';
import type { Settings } from '../config.ts';

const sample = z.object({ workspace: z.string(), widget: z.string(), email: z.string(), password: z.string() });

/** What was made by `--sample`: its workspace, its widget's public id, and how its owner signs in. */
export type Sample = z.infer<typeof sample>;

/** The sample of this data folder; undefined where there is none. */
export function readSample({ dataDir }: Pick<Settings, 'dataDir'>): Sample | undefined {
  const file = fileIn(dataDir);
  return existsSync(file) ? sample.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export function writeSample({ dataDir }: Pick<Settings, 'dataDir'>, made: Sample): void {
  writeDurably(fileIn(dataDir), `${JSON.stringify(made, null, 2)}\n`);
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'sample.json');
}
