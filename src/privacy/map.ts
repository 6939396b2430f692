/**
 * The data map: every table, column and folder of an installation, declared once. Purge, export, retention, the privacy
 * notice and the record of processing read it; a test fails on what is not in it. A new migration begins here.
 */

import { business } from './map-business.ts';
import { customers } from './map-customers.ts';
import type { FolderEntry, TableEntry } from './map-entry.ts';

export const control: Record<string, TableEntry> = {
  installation: {
    purpose: 'keeping secrets', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['key_fingerprint', 'setup_token_hash'],
    plain: ['id', 'set_up_at', 'alive_at', 'created_at'],
  },
  users: {
    purpose: 'signing in', retention: 'account', owner: { of: 'user', path: [] }, purge: 'delete', exportAs: 'account',
    personal: ['email', 'first_name', 'last_name', 'company', 'phone', 'country'], sealed: ['password_hash'],
    plain: ['id', 'confirmed_age_at', 'is_operator', 'theme', 'created_at'],
  },
  sessions: {
    purpose: 'signing in', retention: 'session', owner: { of: 'user', path: ['sessions.user_id'] }, purge: 'cascade', exportAs: 'sessions',
    personal: ['ip', 'user_agent'], sealed: ['token_hash'],
    plain: ['id', 'user_id', 'created_at', 'last_seen_at', 'expires_at', 'stepped_up_at'],
  },
  sign_in_failures: {
    purpose: 'signing in', retention: 'session', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['subject'],
    plain: ['failures', 'locked_until', 'last_at'],
  },
  authenticators: {
    purpose: 'signing in', retention: 'account', owner: { of: 'user', path: ['authenticators.user_id'] }, purge: 'cascade', exportAs: null,
    personal: [], sealed: ['secret_sealed'],
    plain: ['user_id', 'last_step', 'confirmed_at', 'created_at'],
  },
  recovery_codes: {
    purpose: 'signing in', retention: 'account', owner: { of: 'user', path: ['recovery_codes.user_id'] }, purge: 'cascade', exportAs: null,
    personal: [], sealed: ['code_hash'],
    plain: ['id', 'user_id', 'used_at'],
  },
  passkeys: {
    purpose: 'signing in', retention: 'account', owner: { of: 'user', path: ['passkeys.user_id'] }, purge: 'cascade', exportAs: 'passkeys',
    personal: ['name'], sealed: [],
    plain: ['id', 'user_id', 'credential_id', 'public_key', 'counter', 'created_at', 'used_at'],
  },
  passkey_challenges: {
    purpose: 'signing in', retention: 'session', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['hash'],
    plain: ['purpose', 'expires_at'],
  },
  second_steps: {
    purpose: 'signing in', retention: 'session', owner: { of: 'user', path: ['second_steps.user_id'] }, purge: 'cascade', exportAs: null,
    personal: [], sealed: ['token_hash'],
    plain: ['user_id', 'expires_at'],
  },
  workspaces: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'created_at', 'closed_at'],
  },
  backups: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'cause', 'started_at', 'ended_at', 'says', 'checked_at', 'checked_says'],
  },
  memberships: {
    purpose: 'signing in', retention: 'account', owner: { of: 'user', path: ['memberships.user_id'] }, purge: 'cascade', exportAs: 'memberships',
    personal: [], sealed: [],
    plain: ['workspace_id', 'user_id', 'role', 'created_at'],
  },
  invitations: {
    purpose: 'signing in', retention: 'until removed', owner: null, purge: 'clear', exportAs: null,
    personal: ['email'], sealed: ['token_hash'],
    plain: ['id', 'workspace_id', 'role', 'created_by', 'created_at', 'expires_at', 'used_at', 'used_by', 'revoked_at'],
  },
  audit_heads: {
    purpose: 'proof', retention: 'audit', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['hash', 'signature'],
    plain: ['workspace_id', 'day', 'event_id', 'at'],
  },
  routes: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['public_id', 'workspace_id', 'kind', 'local_id'],
  },
};

export const workspace: Record<string, TableEntry> = { ...customers, ...business };

/** Tables that SQLite keeps for an index over another: they hold what their table holds and follow it by triggers. */
export const indexes: Record<string, { of: keyof typeof workspace; column: string }> = {
  chunks_fts: { of: 'chunks', column: 'words' },
  contacts_fts: { of: 'contacts', column: 'name' },
  chunks_vocabulary: { of: 'chunks', column: 'words' },
  messages_fts: { of: 'messages', column: 'text' },
};

/** Every file and folder under the data folder. */
export const folders: FolderEntry[] = [
  { path: /^control\.db(-wal|-shm)?$/, what: 'users, sessions, workspaces', personal: true, purge: 'keep' },
  { path: /^owner\.lock(-journal|-wal|-shm)?$/, what: 'the lock of the process that owns the folder', personal: false, purge: 'keep' },
  { path: /^ledger\/ledger\.jsonl$/, what: 'what no restored backup may bring back, by keyed hashes', personal: false, purge: 'keep' },
  { path: /^backups\/[^/]+$/, what: 'sealed archives of everything, each for thirty days', personal: true, purge: 'keep' },
  { path: /^reserve(\.new)?$/, what: 'noise that is given up when the disk is full', personal: false, purge: 'keep' },
  { path: /^sample\.json$/, what: "the sample's sign-in, where it was asked for", personal: false, purge: 'keep' },
  { path: /^workspaces\/[^/]+\/workspace\.db(-wal|-shm)?$/, what: 'everything of one business', personal: true, purge: 'keep' },
  { path: /^workspaces\/[^/]+\/key$/, what: "the workspace's key, wrapped by the master key", personal: false, purge: 'keep' },
  {
    path: /^workspaces\/[^/]+\/attachments\/[^/]+$/,
    what: 'files that came or went with a message, each sealed by a key of its own',
    personal: true,
    purge: 'cascade',
  },
  {
    path: /^workspaces\/[^/]+\/imports\/[^/]+$/,
    what: 'files that contacts were taken out of, each sealed by a key of its own',
    personal: true,
    purge: 'cascade',
  },
  {
    path: /^workspaces\/[^/]+\/files\/[^/]+$/,
    what: 'files given as knowledge, each sealed by a key of its own',
    personal: true,
    purge: 'cascade',
  },
];
