import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Where the migrations of each database lie. */
export const migrations = {
  control: join(root, 'migrations', 'control'),
  workspace: join(root, 'migrations', 'workspace'),
} as const;
