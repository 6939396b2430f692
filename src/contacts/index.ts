/** People who write in. */
export { changeIdentity } from './change-identity.ts';
export { findIdentity, identify, type Identified, type Writer } from './identify.ts';
export { contactCard, type ContactCard } from './contacts.queries.ts';
export { addField, contactFields, editField, fieldUse, removeField, type ContactField } from './contact-fields.ts';
export { contactLines } from './contact-csv.ts';
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
export { findByWords } from './find-by-words.ts';
export { fieldKinds, readValue, type FieldKind, type Shape } from './field-value.ts';
export { labelsOfContact, LABELS_AT_MOST, setContactLabels } from './contact-labels.ts';
export { contactImport, contactImports, type ContactImport, type ImportState } from './importing/contact-import.ts';
export { importContacts } from './importing/import-contacts.ts';
export {
  DELIMITERS,
  ENCODINGS,
  faultOf,
  importPlan,
  TARGETS,
  type DelimiterName,
  type ImportPlan,
  type Target,
} from './importing/import-plan.ts';
export type { Outcome } from './importing/import-row.ts';
export { previewImport, type Preview } from './importing/preview-import.ts';
export { letterOf } from './importing/read-row.ts';
export { skippedCells, skippedRows, type SkippedRow } from './importing/skipped-rows.ts';
export { beginImport, dropImport, goOn, pauseImport, planImport, stopImport, undoImport } from './importing/steer-import.ts';
export { sweepImports } from './importing/sweep-imports.ts';
export { LARGEST_SHEET, NoSheet, takeFile, withColumns } from './importing/take-file.ts';
export { asDetail, detailOf, givenBy, keepDetail, leadOf, noteAsked, noteDeclined, shapeOf, type Detail, type Where } from './leads.ts';
export { takeBelongings } from './take-belongings.ts';
