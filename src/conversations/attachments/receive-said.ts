/** A form that says something, with files: a visitor's post, or a member's answer. */
import type { IncomingMessage } from 'node:http';
import { LARGEST_ATTACHMENT } from '../../channels/index.ts';
import { line } from '../../web/parse.ts';
import { receiveForm } from '../../web/receive-form.ts';
import type { Workspace } from '../../workspace.ts';
import { removeFile, type NamedFile } from './attachment.ts';
import { keepFile } from './keep-file.ts';

export const FILES_AT_ONCE = 5;

const LIMITS = { fileBytes: LARGEST_ATTACHMENT, files: FILES_AT_ONCE, fieldBytes: 100_000 };
const NAME_AT_MOST = 120;

export interface Said {
  fields: Record<string, string>;
  files: NamedFile[];
}

/** The first file that wasn't taken, and why: TooLarge, TooMany, NotKept, NoRoom or what nobody expects. None was kept then. */
export class FileRefused extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super('a file was not taken', { cause });
    this.file = file;
  }
}

/** Reads the form; its files are then sealed on the disk, and no row leads to them yet. Throws FileRefused, NoFiles. */
export async function receiveSaid(ws: Workspace, request: IncomingMessage): Promise<Said> {
  // They are sealed beside each other, and stay in the order in which they came.
  const sealed: (NamedFile | undefined)[] = [];
  const take = async (given: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
    const place = sealed.push(undefined) - 1;
    sealed[place] = { name: nameOf(given), file: await keepFile(ws, content) };
  };
  const taken = () => sealed.filter((each) => each !== undefined);
  try {
    const { fields, files: received } = await receiveForm(request, LIMITS, take);
    const refused = received.find(({ error }) => error !== undefined);
    if (refused) throw new FileRefused(nameOf(refused.name), refused.error);
    return { fields, files: taken() };
  } catch (error) {
    dropUnused(ws, taken());
    throw error;
  }
}

/** Takes away what no row leads to: files that came with what wasn't stored, or was stored before. */
export function dropUnused(ws: Workspace, files: NamedFile[]): void {
  const known = ws.prepare('SELECT 1 FROM attachments WHERE path = ?');
  for (const { file } of files) if (known.get(file.name) === undefined) removeFile(ws, file.name);
}

/** As it is shown: one line, nothing unseen in it, no path; its end, which people go by, is kept. */
function nameOf(given: string): string {
  const [last = ''] = given.split(/[/\\]/).slice(-1);
  const letters = [...last];
  const short = letters.length > NAME_AT_MOST ? [...letters.slice(0, NAME_AT_MOST - 12), '…', ...letters.slice(-11)].join('') : last;
  const read = line('The name', NAME_AT_MOST).safeParse(short);
  return read.success ? read.data : 'file';
}
