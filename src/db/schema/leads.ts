/** Contacts that come in by a file, labels of contacts, and the details that a bot asks for. */
import { blob, index, integer, primaryKey, sql, sqliteTable, text } from '../drizzle.ts';
import { contacts } from './contacts.ts';
import { labels } from './inbox.ts';

export const contactImports = sqliteTable('contact_imports', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** An ImportState. */
  state: text('state').notNull(),
  fileName: text('file_name').notNull(),
  /** Its name in the folder `imports`; null once it was thrown away. */
  filePath: text('file_path'),
  fileKeySealed: blob('file_key_sealed', { mode: 'buffer' }),
  fileBytes: integer('file_bytes').notNull(),
  /** An ImportPlan. */
  plan: text('plan').notNull(),
  doneRows: integer('done_rows').notNull().default(0),
  doneBytes: integer('done_bytes').notNull().default(0),
  created: integer('created').notNull().default(0),
  updated: integer('updated').notNull().default(0),
  same: integer('same').notNull().default(0),
  skipped: integer('skipped').notNull().default(0),
  /** Of created and updated, when it is undone: taken back, and left since somebody changed them. */
  takenBack: integer('taken_back').notNull().default(0),
  kept: integer('kept').notNull().default(0),
  says: text('says'),
  createdBy: integer('created_by').notNull(),
  uploadedAt: integer('uploaded_at').notNull(),
  endedAt: integer('ended_at'),
});

export const contactImportRows = sqliteTable(
  'contact_import_rows',
  {
    importId: integer('import_id')
      .notNull()
      .references(() => contactImports.id),
    row: integer('row').notNull(),
    outcome: text('outcome', { enum: ['created', 'updated', 'skipped'] }).notNull(),
    /** A number, not a reference: who was merged comes back under it. */
    contactId: integer('contact_id'),
    /** A RowChange. */
    change: text('change'),
    says: text('says'),
  },
  (t) => [
    primaryKey({ columns: [t.importId, t.row] }),
    index('contact_import_rows_contact')
      .on(t.contactId)
      .where(sql`contact_id is not null`),
    index('contact_import_rows_skipped')
      .on(t.importId, t.row)
      .where(sql`outcome = 'skipped'`),
  ],
);

export const contactLabels = sqliteTable(
  'contact_labels',
  {
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    labelId: integer('label_id')
      .notNull()
      .references(() => labels.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.contactId, t.labelId] }), index('contact_labels_label').on(t.labelId, t.contactId)],
);

/** What came of asking a contact for a detail. */
export const leads = sqliteTable(
  'leads',
  {
    contactId: integer('contact_id')
      .notNull()
      .references(() => contacts.id),
    /** `name`, `email`, `phone`, or the number of a field of one's own. */
    field: text('field').notNull(),
    state: text('state', { enum: ['asked', 'given', 'declined'] }).notNull(),
    /** How often. */
    asked: integer('asked').notNull().default(0),
    /** As it was kept: as long as the contact has it still, it is the customer's own word. */
    value: text('value'),
    /** Where it was asked or given, and by which message. */
    conversationId: integer('conversation_id'),
    messageId: integer('message_id'),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.contactId, t.field] })],
);
