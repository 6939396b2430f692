/** All pages of this room. */
import { Router } from 'express';
import type { Installation } from '../installation.ts';
import { accountPageRoutes, sessionRoutes } from './account.routes.ts';
import { confirmRoutes } from './confirm.routes.ts';
import { invitationRoutes } from './invitation.routes.ts';
import { inviteRoutes, memberRoutes } from './members.routes.ts';
import { passkeyRoutes } from './passkeys/passkeys.routes.ts';
import { secondStepRoutes } from './second-step/second-step.routes.ts';
import { settingsRoutes } from './settings.routes.ts';
import { setupRoutes } from './setup.routes.ts';
import { signInRoutes } from './sign-in.routes.ts';
import { workspaceRoutes } from './workspaces.routes.ts';

export function accountRoutes(installation: Installation): Router {
  const router = Router();
  router.use(setupRoutes(installation));
  router.use(signInRoutes(installation));
  router.use(confirmRoutes(installation));
  router.use(accountPageRoutes(installation));
  router.use(sessionRoutes(installation));
  router.use(passkeyRoutes(installation));
  router.use(secondStepRoutes(installation));
  router.use(workspaceRoutes(installation));
  router.use(settingsRoutes());
  router.use(memberRoutes());
  router.use(inviteRoutes());
  router.use(invitationRoutes(installation));
  return router;
}
