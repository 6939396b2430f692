import { addField, editContact, noteOnContact } from '../contacts/index.ts';
import type { Workspace } from '../workspace.ts';

/** What the café keeps of a few who wrote: fields of its own, a note, and two who may be one person. */
export function knowContacts(ws: Workspace, userId: number): void {
  const birthday = addField(ws, { name: 'Birthday', kind: 'date', choices: [] });
  const cake = addField(ws, { name: 'Favourite cake', kind: 'choice', choices: ['Almond', 'Lemon', 'Sacher'] });
  if (!birthday.ok || !cake.ok) throw new Error('the sample’s fields were refused');
  const idOf = (name: string): number => ws.prepare('SELECT id FROM contacts WHERE name = ?').pluck().get(name) as number;
  const [jonas, sofia] = [idOf('Jonas Weber'), idOf('Sofia Rossi')];
  const fields = { [birthday.id]: '1986-12-05', [cake.id]: 'Almond' };
  editContact(ws, { contactId: jonas, userId, typed: { email: 'jonas.weber@example.com', phone: '+49 30 555 0136', fields } });
  editContact(ws, { contactId: sofia, userId, typed: { email: 'weber.rossi@example.com' } });
  editContact(ws, { contactId: idOf('Priya Nair'), userId, typed: { email: 'weber.rossi@example.com' } });
  noteOnContact(ws, { contactId: jonas, userId, text: 'Ida is his sister. Rings before he picks up.' });
}
