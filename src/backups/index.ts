/** Backups of the whole installation, and how one is put back. */
export { backUp } from './back-up.ts';
export { makeArchive } from './make-archive.ts';
export { ArchiveError } from './open-archive.ts';
export { restore } from './restore.ts';
export { finishSwap } from './swap-in.ts';
