/** What models wanted called, as rows: written before anything goes out, closed by what came of it. */
import type { Workspace } from '../workspace.ts';
import type { Sent } from './call-http.ts';
import { LONGEST_INPUT } from './read-input.ts';

export type CallState =
  'running' | 'done' | 'failed' | 'refused' | 'waiting' | 'approved' | 'executing' | 'declined' | 'expired' | 'uncertain';

export interface NewToolCall {
  runId: number;
  conversationId: number | null;
  /** Null for what we do ourselves, and for what isn't there. */
  toolId: number | null;
  name: string;
  title: string;
  input: string;
}

const INSERT = `
  INSERT INTO tool_calls (run_id, conversation_id, tool_id, name, title, input, state, started_at) VALUES (?, ?, ?, ?, ?, ?, 'running', ?)`;

/** Inside a transaction. Returns its number. */
export function insertToolCall(ws: Workspace, call: NewToolCall): number {
  const input = call.input.slice(0, LONGEST_INPUT).toWellFormed();
  const row = [
    call.runId,
    call.conversationId,
    call.toolId,
    call.name.slice(0, 100).toWellFormed(),
    call.title.slice(0, 100).toWellFormed(),
    input,
  ];
  return Number(ws.prepare(INSERT).run(...row, ws.clock.now()).lastInsertRowid);
}

export interface ToolCallEnd {
  state: CallState;
  says: string;
  result: string;
  sent: Sent | null;
}

/** Inside a transaction. */
export function closeToolCall(ws: Workspace, id: number, { state, says, result, sent }: ToolCallEnd): void {
  ws.prepare('UPDATE tool_calls SET state = ?, says = ?, result = ?, sent = ?, ended_at = ? WHERE id = ?').run(
    state,
    says,
    result,
    sent === null ? null : JSON.stringify(sent),
    ws.clock.now(),
    id,
  );
}

/** What was under way, or was going to be asked for, when its answer was dropped or its server stopped. Inside a transaction. */
export function closeStrandedCalls(ws: Workspace, runId: number, says: string): void {
  const stranded =
    "UPDATE tool_calls SET state = 'failed', says = ?, ended_at = ? WHERE run_id = ? AND state IN ('running', 'waiting') AND expires_at IS NULL";
  ws.prepare(stranded).run(says, ws.clock.now(), runId);
}
