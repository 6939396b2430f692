/** The door of the room: what bots may call, and how it is called. */
export { callHttp, type Outcome, type Sent } from './call-http.ts';
export { fillsOf } from './fills.ts';
export { parametersOf } from './http-action.ts';
export { readInput } from './read-input.ts';
export { removeTool, saveTool } from './save-tool.ts';
export { toolForm } from './tool-form.ts';
export { closeStrandedCalls, closeToolCall, insertToolCall, type CallState } from './tool-calls.ts';
export { listTools, toolById, toolsById, type Tool } from './tools.queries.ts';
export { actionById, beginWaiting, decide, decidedActions, inputInWords, markTold, moveAction, type Action } from './actions.ts';
