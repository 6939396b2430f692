/**
 * Who may do what: the matrix of roles. Every route names one of these actions as its first handler (`guard.ts`), and the
 * permission test calls every route as every role from this table. There is no second place that decides.
 */
export const roles = ['owner', 'admin', 'agent', 'viewer'] as const;
export type Role = (typeof roles)[number];

interface Rule {
  roles: readonly Role[];
  /** The password is asked again when the last time is more than ten minutes ago. */
  stepUp?: true;
}

const everyone = roles;
const keepers = ['owner', 'admin'] as const;
const answerers = ['owner', 'admin', 'agent'] as const;

/** Actions inside a workspace. A person who is no member gets 404, a member without the role 403. */
export const matrix = {
  'conversation.read': { roles: everyone },
  'conversation.answer': { roles: answerers },
  'contact.read': { roles: everyone },
  'contact.edit': { roles: answerers },
  'contact.merge': { roles: keepers },
  'contact.import': { roles: keepers },
  'contact.export': { roles: keepers },
  'privacy.read': { roles: keepers },
  'contact.erase': { roles: keepers, stepUp: true },
  'contact.erase-now': { roles: ['owner'], stepUp: true },
  'bot.read': { roles: everyone },
  'bot.edit': { roles: keepers },
  'knowledge.read': { roles: everyone },
  'knowledge.edit': { roles: keepers },
  'channel.read': { roles: everyone },
  'channel.edit': { roles: keepers, stepUp: true },
  'key.read': { roles: keepers },
  'key.edit': { roles: keepers, stepUp: true },
  'tool.read': { roles: keepers },
  'tool.edit': { roles: keepers, stepUp: true },
  'member.read': { roles: keepers },
  /** An admin only for agents and viewers: `accounts/rank.ts` decides by the person and the role. */
  'member.edit': { roles: keepers },
  'member.leave': { roles: everyone },
  'settings.edit': { roles: keepers },
  'mail.edit': { roles: keepers, stepUp: true },
  'hook.edit': { roles: keepers, stepUp: true },
} as const satisfies Record<string, Rule>;

export type WorkspaceAction = keyof typeof matrix;

/**
 * Actions outside a workspace: `public` (anybody), `visitor` (the widget's own token, checked by its routes), `webhook`
 * (another server, which proves by its signature who it is), `signed-in`, `stepped-up` (signed in, and the password asked again), `operator` (who runs the installation).
 */
export const outsideActions = ['public', 'visitor', 'webhook', 'signed-in', 'stepped-up', 'operator'] as const;
export type OutsideAction = (typeof outsideActions)[number];

export type Action = WorkspaceAction | OutsideAction;

export function isWorkspaceAction(action: Action): action is WorkspaceAction {
  return Object.hasOwn(matrix, action);
}

function ruleOf(action: WorkspaceAction): Rule {
  return matrix[action];
}

export function roleMay(role: Role, action: WorkspaceAction): boolean {
  return ruleOf(action).roles.includes(role);
}

export function needsStepUp(action: Action): boolean {
  return action === 'stepped-up' || (isWorkspaceAction(action) && ruleOf(action).stepUp === true);
}
