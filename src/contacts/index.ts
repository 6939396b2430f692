/** People who write in. */
export { changeIdentity } from './change-identity.ts';
export { findIdentity, identify, type Identified, type Writer } from './identify.ts';
export { contactCard, type ContactCard } from './contacts.queries.ts';
export { addField, contactFields, editField, fieldUse, removeField, type ContactField } from './contact-fields.ts';
export { contactRows, countContacts, type ContactFilter, type ContactRow, type Place } from './contact-list.queries.ts';
export {
  contactNotes,
  deleteContactNote,
  editContactNote,
  noteOnContact,
  restoreContactNote,
  sweepContactNotes,
  type NoteOf,
} from './contact-notes.ts';
export { editContact, type Faults, type TypedContact } from './edit-contact.ts';
export { fieldKinds, type FieldKind } from './field-value.ts';
export { takeBelongings } from './take-belongings.ts';
