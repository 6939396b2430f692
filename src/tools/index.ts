/** The door of the room: what bots may call, and how it is called. */
export type { Outcome, Sent } from './call-http.ts';
export { callTool } from './call-tool.ts';
export { fillsOf } from './fills.ts';
export { refreshServers } from './mcp/refresh-server.ts';
export { readInput } from './read-input.ts';
export { removeTool, saveTool } from './save-tool.ts';
export { toolForm } from './tool-form.ts';
export { closeStrandedCalls, closeToolCall, insertToolCall, type CallState } from './tool-calls.ts';
export { listTools, parametersOf, toolById, toolsById, type Tool } from './tools.queries.ts';
export {
  actionById,
  beginWaiting,
  decide,
  decidedActions,
  inputInWords,
  markTold,
  moveAction,
  waitingAction,
  type Action,
} from './actions.ts';
