/** One contact: who they are, what is kept of them, and all they said. */
import { membersOf } from '../../accounts/index.ts';
import {
  contactCard,
  contactFields,
  contactNotes,
  labelsOfContact,
  type ContactCard,
  type ContactField,
  type Faults,
} from '../../contacts/index.ts';
import { firstWordText, wordText } from '../../web/formats.ts';
import { roleMay, type Role } from '../../web/permissions.ts';
import type { Workspace } from '../../workspace.ts';
import { namedParts } from '../file-view.ts';
import { channelIcon } from '../inbox-view.ts';
import { labelsOf } from '../list/labels.ts';
import { knownAs, languageName, mask } from '../talk-view.ts';
import {
  contactFiles,
  contactHistory,
  contactNotices,
  likelySame,
  mergesOf,
  openConversationsOf,
  type Likely,
} from './contact-history.queries.ts';
import { nameOf } from './contact-list-page.ts';

const CONVERSATIONS = 100;
const FILES = 50;

export interface Wanted {
  workspace: Workspace;
  role: Role;
  /** What is looked for in what was said. */
  query: string;
  /** A form that was sent with faults, to be shown again. */
  typed?: Record<string, unknown>;
  errors?: Faults;
}

/** Undefined when there is no such contact. */
export function contactPage(wanted: Wanted, contactId: number): object | undefined {
  const { workspace: ws, role, query } = wanted;
  const card = contactCard(ws, contactId);
  if (!card) return undefined;
  const base = `/w/${ws.id}`;
  const masked = !roleMay(role, 'contact.edit');
  const show = (value: string): string => (masked ? mask(value) : value);
  const members = new Map(membersOf(ws).map((member) => [member.userId, member.firstName]));
  const named = <T>(row: T, userId: number): T & { by: string } => ({ ...row, by: members.get(userId) ?? 'Somebody who left' });
  return {
    name: cardName(card),
    line: lineOf(ws, contactId),
    path: `${base}/contacts/${contactId}`,
    base,
    blockedAt: card.blockedAt,
    restrictedAt: card.restrictedAt,
    stoppedAt: card.stoppedAt,
    peopleOnlyAt: card.peopleOnlyAt,
    createdAt: card.createdAt,
    language: card.language === null ? null : languageName(card.language),
    form: formOf(contactFields(ws), card, wanted),
    ledger: masked ? ledgerOf(card, show) : null,
    identities: card.identities.map((identity) => ({
      ...identity,
      icon: channelIcon(identity.channelKind),
      says: knownAs(identity, show),
    })),
    notes: contactNotes(ws, contactId).map((note) => named(note, note.userId)),
    labels: labelsHere(ws, contactId),
    query,
    history: contactHistory(ws, contactId, query, CONVERSATIONS).map((row) => ({
      ...row,
      icon: channelIcon(row.channelKind),
      said: namedParts(row.lastWords),
      done: row.status === 'resolved',
    })),
    files: contactFiles(ws, contactId, FILES),
    notices: contactNotices(ws, contactId),
    likely: roleMay(role, 'contact.merge') ? likelySame(ws, contactId).map(likelyView) : [],
    merges: mergesOf(ws, contactId).map((merge, index) => ({
      ...named(merge, merge.mergedBy),
      name: merge.goneName ?? 'a contact without a name',
      newest: index === 0,
    })),
  };
}

/** Every label, with whether they have it. */
function labelsHere(ws: Workspace, contactId: number): { id: number; name: string; hue: string; worn: boolean }[] {
  const worn = new Set(labelsOfContact(ws, contactId).map(({ id }) => id));
  return labelsOf(ws).map((label) => ({ ...label, worn: worn.has(label.id) }));
}

function lineOf(ws: Workspace, contactId: number): string {
  const all = ws.prepare('SELECT count(*) FROM conversations WHERE contact_id = ?').pluck().get(contactId) as number;
  const open = openConversationsOf(ws, contactId);
  if (all === 0) return 'They haven’t written yet.';
  const which = all === 1 ? (open === 1 ? ', which is open' : '') : `, ${open === 0 ? 'none' : wordText(open)} of them open`;
  return `${firstWordText(all)} ${all === 1 ? 'conversation' : 'conversations'}${which}.`;
}

export function cardName(card: ContactCard): string {
  const username = card.identities.find((identity) => identity.username !== null)?.username ?? null;
  return nameOf(
    { name: card.name, username },
    card.identities.map(({ channelKind }) => channelKind),
  );
}

export const likelyView = (row: Likely): Likely & { shown: string } => ({
  ...row,
  shown: row.name ?? row.email ?? row.phone ?? 'Contact without a name',
});

interface FormField {
  name: string;
  label: string;
  value: unknown;
  error: string | undefined;
  /** Where it comes from; '' where a member wrote it. */
  hint: string;
  type?: string;
  inputmode?: string;
  options?: { value: string; label: string }[];
}

const INPUTS: Record<string, { type?: string; inputmode?: string }> = {
  number: { inputmode: 'decimal' },
  date: { type: 'date' },
  email: { type: 'email' },
  phone: { type: 'tel' },
  url: { inputmode: 'url' },
};

function formOf(fields: ContactField[], card: ContactCard, { typed = {}, errors = {} }: Wanted): FormField[] {
  const known = new Map(card.values.map(({ fieldId, value }) => [fieldId, value]));
  const from = (field: string): string => (card.given.has(field) ? 'They told it themselves, in a conversation.' : '');
  const one = (
    name: string,
    label: string,
    value: string | null,
    more: Omit<FormField, 'name' | 'label' | 'value' | 'error' | 'hint'> = {},
  ): FormField => ({
    name,
    label,
    value: typed[name] ?? value ?? '',
    error: errors[name],
    hint: from(name.replace('field-', '')),
    ...more,
  });
  return [
    one('name', 'Name', card.name),
    one('email', 'E-mail', card.email, { type: 'email' }),
    one('phone', 'Phone', card.phone, { type: 'tel' }),
    ...fields.map((field) =>
      one(`field-${field.id}`, field.name, known.get(field.id) ?? null, { ...INPUTS[field.kind], ...optionsOf(field) }),
    ),
  ];
}

function optionsOf({ kind, choices }: ContactField): Pick<FormField, 'options'> {
  if (kind === 'yes-no')
    return {
      options: [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' },
      ],
    };
  return kind === 'choice' ? { options: choices.map((choice) => ({ value: choice, label: choice })) } : {};
}

/** What is written down of a contact, for who may not change it. Addresses and numbers are shown in part. */
function ledgerOf(card: ContactCard, show: (value: string) => string): { name: string; value: string }[] {
  const own = { Name: card.name, 'E-mail': card.email && show(card.email), Phone: card.phone && show(card.phone) };
  return [
    ...Object.entries(own).flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    ...card.values.map(({ name, kind, value }) => ({ name, value: kind === 'email' || kind === 'phone' ? show(value) : value })),
  ];
}
