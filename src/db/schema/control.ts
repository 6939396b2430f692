/** control.db: what belongs to no single workspace. It holds no conversation, contact or secret of a workspace. */
import { sqliteTable, blob, integer, text, index, uniqueIndex, primaryKey } from '../drizzle.ts';

/** One row. `keyFingerprint` names the master key this installation was made with; the boot refuses another. */
export const installation = sqliteTable('installation', {
  id: integer('id').primaryKey(),
  keyFingerprint: text('key_fingerprint').notNull(),
  /** SHA-256 of the one-time set-up token; null once the owner exists. */
  setupTokenHash: text('setup_token_hash'),
  setUpAt: integer('set_up_at'),
  /** When the server last said that it runs. */
  aliveAt: integer('alive_at'),
  createdAt: integer('created_at').notNull(),
});

export const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Lower-cased, trimmed. */
  email: text('email').notNull().unique(),
  firstName: text('first_name').notNull(),
  lastName: text('last_name').notNull(),
  company: text('company'),
  phone: text('phone'),
  country: text('country'),
  /** argon2id in PHC form. */
  passwordHash: text('password_hash').notNull(),
  /** When the person confirmed to be 16 or over. */
  confirmedAgeAt: integer('confirmed_age_at').notNull(),
  isOperator: integer('is_operator', { mode: 'boolean' }).notNull().default(false),
  /** 'system', 'light' or 'dark'. */
  theme: text('theme').notNull().default('system'),
  createdAt: integer('created_at').notNull(),
});

export const sessions = sqliteTable(
  'sessions',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    tokenHash: text('token_hash').notNull().unique(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** The password was asked again then; it counts for ten minutes. */
    steppedUpAt: integer('stepped_up_at'),
    ip: text('ip'),
    userAgent: text('user_agent'),
  },
  (t) => [index('sessions_user').on(t.userId)],
);

/** Failed sign-ins by keyed hash of address or IP, for lockout. */
export const signInFailures = sqliteTable('sign_in_failures', {
  subject: text('subject').primaryKey(),
  failures: integer('failures').notNull(),
  lockedUntil: integer('locked_until'),
  lastAt: integer('last_at').notNull(),
});

/** An authenticator app. Until `confirmedAt` it was only shown and asks nobody for anything. */
export const authenticators = sqliteTable('authenticators', {
  userId: integer('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  secretSealed: blob('secret_sealed', { mode: 'buffer' }).notNull(),
  /** The thirty seconds whose code was taken last: that one and those before it are worth nothing any more. */
  lastStep: integer('last_step').notNull().default(0),
  confirmedAt: integer('confirmed_at'),
  createdAt: integer('created_at').notNull(),
});

/** Codes for who has lost the app, by keyed hash, each for one use. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [index('recovery_codes_user').on(t.userId)],
);

export const passkeys = sqliteTable(
  'passkeys',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** As the browser names it, base64url. */
    credentialId: text('credential_id').notNull().unique(),
    /** COSE. */
    publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
    /** Grows with each use where a device counts; a smaller one tells of a copy. */
    counter: integer('counter').notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [index('passkeys_user').on(t.userId)],
);

/** What a passkey's answer must sign, each for one answer and one purpose. */
export const passkeyChallenges = sqliteTable('passkey_challenges', {
  hash: text('hash').primaryKey(),
  /** `sign-in`, or `add` and `confirm` with the user's id. */
  purpose: text('purpose').notNull(),
  expiresAt: integer('expires_at').notNull(),
});

/** Sign-ins whose password was right and whose second step is waited for. */
export const secondSteps = sqliteTable('second_steps', {
  tokenHash: text('token_hash').primaryKey(),
  userId: integer('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: integer('expires_at').notNull(),
});

export const workspaces = sqliteTable('workspaces', {
  /** Unguessable; also the folder's name and the `/w/<id>/` of every page. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
  closedAt: integer('closed_at'),
});

export const memberships = sqliteTable(
  'memberships',
  {
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role', { enum: ['owner', 'admin', 'agent', 'viewer'] }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.userId] }), index('memberships_user').on(t.userId)],
);

export const invitations = sqliteTable(
  'invitations',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    tokenHash: text('token_hash').notNull().unique(),
    email: text('email'),
    role: text('role', { enum: ['owner', 'admin', 'agent', 'viewer'] }).notNull(),
    createdBy: integer('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
    usedBy: integer('used_by'),
    revokedAt: integer('revoked_at'),
  },
  (t) => [index('invitations_workspace').on(t.workspaceId)],
);

/** The last event of a workspace's audit log on a day (UTC), signed by the installation. */
export const auditHeads = sqliteTable(
  'audit_heads',
  {
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    day: text('day').notNull(),
    eventId: integer('event_id').notNull(),
    hash: text('hash').notNull(),
    at: integer('at').notNull(),
    signature: text('signature').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.day] })],
);

/** Public ids that lead to a workspace: a widget's id, a webhook's address. Written after the workspace, rebuilt at boot. */
export const routes = sqliteTable(
  'routes',
  {
    publicId: text('public_id').primaryKey(),
    workspaceId: text('workspace_id')
      .notNull()
      .references(() => workspaces.id),
    /** 'account' holds one account of a channel (`telegram:8123`) for one workspace. */
    kind: text('kind', { enum: ['channel', 'account'] }).notNull(),
    localId: integer('local_id').notNull(),
  },
  (t) => [uniqueIndex('routes_local').on(t.workspaceId, t.kind, t.localId)],
);

/** Backups that were made or tried. The archives lie in the folder `backups`. */
export const backups = sqliteTable('backups', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Of the archive's file. */
  name: text('name').notNull().unique('backups_name'),
  cause: text('cause', { enum: ['night', 'asked'] }).notNull(),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at'),
  /** Why it failed. */
  says: text('says'),
  /** When it was restored to try it, and what came of that. */
  checkedAt: integer('checked_at'),
  checkedSays: text('checked_says'),
});
