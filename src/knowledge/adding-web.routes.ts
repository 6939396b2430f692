import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { line, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { pathOf } from './parts.routes.ts';
import { addFeed, addPage, addSite, NoAddress, typedAddress } from './web/add-web.ts';

const addressForm = z.strictObject({
  address: line('The address', 500),
  reach: z.enum(['site', 'page', 'feed'], { error: 'Choose what stands at this address.' }),
});

const REACHES = {
  site: { add: addSite, says: 'Its pages are being looked for.' },
  page: { add: addPage, says: 'The page is being read.' },
  feed: { add: addFeed, says: 'The list is being looked at.' },
};

/** Adding a website, one page of it, or a product list. `page` shows the form. */
export function addingWebRoutes(page: (res: Response, data: object) => void): Router {
  const router = Router({ mergeParams: true });
  router.post('/w/:workspace/knowledge/new/web', may('knowledge.edit'), (req, res) => web(req, res, page));
  return router;
}

function web(req: Request, res: Response, page: (res: Response, data: object) => void): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, addressForm);
  if (!form.ok) {
    page(res.status(422), form);
    return;
  }
  try {
    const site = { address: typedAddress(workspace, form.values.address), by: user.id };
    const { add, says } = REACHES[form.values.reach];
    const id = add(workspace, site);
    flash(res, says);
    seeOther(req, res, pathOf(res, id));
  } catch (error) {
    if (!(error instanceof NoAddress)) throw error;
    page(res.status(422), { errors: { address: error.message }, typed: form.values });
  }
}
