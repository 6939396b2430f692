/** What bots may call, and each time that one did. */
import { sqliteTable, integer, text, blob, index, sql, uniqueIndex } from '../drizzle.ts';
import type { HttpAction } from '../../tools/http-action.ts';
import type { McpAction, OfferedTool } from '../../tools/mcp/mcp-action.ts';
import { runs } from './answering.ts';
import { conversations, messages } from './conversations.ts';

/** Servers of tools that speak MCP. */
export const toolServers = sqliteTable('tool_servers', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  url: text('url').notNull(),
  service: text('service').notNull(),
  policyUrl: text('policy_url').notNull(),
  tokenSealed: blob('token_sealed', { mode: 'buffer' }),
  /** As it listed them the last time. */
  offered: text('offered', { mode: 'json' }).$type<OfferedTool[]>().notNull(),
  /** Null while it is well: what went wrong the last time, in plain words. */
  trouble: text('trouble'),
  checkedAt: integer('checked_at').notNull(),
  createdAt: integer('created_at').notNull(),
  removedAt: integer('removed_at'),
});

export const tools = sqliteTable(
  'tools',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** As a model calls it. */
    name: text('name').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    /** It changes something: each call waits for a person. */
    changes: integer('changes', { mode: 'boolean' }).notNull(),
    action: text('action', { mode: 'json' }).$type<HttpAction | McpAction>().notNull(),
    /** JSON of names and values; names alone stand in `action`. */
    headersSealed: blob('headers_sealed', { mode: 'buffer' }),
    /** Whose service it is, and where they say what they do with data. */
    service: text('service').notNull(),
    policyUrl: text('policy_url').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    removedAt: integer('removed_at'),
    /** Of an MCP server's tool. */
    serverId: integer('server_id').references(() => toolServers.id),
    /** Null while it may be called: what its server did to it since a person approved it. */
    offWhy: text('off_why', { enum: ['changed', 'gone'] }),
  },
  (t) => [
    uniqueIndex('tools_name')
      .on(t.name)
      .where(sql`removed_at is null`),
  ],
);

export const toolCalls = sqliteTable(
  'tool_calls',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id),
    conversationId: integer('conversation_id').references(() => conversations.id),
    /** Null for what we do ourselves, and for what isn't there. */
    toolId: integer('tool_id').references(() => tools.id),
    name: text('name').notNull(),
    title: text('title').notNull(),
    /** As the model wrote it. */
    input: text('input').notNull(),
    state: text('state', {
      enum: ['running', 'done', 'failed', 'refused', 'waiting', 'approved', 'executing', 'declined', 'expired', 'uncertain'],
    }).notNull(),
    /** What became of it, in plain words. */
    says: text('says'),
    /** What went out: method, address, body. No header's value. */
    sent: text('sent', { mode: 'json' }).$type<{ method: string; url: string; body: string | null }>(),
    /** What the model read of it. */
    result: text('result'),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    /** Of one that waits for a person: until when, and where in the thread it is asked. */
    expiresAt: integer('expires_at'),
    messageId: integer('message_id').references(() => messages.id),
    decidedBy: integer('decided_by'),
    decidedAt: integer('decided_at'),
    /** The customer knows what came of it. */
    toldAt: integer('told_at'),
  },
  (t) => [
    index('tool_calls_run').on(t.runId),
    index('tool_calls_message')
      .on(t.messageId)
      .where(sql`message_id is not null`),
    index('tool_calls_conversation').on(t.conversationId),
  ],
);
