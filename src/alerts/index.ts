export { callHook } from './hook-calls.ts';
export { mailMember } from './mail-member.ts';
export { pushDevice } from './push-device.ts';
export { tellChat } from './tell-chat.ts';
export { tellBudget } from './tell-budget.ts';
export { tellTests } from './tell-tests.ts';
export { tellLead } from './tell-lead.ts';
export { tellTeam } from './tell-team.ts';
