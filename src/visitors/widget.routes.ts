/**
 * What the chat bubble on a website talks to. The visitor's token is made with the first message and comes back as
 * `Authorization: Bearer`; where a program or an EventSource can't set that, as `token` in the body or the address.
 * No cookie is set and no address is stored. ARCHITECTURE.md, "The widget's HTTP", has the whole contract.
 */
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { ChannelEvent } from '../channels/index.ts';
import { identityOf, receiveEvents, visitorMessages, visitorState } from '../conversations/index.ts';
import type { Installation } from '../installation.ts';
import { chooseLanguage, isLanguage, textsIn, type Language, type Texts } from '../lib/catalogue.ts';
import { jsonBody } from '../web/bodies.ts';
import { may } from '../web/guard.ts';
import { networkOf } from '../web/limits.ts';
import { longText } from '../web/parse.ts';
import { nothingHere, Problem } from '../web/problem.ts';
import { sse } from '../web/sse.ts';
import type { Workspace } from '../workspace.ts';
import { Allowance } from './allowance.ts';
import { noteFirstSight, openWidget, type Widget } from './open-widget.ts';
import { mayUse } from './origins.ts';
import { panelOf } from './panel.queries.ts';
import { shownMessage, shownState } from './shown.ts';
import { MESSAGES_AT_MOST, VisitorStreams } from './streams.ts';
import { newVisitor, postId, readToken, signToken, type Visitor } from './visitor-token.ts';
import { widgetFile } from './widget-file.ts';

const BODY_AT_MOST = 16 * 1024;
const TEXT_AT_MOST = 4000;
const PREFLIGHT_HOLDS_S = 7200;
const SCRIPT_HOLDS_S = 3600;

const post = { clientId: z.string().regex(/^[\w-]{16,64}$/), token: z.string().max(300).optional() };
const messagePost = z.strictObject({ ...post, text: z.string() });
const personPost = z.strictObject(post);
const stopPost = personPost.pick({ token: true });
const messageText = longText('The message', TEXT_AT_MOST);
const readBody = jsonBody(BODY_AT_MOST);
const SAYS_SOMETHING = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What a handler of these routes has to work with, once origin, widget and rate are in order. */
interface Call {
  ws: Workspace;
  widget: Widget;
  language: Language;
  texts: Texts;
}

type Handler = (req: Request, res: Response, call: Call) => Promise<void> | void;

export function widgetRoutes(installation: Installation): Router {
  const router = Router();
  const streams = new VisitorStreams(installation);
  const ownOrigin = new URL(installation.settings.baseUrl).origin;
  const perAddress = new Allowance(240, installation.clock);
  const perVisitor = new Allowance(30, installation.clock);

  /** Opens the widget for one call and lets it go afterwards; keeps out other websites, closed widgets and floods. */
  const within = (handler: Handler): RequestHandler => async (req, res) => {
    const { origin } = req.headers;
    allowReading(res, origin);
    const spoken = chooseLanguage(req.headers['accept-language']);
    const wait = perAddress.take(networkOf(req.ip));
    if (wait > 0) throw new Problem(429, textsIn(spoken).tooMany, { retryAfter: wait });
    const opened = openWidget(installation, String(req.params['widget']));
    if (!opened) throw nothingHere();
    try {
      const { workspace: ws, widget } = opened;
      const language = isLanguage(widget.language) ? widget.language : spoken;
      const texts = textsIn(language);
      if (!mayUse(origin, widget, [ownOrigin, `${req.protocol}://${req.host}`])) throw new Problem(403, texts.wrongPage);
      if (widget.status === 'paused' || widget.status === 'disconnected') throw new Problem(410, texts.gone);
      if (req.method === 'POST') await readBody(req, res, () => undefined);
      await handler(req, res, { ws, widget, language, texts });
    } finally {
      opened.release();
    }
  };

  /** Takes in a post of a visitor, old or new, and answers once it is stored for good. */
  const receive = async (req: Request, res: Response, call: Call, clientId: string, event: (visitor: Visitor) => ChannelEvent): Promise<void> => {
    const { ws, widget, texts } = call;
    const token = tokenOf(req);
    const visitor = token === undefined ? newVisitor(ws, widget.channelId, clientId) : visitorOf(call, token);
    const wait = perVisitor.take(visitor.id);
    if (wait > 0) throw new Problem(429, texts.tooMany, { retryAfter: wait });
    const [received] = await receiveEvents(ws, widget.channelId, [event(visitor)]);
    const identityId = identityOf(ws, widget.channelId, visitor.id);
    const state = identityId === undefined ? undefined : visitorState(ws, identityId);
    if (identityId === undefined || !state) throw new Error('a post was stored without a conversation');
    streams.follow(ws, identityId, state.conversationId);
    res.json({ ...(token === undefined ? { token: signToken(ws, visitor) } : {}), ...(received?.messageId ? { messageId: received.messageId } : {}), conversation: state.publicId });
  };

  router.get('/widget.js', may('visitor'), serveScript);
  router.options('/widget/:widget/:act', may('visitor'), preflight(installation, ownOrigin));

  router.get('/widget/:widget/settings', may('visitor'), within((_req, res, { ws, widget, language }) => {
    noteFirstSight(ws, widget);
    res.json(panelOf(ws, widget, language));
  }));

  router.post('/widget/:widget/messages', may('visitor'), within(async (req, res, call) => {
    const { text: typed, clientId } = read(messagePost, req.body);
    const text = textOf(typed, call.texts);
    await receive(req, res, call, clientId, (visitor) => ({
      ...heading(call, visitor, clientId),
      type: 'message',
      parts: [{ kind: 'text', text }],
    }));
  }));

  router.post('/widget/:widget/person', may('visitor'), within(async (req, res, call) => {
    const { clientId } = read(personPost, req.body);
    await receive(req, res, call, clientId, (visitor) => ({ ...heading(call, visitor, clientId), type: 'command', command: 'human' }));
  }));

  router.post('/widget/:widget/stop', may('visitor'), within((req, res, call) => {
    read(stopPost, req.body);
    const state = visitorState(call.ws, identityFor(req, call));
    if (state) call.ws.bus.publish({ type: 'stop', conversationId: state.conversationId });
    res.json({});
  }));

  router.get('/widget/:widget/thread', may('visitor'), within((req, res, call) => {
    const { ws } = call;
    const identityId = identityFor(req, call);
    const state = visitorState(ws, identityId);
    if (!state) throw new Problem(401, call.texts.ended);
    const messages = visitorMessages(ws, identityId, 0, MESSAGES_AT_MOST);
    res.json({ conversation: state.publicId, messages: messages.map((message) => shownMessage(ws, message)), state: shownState(ws, state) });
  }));

  router.get('/widget/:widget/stream', may('visitor'), within((req, res, call) => {
    const identityId = identityFor(req, call);
    streams.begin(call.ws, identityId, sse(req, res));
  }));

  return router;
}

const serveScript: RequestHandler = (req, res) => {
  res.setHeader('Cache-Control', `public, max-age=${SCRIPT_HOLDS_S}, stale-while-revalidate=${24 * SCRIPT_HOLDS_S}`);
  res.setHeader('ETag', widgetFile.etag);
  res.setHeader('Vary', 'Accept-Encoding');
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  res.setHeader('Content-Type', 'text/javascript; charset=utf-8');
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  const zipped = req.acceptsEncodings('gzip') !== false;
  if (zipped) res.setHeader('Content-Encoding', 'gzip');
  res.end(zipped ? widgetFile.zipped : widgetFile.body);
};

/** Answers, errors too, may be read by the page that asked: what they tell it is decided by `mayUse`. */
function allowReading(res: Response, origin: string | undefined): void {
  res.setHeader('Vary', 'Origin');
  res.setHeader('Cache-Control', 'no-store');
  if (origin === undefined) return;
  res.setHeader('Access-Control-Allow-Origin', origin);
  res.setHeader('Access-Control-Expose-Headers', 'Retry-After');
}

function preflight(installation: Installation, ownOrigin: string): RequestHandler {
  return (req, res) => {
    const opened = openWidget(installation, String(req.params['widget']));
    opened?.release();
    const { origin } = req.headers;
    res.setHeader('Vary', 'Origin');
    if (opened && origin !== undefined && mayUse(origin, opened.widget, [ownOrigin])) {
      res.setHeader('Access-Control-Allow-Origin', origin);
      res.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      res.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type, Last-Event-ID');
      res.setHeader('Access-Control-Max-Age', String(PREFLIGHT_HOLDS_S));
    }
    res.status(204).end();
  };
}

function heading({ ws, language }: Call, visitor: Visitor, clientId: string) {
  return { thread: visitor.id, sender: { externalId: visitor.id, language }, externalId: postId(clientId), saidAt: ws.clock.now() };
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(400, issue?.code === 'unrecognized_keys' ? `There is no field ${issue.keys.join(', ')} here.` : `The field ${issue?.path.join('.')} is missing or of a wrong form.`);
}

function textOf(typed: string, texts: Texts): string {
  const parsed = messageText.safeParse(typed);
  if (!parsed.success) throw new Problem(422, texts.tooLong, { field: 'text' });
  if (!SAYS_SOMETHING.test(parsed.data)) throw new Problem(422, texts.empty, { field: 'text' });
  return parsed.data;
}

function tokenOf(req: Request): string | undefined {
  const header = req.headers.authorization;
  if (header?.startsWith('Bearer ')) return header.slice('Bearer '.length);
  const body: unknown = req.body;
  const given = typeof body === 'object' && body !== null && 'token' in body ? body.token : req.query['token'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function visitorOf({ ws, widget, texts }: Call, token: string | undefined): Visitor {
  const visitor = token === undefined ? null : readToken(ws, widget.channelId, token);
  if (!visitor) throw new Problem(401, texts.ended);
  return visitor;
}

function identityFor(req: Request, call: Call): number {
  const visitor = visitorOf(call, tokenOf(req));
  const identityId = identityOf(call.ws, visitor.channelId, visitor.id);
  if (identityId === undefined) throw new Problem(401, call.texts.ended);
  return identityId;
}
