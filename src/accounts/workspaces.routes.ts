import { Router, type Response } from 'express';
import type { Installation } from '../installation.ts';
import { may } from '../web/guard.ts';
import { parseForm } from '../web/parse.ts';
import { here, signedIn } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { workspacesOf } from './accounts.queries.ts';
import { currencies, languages, timezones } from './choices.ts';
import { createWorkspace } from './create-workspace.ts';
import { workspaceForm } from './forms.ts';
import { roleNames } from './rank.ts';

function newPage(res: Response, typed: object, errors: Record<string, string> = {}): void {
  render(res, 'accounts/new-workspace', { typed, errors, languages: languages(), timezones: timezones(), currencies: currencies() });
}

/** The list of one's workspaces, and a further one for whoever runs the installation. */
export function workspaceRoutes(installation: Installation): Router {
  const router = Router({ mergeParams: true });

  router.get('/workspaces', may('signed-in'), (_req, res) => {
    const { user } = signedIn(res);
    const workspaces = workspacesOf(installation, user.id).map((row) => ({ ...row, roleName: roleNames[row.role] }));
    render(res, 'accounts/workspaces', { workspaces, user });
  });

  router.get('/workspaces/new', may('operator'), (_req, res) => {
    newPage(res, { language: 'en', timezone: new Intl.DateTimeFormat().resolvedOptions().timeZone, currency: 'EUR' });
  });

  router.post('/workspaces', may('operator'), (req, res) => {
    const form = parseForm(req, workspaceForm);
    if (!form.ok) {
      res.status(422);
      newPage(res, form.typed, form.errors);
      return;
    }
    seeOther(req, res, `/w/${createWorkspace(installation, signedIn(res).user.id, form.values)}/setup`);
  });

  router.get('/w/:workspace', may('conversation.read'), (_req, res) => {
    res.redirect(303, `/w/${here(res).workspace.id}/inbox`);
  });

  return router;
}
