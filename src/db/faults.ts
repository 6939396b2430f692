/** What a database's error says about the disk under it and the file it lies in. */

/** The file can't be trusted, or can't be read. */
const ILL = /^SQLITE_(IOERR(_\w+)?|CORRUPT|CORRUPT_INDEX|NOTADB)$/;

/** SQLite's code of an error; '' for every other error. */
export function sqliteCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return '';
  return error.code.startsWith('SQLITE_') ? error.code : '';
}

/**
 * The workspace must not go on with this file. A search index that is out of step (CORRUPT_VTAB) is no such thing: it can be
 * made anew from the rows.
 */
export function isIll(error: unknown): boolean {
  return ILL.test(sqliteCode(error));
}

/** The disk's own fault, which may pass; a damaged file doesn't mend itself. */
export function mayPass(error: unknown): boolean {
  return sqliteCode(error).startsWith('SQLITE_IOERR');
}

export function isFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL';
}
