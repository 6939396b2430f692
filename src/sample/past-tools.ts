import { storeEvent } from '../conversations/index.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { beginWaiting, closeToolCall, insertToolCall, saveTool, toolForm } from '../tools/index.ts';
import type { Workspace } from '../workspace.ts';

const HOUR = 3600_000;

/** One that only looks, and one that changes something. Their service is made up: trying them says that it has no address. */
export function haveTools(ws: Workspace, userId: number): number[] {
  const common = {
    service: 'Aurora’s table book',
    policyUrl: 'https://tables.aurora.example/privacy',
    headerName: ['Authorization'],
    headerValue: ['Bearer made-up-for-the-sample'],
    pick: '',
  };
  const looks = {
    ...common,
    title: 'Free tables',
    description: 'Tells how many tables are free on a day, at a time. Ask for both first, and for how many people.',
    method: 'GET',
    url: 'https://tables.aurora.example/free',
    inputName: ['day', 'time', 'people'],
    inputKind: ['text', 'text', 'integer'],
    inputRequired: ['yes', 'yes', 'yes'],
    inputAbout: ['Like 2026-11-28', 'Like 19:00', 'How many sit down'],
  };
  const changes = {
    ...looks,
    title: 'Reserve a table',
    description: 'Reserves a table, once the customer has said yes to day, time and number of people.',
    method: 'POST',
    url: 'https://tables.aurora.example/reservations',
    changes: 'on',
    inputName: [...looks.inputName, 'name'],
    inputKind: [...looks.inputKind, 'filled'],
    inputRequired: [...looks.inputRequired, 'yes'],
    inputAbout: [...looks.inputAbout, '{{contact.name}}'],
  };
  return [looks, changes].flatMap((typed) => {
    const saved = saveTool(ws, { toolId: null, form: toolForm.parse(typed), userId });
    return saved.ok ? [saved.toolId] : [];
  });
}

const ASKED = `
  SELECT m.run_id AS runId, m.conversation_id AS conversationId, m.said_at AS at
  FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN identities i ON i.id = c.identity_id
  WHERE i.display_name = ? AND m.run_id IS NOT NULL ORDER BY m.id DESC`;

/** In one customer's conversation something was looked up, and something else waits for a person. */
export function callTools(ws: Workspace, name: string, [looks = 0, changes = 0]: number[]): void {
  const asked = ws.prepare(ASKED).get(name) as { runId: number; conversationId: number; at: number } | undefined;
  if (!asked) return;
  const { runId, conversationId, at } = asked;
  const input = JSON.stringify({ day: '2026-11-28', time: '19:00', people: 6 });
  const url = 'https://tables.aurora.example/free?day=2026-11-28&time=19%3A00&people=6';
  ws.durable(() => {
    const looked = insertToolCall(ws, { runId, conversationId, toolId: looks, name: 'free_tables', title: 'Free tables', input });
    const sent = { method: 'GET', url, body: null };
    closeToolCall(ws, looked, { state: 'done', says: 'It answered with 200.', result: '{"free":3,"largest":8}', sent });
    const wanted = insertToolCall(ws, { runId, conversationId, toolId: changes, name: 'reserve_a_table', title: 'Reserve a table', input });
    closeToolCall(ws, wanted, { state: 'waiting', says: 'It waits for a person.', result: 'Not done yet.', sent: null });
    const words = 'The bot wants to: Reserve a table (day: 2026-11-28, time: 19:00, people: 6)';
    const messageId = storeEvent(ws, conversationId, 'asks', words);
    const expiresAt = at + 24 * HOUR;
    beginWaiting(ws, wanted, messageId, expiresAt);
    enqueue(ws, { kind: 'run-action', key: String(wanted), dueAt: expiresAt });
    ws.prepare('UPDATE messages SET said_at = ?, created_at = ? WHERE id = ?').run(at, at, messageId);
    ws.prepare('UPDATE tool_calls SET started_at = ?, ended_at = ended_at - started_at + ? + 240 WHERE id = ?').run(at, at, looked);
  });
}
