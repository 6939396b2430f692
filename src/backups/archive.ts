/**
 * An archive: one line that names its form and the master key that opens it, then one sealed stream of records. A record is
 * the length of its head (4 bytes, big endian), the head in JSON, and the content. The first says what the archive is, the
 * last lists every file with its hash. Nothing in it opens without the master key, which it doesn't hold.
 */
export const FORM = 1;
export const FINGERPRINT_LENGTH = 32;

export interface About {
  /** UTC ms. */
  madeAt: number;
  /** Names of the migrations that its databases know at most. */
  migrations: { control: string[]; workspace: string[] };
}

export interface FileHead {
  /** Relative to the data folder. */
  path: string;
  bytes: number;
}

export interface Listed extends FileHead {
  /** SHA-256, hex. */
  hash: string;
}

export type Head = { about: About } | { file: FileHead } | { files: Listed[] };

/** `deskbell-backup 001 <fingerprint>`: of one length, whatever the form. */
export function firstLine(fingerprint: string, form: number = FORM): Buffer {
  return Buffer.from(`deskbell-backup ${String(form).padStart(3, '0')} ${fingerprint}\n`);
}

export const FIRST_LINE_LENGTH = firstLine('0'.repeat(FINGERPRINT_LENGTH)).length;

/** Of the data folder, what an archive holds. Everything else is made anew. */
export const ARCHIVED = /^(control\.db|ledger\/ledger\.jsonl|workspaces\/[\w-]+\/(workspace\.db|key|(attachments|files|imports)\/[\w-]+))$/;

/** What an archive's file is called, by the time it was made: they sort by their names. */
export function archiveName(at: number): string {
  return `deskbell-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}.backup`;
}

export const ARCHIVE_NAME = /^deskbell-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)\.backup$/;

/** UTC ms; undefined for a file that is no archive by its name. */
export function archiveTime(name: string): number | undefined {
  const [, day, hour, minute, second] = ARCHIVE_NAME.exec(name) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}Z`);
}
