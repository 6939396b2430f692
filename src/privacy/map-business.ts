/** The data map's part of what a business sets up, knows and counts. */

import type { TableEntry } from './map-entry.ts';

export const business: Record<string, TableEntry> = {
  business: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'website', 'language', 'timezone', 'currency', 'minutes_per_answer', 'rating_scale', 'assign_in_turn'],
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
  outages: {
    purpose: 'running the software', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'channel_id', 'from_at', 'to_at', 'dismissed_at', 'dismissed_by'],
  },
  bots: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'name', 'published_version_id', 'created_at', 'archived_at'],
  },
  tools: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['headers_sealed'],
    plain: ['id', 'name', 'title', 'description', 'changes', 'action', 'service', 'policy_url', 'created_at', 'updated_at', 'removed_at', 'server_id', 'off_why'],
  },
  tool_servers: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['token_sealed'],
    plain: ['id', 'name', 'url', 'service', 'policy_url', 'offered', 'trouble', 'checked_at', 'created_at', 'removed_at'],
  },
  bot_versions: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'bot_id', 'number', 'settings', 'created_by', 'created_at', 'updated_at'],
  },
  test_plans: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['bot_id', 'blocks', 'every', 'next_at', 'updated_by', 'updated_at'],
  },
  test_rounds: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'bot_id', 'bot_version_id', 'version_number', 'settings', 'settings_sign', 'tests_sign', 'kind', 'cause', 'state', 'says', 'asked_by', 'created_at', 'ended_at'],
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
    plain: ['starts_at', 'channel_id', 'bot_id', 'conversations', 'alone', 'handed', 'from_customers', 'from_bot', 'from_people', 'answers', 'good', 'bad', 'rated', 'rated_good', 'rated_bad'],
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
  // Of members, with what they look for.
  saved_views: {
    purpose: 'running the software', retention: 'account', owner: { of: 'user', path: ['saved_views.user_id'] }, purge: 'delete', exportAs: null,
    personal: ['name', 'filter'], sealed: [],
    plain: ['id', 'user_id', 'shared', 'created_at', 'position', 'removed_at'],
  },
  member_presence: {
    purpose: 'running the software', retention: 'account', owner: { of: 'user', path: ['member_presence.user_id'] }, purge: 'delete', exportAs: null,
    personal: [], sealed: [],
    plain: ['user_id', 'away_since', 'sound', 'last_given_at', 'language'],
  },
  // Of members; they go with the membership.
  member_alerts: {
    purpose: 'running the software', retention: 'account', owner: { of: 'user', path: ['member_alerts.user_id'] }, purge: 'delete', exportAs: null,
    personal: [], sealed: [],
    plain: ['user_id', 'by_mail', 'mailed_at'],
  },
  push_keys: {
    purpose: 'keeping secrets', retention: 'for life', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['private_sealed'],
    plain: ['id', 'public_key'],
  },
  push_devices: {
    purpose: 'running the software', retention: 'account', owner: { of: 'user', path: ['push_devices.user_id'] }, purge: 'delete', exportAs: null,
    personal: ['name'], sealed: ['hash', 'subscription_sealed'],
    plain: ['id', 'user_id', 'told_at', 'says', 'created_at'],
  },
  member_chats: {
    purpose: 'running the software', retention: 'account', owner: { of: 'user', path: ['member_chats.user_id'] }, purge: 'delete', exportAs: null,
    personal: ['thread', 'name'], sealed: [],
    plain: ['id', 'user_id', 'channel_id', 'with_words', 'told_at', 'says', 'created_at'],
  },
  chat_links: {
    purpose: 'running the software', retention: 'account', owner: { of: 'user', path: ['chat_links.user_id'] }, purge: 'delete', exportAs: null,
    personal: [], sealed: ['hash'],
    plain: ['user_id', 'channel_id', 'until'],
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
  // What it was about is gone by then: a request that is done holds no id of a contact.
  privacy_requests: {
    purpose: 'proof', retention: 'requests', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: [],
    plain: ['id', 'public_id', 'kind', 'state', 'contact_id', 'asked_by', 'user_id', 'received_at', 'purge_at', 'held_until', 'restricted_before', 'counts', 'ledger_n', 'purged_at', 'ended_at', 'certificate'],
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
    purpose: 'proof', retention: 'audit', owner: null, purge: 'keep', exportAs: null,
    personal: [], sealed: ['person_hash', 'hash'],
    plain: ['id', 'at', 'actor_kind', 'actor_id', 'action', 'subject', 'detail'],
  },
  // What an event tells of a customer; the event is bound to it by a salted hash and stays when this goes.
  audit_persons: {
    purpose: 'proof', retention: 'audit', owner: { of: 'contact', path: ['audit_persons.contact_id'] }, purge: 'delete', exportAs: null,
    personal: ['part'], sealed: ['salt'],
    plain: ['id', 'contact_id'],
  },
};
