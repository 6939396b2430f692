/** What every call of the bubble goes through before its own act: origin, rate, widget, body, token. */
import type { Request, RequestHandler, Response } from 'express';
import { identityOf } from '../conversations/index.ts';
import type { Installation } from '../installation.ts';
import { chooseLanguage, isLanguage, textsIn, type Language, type Texts } from '../lib/catalogue.ts';
import { jsonBody } from '../web/bodies.ts';
import { networkOf } from '../web/limits.ts';
import { nothingHere, Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { Allowance } from './allowance.ts';
import { openWidget, openWidgetWhenBack, type Widget } from './open-widget.ts';
import { mayUse } from './origins.ts';
import { isOurs, readToken, type Visitor } from './visitor-token.ts';

const BODY_AT_MOST = 16 * 1024;
const CALLS_A_MINUTE = 240;
const PREFLIGHT_HOLDS_S = 7200;

const readBody = jsonBody(BODY_AT_MOST);

export interface Call {
  ws: Workspace;
  widget: Widget;
  language: Language;
  texts: Texts;
}

export type Act = (req: Request, res: Response, call: Call) => Promise<void> | void;

/** `readsItself`: the act reads the body, which is no JSON. */
export type Within = (act: Act, whenClosed?: Act, readsItself?: boolean) => RequestHandler;

const refuseClosed: Act = (_req, _res, { texts }) => {
  throw new Problem(410, texts.gone);
};

/**
 * Opens the widget for one call and lets it go afterwards; keeps out other websites and floods. A call of a widget that is
 * paused or disconnected goes to `whenClosed`.
 */
export function callsOf(installation: Installation): Within {
  const perNetwork = new Allowance(CALLS_A_MINUTE, installation.clock);
  return (act, whenClosed = refuseClosed, readsItself = false) =>
    async (req, res) => {
      const { origin } = req.headers;
      allowReading(res, origin);
      const spoken = chooseLanguage(req.headers['accept-language']);
      notTooOften(perNetwork.take(networkOf(req.ip)), textsIn(spoken));
      const opened = await openWidgetWhenBack(installation, String(req.params['widget']));
      if (!opened) throw nothingHere();
      try {
        const { workspace: ws, widget } = opened;
        const language = isLanguage(widget.settings.language) ? widget.settings.language : spoken;
        const texts = textsIn(language);
        if (!mayUse(origin, widget, (one) => isOwn(installation, req, one))) throw new Problem(403, texts.wrongPage);
        if (req.method === 'POST' && !readsItself) await readBody(req, res, () => undefined);
        const closed = widget.status === 'paused' || widget.status === 'disconnected';
        await (closed ? whenClosed : act)(req, res, { ws, widget, language, texts });
      } catch (error) {
        throw installation.workspaces.noteFault(opened.workspace.id, error);
      } finally {
        opened.release();
      }
    };
}

/** Lets a browser ask before it posts from a website that may; others get no permission. */
export function preflight(installation: Installation): RequestHandler {
  return (req, res) => {
    const opened = openWidget(installation, String(req.params['widget']));
    opened?.release();
    const { origin } = req.headers;
    res.setHeader('Vary', 'Origin');
    if (opened && origin !== undefined && mayUse(origin, opened.widget, (one) => isOwn(installation, req, one))) {
      res.setHeader('Access-Control-Allow-Origin', origin);
      res.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      res.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, Last-Event-ID');
      res.setHeader('Access-Control-Max-Age', String(PREFLIGHT_HOLDS_S));
    }
    res.status(204).end();
  };
}

export function notTooOften(secondsToWait: number, texts: Texts): void {
  if (secondsToWait > 0) throw new Problem(429, texts.tooMany, { retryAfter: secondsToWait });
}

/** Answers, errors too, may be read by the page that asked: what they tell it is decided by `mayUse`. */
function allowReading(res: Response, origin: string | undefined): void {
  res.setHeader('Vary', 'Origin');
  res.setHeader('Cache-Control', 'no-store');
  if (origin === undefined) return;
  res.setHeader('Access-Control-Allow-Origin', origin);
  res.setHeader('Access-Control-Expose-Headers', 'Retry-After');
}

/** The full page is ours by whatever name this server is reached. */
function isOwn({ settings }: Installation, req: Request, origin: string): boolean {
  return origin === new URL(settings.baseUrl).origin || origin === `${req.protocol}://${req.host}`;
}

export function tokenOf(req: Request): string | undefined {
  const header = req.headers.authorization;
  if (header?.startsWith('Bearer ')) return header.slice('Bearer '.length);
  const body: unknown = req.body;
  const given = typeof body === 'object' && body !== null && 'token' in body ? body.token : req.query['token'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

/** Throws Problem 401 for a token that isn't good here. */
export function visitorOf(call: Call, token: string | undefined): Visitor {
  const { ws, widget, texts } = call;
  const visitor = token === undefined ? null : readToken(ws, widget.channelId, token);
  if (!visitor) throw new Problem(401, token === undefined || isOurs(token) ? texts.ended : texts.signInAgain);
  if (!visitor.signedIn) onlyWhereAnybodyMay(call);
  return visitor;
}

/** Throws Problem 401 where the owner lets only those write who are signed in on the website. */
export function onlyWhereAnybodyMay({ widget, texts }: Call): void {
  if (widget.settings.onlySignedIn) throw new Problem(401, texts.signIn);
}

/** Throws Problem 401 when nothing of theirs is here any more. */
export function identityFor({ ws, texts }: Call, visitor: Visitor): number {
  const identityId = identityOf(ws, visitor.channelId, visitor.id);
  if (identityId === undefined) throw new Problem(401, texts.ended);
  return identityId;
}

/** JSON without the ETag that Express would hash out of every answer: none of these is asked for twice. */
export function answer(res: Response, body: object): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}
