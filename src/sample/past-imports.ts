import { beginImport, takeFile } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';

const GUESTS = `Name;E-mail;Telefon;Birthday;Favourite cake;Tags;Notiz
Clara Neumann;clara.neumann@example.com;+49 30 555 0171;03.05.1990;Lemon;regular;Sits at the window
Omar Haddad;omar.haddad@example.com;;;Sacher;regular, birthday club;
Lena Vogt;lena.vogt@;;;;;
`;
const NEWSLETTER = `Full name,Email,Mobile,Customer group
Jonas Weber,jonas.weber@example.com,+49 30 555 0199,regular
Clara Neumann,clara.neumann@example.com,,newsletter
Yuki Tanaka,yuki.tanaka@example.com,,newsletter
`;

/** One file that was taken in, with a row that didn't fit, and one that is only looked at. */
export async function importPast(ws: Workspace, userId: number): Promise<void> {
  const give = (name: string, text: string): Promise<number> => {
    const content = (async function* pieces() {
      yield Buffer.from(text);
    })();
    return takeFile(ws, { name, content, userId });
  };
  const why = beginImport(ws, await give('Guest list.csv', GUESTS), userId);
  if (why !== undefined) throw new Error(`the sample’s import was refused: ${why}`);
  await give('Newsletter.csv', NEWSLETTER);
}
