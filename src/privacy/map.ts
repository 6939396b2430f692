/**
 * The data map: every table, column and folder of an installation, declared once. Purge, export, retention, the privacy
 * notice and the record of processing read it; a test fails on what is not in it. A new migration begins here.
 */

import type { FolderEntry, Path, TableEntry } from './map-entry.ts';

const byConversation = (...first: Path): TableEntry['owner'] => ({ of: 'contact', path: [...first, 'conversations.contact_id'] });

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
  workspaces: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'created_at', 'closed_at'],
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
  routes: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['public_id', 'workspace_id', 'kind', 'local_id'],
  },
};

export const workspace: Record<string, TableEntry> = {
  business: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'website', 'language', 'timezone', 'currency', 'minutes_per_answer', 'rating_scale', 'assign_in_turn'],
  },
  contacts: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: [] }, purge: 'delete', exportAs: 'contact',
    personal: ['name', 'email', 'phone', 'language'], sealed: [],
    plain: ['id', 'blocked_at', 'restricted_at', 'erased_at', 'created_at', 'seen_at'],
  },
  contact_fields: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'kind', 'choices', 'position', 'created_at'],
  },
  contact_values: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['contact_values.contact_id'] }, purge: 'delete', exportAs: 'contact',
    personal: ['value'], sealed: [],
    plain: ['contact_id', 'field_id', 'set_at'],
  },
  contact_notes: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['contact_notes.contact_id'] }, purge: 'delete', exportAs: 'notes',
    personal: ['text'], sealed: [],
    plain: ['id', 'contact_id', 'user_id', 'created_at', 'edited_at', 'deleted_at'],
  },
  // It holds the contact that was joined with its owner, as it was.
  contact_merges: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['contact_merges.contact_id'] }, purge: 'delete', exportAs: 'contact',
    personal: ['gone_name', 'record'], sealed: [],
    plain: ['id', 'contact_id', 'gone_id', 'merged_by', 'merged_at'],
  },
  identities: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['identities.contact_id'] }, purge: 'delete', exportAs: 'identities',
    personal: ['external_id', 'display_name', 'username'], sealed: [],
    plain: ['id', 'contact_id', 'channel_id', 'alias_of', 'created_at', 'last_seen_at'],
  },
  conversations: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['conversations.contact_id'] }, purge: 'delete', exportAs: 'conversations',
    personal: ['thread', 'wanted_why', 'last_words', 'language'], sealed: [],
    plain: ['id', 'public_id', 'channel_id', 'identity_id', 'contact_id', 'bot_id', 'status', 'turn', 'holder_id', 'wanted_since', 'assignee_id', 'snoozed_until', 'unread', 'last_message_id', 'last_customer_message_id', 'answered_through', 'silence_told', 'last_at', 'created_at', 'resolved_at', 'no_send_before', 'away_told_until', 'revision'],
  },
  messages: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('messages.conversation_id'), purge: 'delete', exportAs: 'messages',
    personal: ['text', 'external_id', 'sources', 'reaction'], sealed: [],
    plain: ['id', 'conversation_id', 'identity_id', 'reply_to', 'author', 'user_id', 'run_id', 'event', 'cut_off', 'answers_through', 'said_at', 'created_at', 'too_old', 'edited_at', 'revoked_at', 'revision', 'rating', 'rated_at', 'wrong_by', 'wrong_at'],
  },
  message_parts: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('message_parts.message_id', 'messages.conversation_id'), purge: 'delete', exportAs: 'messages',
    personal: ['text', 'detail'], sealed: [],
    plain: ['id', 'message_id', 'position', 'kind', 'attachment_id'],
  },
  attachments: {
    purpose: 'answering customers', retention: 'conversation', owner: null, purge: 'delete', exportAs: 'attachments',
    personal: ['reference', 'name', 'says'], sealed: ['key_sealed'],
    plain: ['id', 'channel_id', 'mime', 'bytes', 'state', 'path', 'created_at'],
  },
  deliveries: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('deliveries.conversation_id'), purge: 'delete', exportAs: 'deliveries',
    personal: ['external_id', 'says'], sealed: [],
    plain: ['id', 'conversation_id', 'message_id', 'part_id', 'channel_id', 'state', 'reference', 'attempts', 'queued_at', 'sending_at', 'sent_at', 'delivered_at', 'read_at', 'settled_by'],
  },
  waiting_times: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'silence_ms', 'too_old_ms', 'nobody_ms', 'nobody_text', 'nobody_hands_back'],
  },
  opening_hours: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'in_use', 'week', 'tells_away', 'away_text'],
  },
  holidays: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['day', 'name'],
  },
  conversation_ratings: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('conversation_ratings.conversation_id'), purge: 'delete', exportAs: 'ratings',
    personal: ['value'], sealed: [],
    plain: ['conversation_id', 'scale', 'message_id', 'asked_at', 'rated_at'],
  },
  outages: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'channel_id', 'from_at', 'to_at', 'dismissed_at', 'dismissed_by'],
  },
  waiting_receipts: {
    purpose: 'answering customers', retention: 'eight days', owner: null, purge: 'keep', exportAs: null,
    personal: ['external_id', 'says'], sealed: [],
    plain: ['id', 'channel_id', 'state', 'at'],
  },
  seen: {
    purpose: 'answering customers', retention: 'eight days', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['hash'],
    plain: ['at'],
  },
  signed_out: {
    purpose: 'signing in', retention: 'session', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['hash'],
    plain: ['until'],
  },
  unrecognised: {
    purpose: 'answering customers', retention: 'eight days', owner: null, purge: 'delete', exportAs: null,
    personal: ['body'], sealed: [],
    plain: ['id', 'channel_id', 'received_at'],
  },
  notices_shown: {
    purpose: 'proof', retention: 'conversation', owner: { of: 'contact', path: ['notices_shown.identity_id', 'identities.contact_id'] }, purge: 'delete', exportAs: 'notices',
    personal: ['language'], sealed: [],
    plain: ['id', 'identity_id', 'channel_id', 'kind', 'version', 'at'],
  },
  runs: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('runs.conversation_id'), purge: 'delete', exportAs: 'runs',
    personal: ['question', 'passages', 'prompt', 'answer', 'shown'], sealed: [],
    plain: ['id', 'conversation_id', 'bot_version_id', 'kind', 'boot', 'state', 'why', 'answers_through', 'search_ms', 'first_token_ms', 'total_ms', 'input_tokens', 'cached_tokens', 'output_tokens', 'reserved_micros', 'cost_micros', 'currency', 'started_at', 'ended_at'],
  },
  provider_calls: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('provider_calls.run_id', 'runs.conversation_id'), purge: 'delete', exportAs: 'runs',
    personal: ['says'], sealed: [],
    plain: ['id', 'run_id', 'provider_key_id', 'provider', 'host', 'model', 'state', 'error_kind', 'input_tokens', 'cached_tokens', 'output_tokens', 'cost_micros', 'currency', 'estimated', 'first_token_ms', 'bot_id', 'spend_day', 'spend_currency', 'spend_micros', 'started_at', 'ended_at'],
  },
  bots: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'published_version_id', 'created_at', 'archived_at'],
  },
  bot_versions: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'bot_id', 'number', 'settings', 'created_by', 'created_at', 'updated_at'],
  },
  channels: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['secrets_sealed', 'state_sealed'],
    plain: ['id', 'public_id', 'kind', 'name', 'account_id', 'bot_id', 'status', 'settings', 'quiet_ms', 'last_in_at', 'last_out_at', 'says', 'says_at', 'asks_rating', 'ends_at', 'deaf_since', 'created_at', 'disconnected_at'],
  },
  device_values: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['name', 'value_sealed'],
    plain: ['id', 'channel_id', 'kind'],
  },
  provider_keys: {
    purpose: 'keeping secrets', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['key_sealed', 'fingerprint', 'last_four'],
    plain: ['id', 'provider', 'name', 'base_url', 'models', 'refused_fields', 'status', 'says', 'checked_at', 'created_at', 'removed_at'],
  },
  prices: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'provider', 'model', 'currency', 'input_micros', 'cached_micros', 'output_micros', 'updated_by', 'updated_at'],
  },
  budgets: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['bot_id', 'currency', 'day_micros', 'month_micros', 'warn_percent', 'assumed_micros', 'updated_by', 'updated_at'],
  },
  spend: {
    purpose: 'answering customers', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['bot_id', 'currency', 'day', 'spent_micros', 'held_micros', 'calls', 'unpriced'],
  },
  budget_notices: {
    purpose: 'answering customers', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['bot_id', 'period', 'level', 'at'],
  },
  exchange_rates: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['from_currency', 'into_currency', 'rate_micros', 'updated_by', 'updated_at'],
  },
  // What a business writes down may name people; imports warn of it, and a search for a person covers these.
  sources: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['title', 'text', 'file_name', 'url', 'rules'], sealed: ['file_key_sealed'],
    plain: ['id', 'kind', 'state', 'says', 'language', 'file_mime', 'file_bytes', 'file_path', 'content_hash', 'pages', 'progress_done', 'progress_total', 'generation', 'enabled', 'created_by', 'created_at', 'updated_at', 'read_at', 'refresh_hours', 'listing', 'etag', 'last_modified'],
  },
  pages: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['key', 'url', 'title', 'shape'], sealed: [],
    plain: ['id', 'source_id', 'state', 'says', 'depth', 'etag', 'last_modified', 'content_hash', 'language', 'failures', 'found_at', 'read_at', 'gone_at', 'due', 'listed'],
  },
  edits: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['path', 'original', 'text', 'found'], sealed: [],
    plain: ['id', 'source_id', 'page_id', 'state', 'position', 'original_hash', 'edited_by', 'created_at', 'updated_at'],
  },
  questions: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['question', 'answer'], sealed: [],
    plain: ['id', 'source_id', 'position'],
  },
  chunks: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['text', 'words', 'path'], sealed: [],
    plain: ['id', 'source_id', 'generation', 'position', 'page', 'language', 'enabled', 'hash', 'created_at', 'page_id', 'edit_id'],
  },
  gap_groups: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'state', 'question_id', 'answered_at', 'settled_by', 'reopened_at', 'created_at', 'updated_at'],
  },
  // Both before their contact's messages go: `forgetWordsOf` of insights takes the words out of knowledge, too.
  gaps: {
    purpose: 'knowledge', retention: 'conversation', owner: { of: 'contact', path: ['gaps.contact_id'] }, purge: 'delete', exportAs: 'unanswered questions',
    personal: ['text', 'words', 'language'], sealed: [],
    plain: ['id', 'group_id', 'contact_id', 'conversation_id', 'message_id', 'reply_id', 'reason'],
  },
  question_origins: {
    purpose: 'knowledge', retention: 'conversation', owner: { of: 'contact', path: ['question_origins.contact_id'] }, purge: 'delete', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'question_id', 'part', 'contact_id', 'message_id', 'created_at'],
  },
  // Numbers of a day, by channel and bot: no words, nothing that leads to a contact. They are counted from what is stored: when
  // somebody is erased or restricted, triggers take the days away, and they are counted anew without them.
  counted_days: {
    purpose: 'answering customers', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['starts_at', 'ends_at', 'counted_at'],
  },
  day_figures: {
    purpose: 'answering customers', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['starts_at', 'channel_id', 'bot_id', 'conversations', 'alone', 'handed', 'from_customers', 'from_bot', 'from_people', 'answers', 'good', 'bad'],
  },
  day_waits: {
    purpose: 'answering customers', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['starts_at', 'channel_id', 'bot_id', 'answered_by', 'ms', 'conversations'],
  },
  day_costs: {
    purpose: 'answering customers', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['starts_at', 'channel_id', 'bot_id', 'currency', 'micros'],
  },
  embedding_models: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'provider_key_id', 'provider', 'host', 'model', 'state', 'dimensions', 'background_mean', 'background_spread', 'background_of', 'tokens', 'cost_micros', 'currency', 'says', 'agreed_by', 'agreed_at', 'serving_since'],
  },
  // Made of a chunk's text, and gone with it by a trigger.
  embeddings: {
    purpose: 'knowledge', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['vector'], sealed: [],
    plain: ['id', 'model_id', 'hash'],
  },
  canned_replies: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['text'], sealed: [],
    plain: ['id', 'shortcut', 'updated_by', 'updated_at'],
  },
  reply_drafts: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('reply_drafts.conversation_id'), purge: 'delete', exportAs: null,
    personal: ['text'], sealed: [],
    plain: ['user_id', 'conversation_id', 'kind', 'reply_to', 'held', 'held_after', 'saved_at'],
  },
  labels: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'hue', 'created_at'],
  },
  conversation_labels: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('conversation_labels.conversation_id'), purge: 'delete', exportAs: null,
    personal: [], sealed: [],
    plain: ['conversation_id', 'label_id'],
  },
  // Of members, with what they look for.
  saved_views: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['name', 'filter'], sealed: [],
    plain: ['id', 'user_id', 'shared', 'created_at', 'removed_at'],
  },
  member_presence: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['user_id', 'away_since', 'sound', 'last_given_at'],
  },
  // Of members; they go with the membership.
  member_alerts: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['user_id', 'by_mail', 'mailed_at'],
  },
  push_keys: {
    purpose: 'keeping secrets', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['private_sealed'],
    plain: ['id', 'public_key'],
  },
  push_devices: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['name'], sealed: ['hash', 'subscription_sealed'],
    plain: ['id', 'user_id', 'told_at', 'says', 'created_at'],
  },
  hooks: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['url_sealed', 'secret_sealed'],
    plain: ['id', 'name', 'host', 'told_at', 'says', 'says_at', 'created_at'],
  },
  // Ids and links; no words of a customer.
  hook_calls: {
    purpose: 'running the software', retention: 'until done', owner: null, purge: 'keep', exportAs: null,
    personal: ['body'], sealed: [],
    plain: ['id', 'hook_id', 'reference', 'event', 'says', 'failed_at', 'created_at'],
  },
  mail_server: {
    purpose: 'running the software', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['user', 'from_name', 'from_address'], sealed: ['password_sealed'],
    plain: ['id', 'host', 'port', 'security', 'last_sent_at', 'says', 'says_at'],
  },
  // To people of the business; what is sent is deleted at once. No words of a customer are in it.
  mails: {
    purpose: 'running the software', retention: 'until done', owner: null, purge: 'keep', exportAs: null,
    personal: ['to_address', 'subject', 'text'], sealed: [],
    plain: ['id', 'reference', 'says', 'failed_at', 'created_at'],
  },
  jobs: {
    purpose: 'running the software', retention: 'until done', owner: null, purge: 'delete', exportAs: null,
    personal: ['payload', 'says'], sealed: [],
    plain: ['id', 'kind', 'key', 'due_at', 'wanted', 'taken', 'lease', 'deaths', 'attempts', 'parked_at', 'created_at'],
  },
  cursors: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['name', 'value'],
  },
  audit_events: {
    purpose: 'proof', retention: 'audit', owner: null, purge: 'clear', exportAs: null,
    personal: ['detail'], sealed: [],
    plain: ['id', 'at', 'actor_kind', 'actor_id', 'action', 'subject'],
  },
};

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
    path: /^workspaces\/[^/]+\/files\/[^/]+$/,
    what: 'files given as knowledge, each sealed by a key of its own',
    personal: true,
    purge: 'cascade',
  },
];
