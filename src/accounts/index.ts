/** The door of this room: users, sign-in, members, workspaces. */
export { accountRoutes } from './accounts.routes.ts';
export { languages } from './choices.ts';
export { deviceOf } from './agents.ts';
export { membersOf, workspacesOf, type Member } from './accounts.queries.ts';
export { createOwner, type OwnerMade } from './create-owner.ts';
export { createWorkspace } from './create-workspace.ts';
export { businessOf, type Business } from './edit-business.ts';
export { sweepSignInFailures } from './lockout.ts';
export { issueSetupLink, isSetUp } from './setup-link.ts';
