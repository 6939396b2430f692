/**
 * Where far sides post what comes in. A post is proved by its signature over the raw bytes, or by its secret, before
 * anything reads it, and is answered with 200 only after it is stored; whatever else it is answered with, it comes again:
 * from Meta for up to a week, from Telegram for a day.
 */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Installation } from '../installation.ts';
import { rawBody } from '../web/bodies.ts';
import { may } from '../web/guard.ts';
import { onlySafely } from '../web/tls.ts';
import { isVerifyToken, takeWebhook, type OnWebhook, type Taken } from './take-webhook.ts';

/** Meta's own limit is 3 MB; Telegram's posts are smaller. */
const BODY_AT_MOST = 4 * 1024 * 1024;
const HELD_S = 3600;
/** What shows that a post may be genuine: without one of them nothing is read. */
const PROOFS = ['x-hub-signature-256', 'x-telegram-bot-api-secret-token'];

const asked = z.object({
  'hub.mode': z.literal('subscribe'),
  'hub.verify_token': z.string().max(200),
  'hub.challenge': z.string().max(500),
});

const STATUS: Record<Taken, number> = { stored: 200, held: 503, 'not-signed': 401, 'not-there': 404 };

export function webhookRoutes(installation: Installation, onEvents: OnWebhook): Router {
  const router = Router();
  const webhook = may('webhook');
  router.use('/webhooks', onlySafely(installation.settings.baseUrl.startsWith('https://')));
  router.get('/webhooks/:channel', webhook, (req, res) => prove(installation, req, res));
  router.post('/webhooks/:channel', webhook, onlySigned, rawBody(BODY_AT_MOST), async (req: Request, res: Response) => {
    const raw: unknown = req.body;
    const posted = { headers: req.headers, raw: Buffer.isBuffer(raw) ? raw : Buffer.alloc(0) };
    const { taken, reply } = await takeWebhook(installation, channelOf(req), posted, onEvents);
    if (taken === 'held') res.setHeader('Retry-After', String(HELD_S));
    if (taken === 'held' || taken === 'not-signed') installation.log.info({ channel: channelOf(req), taken }, 'a webhook was not taken');
    // By hand: `send` would hash each answer, which nobody asks for twice.
    const text = reply ? JSON.stringify(reply) : taken;
    res.writeHead(STATUS[taken], { 'Content-Type': reply ? 'application/json' : 'text/plain', 'Content-Length': Buffer.byteLength(text) });
    res.end(text);
  });
  return router;
}

const channelOf = (req: Request) => String(req.params['channel']);

/** Meta asks whether the address is ours: the token tells, and the challenge goes back as it came. */
function prove(installation: Installation, req: Request, res: Response): void {
  const read = asked.safeParse(req.query);
  const proved = read.success && isVerifyToken(installation, channelOf(req), read.data['hub.verify_token']);
  res.type('text/plain');
  if (proved) res.send(read.data['hub.challenge']);
  else res.status(403).send('The verify token is wrong. Copy it again from Deskbell.');
}

/** Before a byte of the body is read. */
function onlySigned(req: Request, res: Response, next: () => void): void {
  if (PROOFS.some((name) => req.headers[name] !== undefined)) next();
  else res.status(STATUS['not-signed']).type('text/plain').send('not-signed');
}
