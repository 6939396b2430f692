/** The data map's part of what customers say, and of what is made of it. */

import type { Path, TableEntry } from './map-entry.ts';

const byConversation = (...first: Path): TableEntry['owner'] => ({ of: 'contact', path: [...first, 'conversations.contact_id'] });

export const customers: Record<string, TableEntry> = {
  contacts: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: [] }, purge: 'delete', exportAs: 'contact',
    personal: ['name', 'email', 'phone', 'language'], sealed: [],
    plain: ['id', 'blocked_at', 'restricted_at', 'erased_at', 'stopped_at', 'people_only_at', 'created_at', 'seen_at'],
  },
  rights_asked: {
    purpose: 'proof', retention: 'conversation', owner: { of: 'contact', path: ['rights_asked.identity_id', 'identities.contact_id'] }, purge: 'delete', exportAs: 'requests',
    personal: ['right', 'language'], sealed: [],
    plain: ['id', 'identity_id', 'conversation_id', 'state', 'question_id', 'answer_id', 'asked_at', 'ended_at'],
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
  // The file itself, which nobody's rows lead out of, is thrown away eight days after the end.
  contact_imports: {
    purpose: 'answering customers', retention: 'eight days', owner: null, purge: 'keep', exportAs: null,
    personal: ['file_name', 'says'], sealed: ['file_key_sealed'],
    plain: ['id', 'state', 'file_path', 'file_bytes', 'plan', 'done_rows', 'done_bytes', 'created', 'updated', 'same', 'skipped', 'taken_back', 'kept', 'created_by', 'uploaded_at', 'ended_at'],
  },
  contact_import_rows: {
    purpose: 'answering customers', retention: 'eight days', owner: { of: 'contact', path: ['contact_import_rows.contact_id'] }, purge: 'delete', exportAs: 'contact',
    personal: ['change', 'says'], sealed: [],
    plain: ['import_id', 'row', 'outcome', 'contact_id'],
  },
  contact_labels: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['contact_labels.contact_id'] }, purge: 'delete', exportAs: 'contact',
    personal: [], sealed: [],
    plain: ['contact_id', 'label_id'],
  },
  leads: {
    purpose: 'answering customers', retention: 'conversation', owner: { of: 'contact', path: ['leads.contact_id'] }, purge: 'delete', exportAs: 'contact',
    personal: ['value'], sealed: [],
    plain: ['contact_id', 'field', 'state', 'asked', 'conversation_id', 'message_id', 'at'],
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
  attachment_texts: {
    purpose: 'answering customers', retention: 'conversation', owner: null, purge: 'cascade', exportAs: 'attachments',
    personal: ['text', 'says'], sealed: [],
    plain: ['attachment_id', 'kind', 'state', 'run_id', 'wanted_at', 'ended_at'],
  },
  deliveries: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('deliveries.conversation_id'), purge: 'delete', exportAs: 'deliveries',
    personal: ['external_id', 'says'], sealed: [],
    plain: ['id', 'conversation_id', 'message_id', 'part_id', 'channel_id', 'state', 'reference', 'attempts', 'queued_at', 'sending_at', 'sent_at', 'delivered_at', 'read_at', 'settled_by'],
  },
  masked_values: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('masked_values.conversation_id'), purge: 'cascade', exportAs: null,
    personal: [], sealed: ['digest'],
    plain: ['conversation_id', 'kind', 'n'],
  },
  earlier_talk: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('earlier_talk.conversation_id'), purge: 'cascade', exportAs: 'runs',
    personal: ['text'], sealed: [],
    plain: ['conversation_id', 'through_id', 'run_id', 'made_at'],
  },
  conversation_ratings: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('conversation_ratings.conversation_id'), purge: 'delete', exportAs: 'ratings',
    personal: ['value'], sealed: [],
    plain: ['conversation_id', 'scale', 'message_id', 'asked_at', 'rated_at', 'comment_id'],
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
    plain: ['id', 'conversation_id', 'bot_version_id', 'kind', 'boot', 'state', 'why', 'answers_through', 'search_ms', 'first_token_ms', 'total_ms', 'input_tokens', 'cached_tokens', 'output_tokens', 'reserved_micros', 'cost_micros', 'currency', 'saved_micros', 'started_at', 'ended_at'],
  },
  provider_calls: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('provider_calls.run_id', 'runs.conversation_id'), purge: 'delete', exportAs: 'runs',
    personal: ['says'], sealed: [],
    plain: ['id', 'run_id', 'provider_key_id', 'provider', 'host', 'model', 'state', 'error_kind', 'input_tokens', 'cached_tokens', 'output_tokens', 'cost_micros', 'currency', 'estimated', 'first_token_ms', 'bot_id', 'spend_day', 'spend_currency', 'spend_micros', 'started_at', 'ended_at'],
  },
  // A test that is taken from a conversation goes with it. So does a question that is asked again, with the runs that asked it: a
  // trigger takes them, since they belong to no conversation.
  answer_tests: {
    purpose: 'answering customers', retention: 'until removed', owner: byConversation('answer_tests.conversation_id'), purge: 'delete', exportAs: null,
    personal: ['question', 'wants'], sealed: [],
    plain: ['id', 'bot_id', 'conversation_id', 'created_by', 'created_at', 'updated_at'],
  },
  test_results: {
    purpose: 'answering customers', retention: 'until removed', owner: byConversation('test_results.conversation_id'), purge: 'delete', exportAs: null,
    personal: ['question', 'wants', 'before_answer', 'answer', 'checks', 'says'], sealed: [],
    plain: ['id', 'round_id', 'position', 'test_id', 'conversation_id', 'state', 'by_person', 'run_id', 'judge_run_id', 'tries', 'total_ms', 'cost_micros', 'currency', 'ended_at'],
  },
  tool_calls: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('tool_calls.run_id', 'runs.conversation_id'), purge: 'delete', exportAs: 'runs',
    personal: ['input', 'says', 'sent', 'result'], sealed: [],
    plain: ['id', 'run_id', 'conversation_id', 'tool_id', 'name', 'title', 'state', 'started_at', 'ended_at', 'expires_at', 'message_id', 'decided_by', 'decided_at', 'told_at'],
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
  canned_replies: {
    purpose: 'answering customers', retention: 'until removed', owner: null, purge: 'keep', exportAs: null,
    personal: ['text'], sealed: [],
    plain: ['id', 'shortcut', 'updated_by', 'updated_at'],
  },
  reply_drafts: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('reply_drafts.conversation_id'), purge: 'delete', exportAs: null,
    personal: ['text', 'original'], sealed: [],
    plain: ['user_id', 'conversation_id', 'kind', 'reply_to', 'held', 'held_after', 'left_out', 'saved_at'],
  },
  message_translations: {
    purpose: 'answering customers', retention: 'conversation', owner: byConversation('message_translations.message_id', 'messages.conversation_id'), purge: 'delete', exportAs: 'messages',
    personal: ['text', 'language'], sealed: [],
    plain: ['message_id', 'kind', 'run_id', 'made_at'],
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
};
