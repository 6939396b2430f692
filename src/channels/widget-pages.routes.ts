/** What a website's chat has beside the page that every channel has: signed-in visitors, and the code that leads to its full page. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { qrSvg } from '../lib/qr.ts';
import type { Secret } from '../lib/secret.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { render } from '../web/render.ts';
import { embedOf } from './channel-page.ts';
import { showChannel, type ShownChannel } from './channels.queries.ts';
import { identityExamples } from './identity-examples.ts';
import { identitySecretOf, makeIdentitySecret } from './make-identity-secret.ts';

/** The chat's own script may come later than the app's. */
const IDENTIFY = `const chat = document.querySelector('script[data-deskbell]');
const identify = () => deskbell.identify('THE TOKEN');
if (window.deskbell) identify();
else chat.addEventListener('load', identify);`;

export function widgetPageRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/channels/:id/identity', may('channel.edit'), (req, res) => showIdentity(req, res));
  router.post('/w/:workspace/channels/:id/identity', may('channel.edit'), makeSecret);
  router.get('/w/:workspace/channels/:id/qr.svg', may('channel.read'), showCode);
  return router;
}

/** Throws Problem 404 for what is no widget, too. */
function widgetIn(req: Request, res: Response): ShownChannel {
  const channel = showChannel(here(res).workspace, idParam(req, 'id'));
  if (channel?.kind !== 'widget') throw nothingHere();
  return channel;
}

/** `made`: the secret that was made by this very request. No other page ever shows it. */
function showIdentity(req: Request, res: Response, made?: Secret): void {
  const { workspace, installation } = here(res);
  const channel = widgetIn(req, res);
  const has = identitySecretOf(workspace, channel.id) !== undefined;
  render(res, 'channels/identity', {
    channel,
    base: `/w/${workspace.id}/channels/${channel.id}`,
    line: has ? 'Who is signed in on your website can be known in the chat.' : 'The chat doesn’t know who is signed in on your website.',
    secret: made?.reveal() ?? null,
    has,
    examples: identityExamples,
    embedded: embedOf(installation.settings.baseUrl, channel).line.replace(' async>', ' data-identity="THE TOKEN" async>'),
    script: IDENTIFY,
  });
}

async function makeSecret(req: Request, res: Response): Promise<void> {
  parseForm(req, z.strictObject({}));
  const { workspace, user } = here(res);
  const made = await makeIdentitySecret(workspace, { channelId: widgetIn(req, res).id, userId: user.id });
  res.setHeader('Cache-Control', 'no-store');
  showIdentity(req, res, made);
}

function showCode(req: Request, res: Response): void {
  const { installation } = here(res);
  const { page } = embedOf(installation.settings.baseUrl, widgetIn(req, res));
  res.type('image/svg+xml').send(qrSvg(page));
}
