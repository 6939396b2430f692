/** All pages of this room. */
import { Router } from 'express';
import type { Installation } from '../installation.ts';
import { accountPageRoutes } from './account.routes.ts';
import { invitationRoutes } from './invitation.routes.ts';
import { memberRoutes } from './members.routes.ts';
import { settingsRoutes } from './settings.routes.ts';
import { setupRoutes } from './setup.routes.ts';
import { signInRoutes } from './sign-in.routes.ts';
import { workspaceRoutes } from './workspaces.routes.ts';

export function accountRoutes(installation: Installation): Router {
  const router = Router();
  router.use(setupRoutes(installation));
  router.use(signInRoutes(installation));
  router.use(accountPageRoutes(installation));
  router.use(workspaceRoutes(installation));
  router.use(settingsRoutes());
  router.use(memberRoutes());
  router.use(invitationRoutes(installation));
  return router;
}
