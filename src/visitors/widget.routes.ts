/**
 * What the chat bubble on a website talks to. The visitor's token is made with the first message and comes back as
 * `Authorization: Bearer`; where an EventSource or a program can't set that, as `token` in the address or the body.
 * No cookie is set and no address is stored.
 */
import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { ChannelEvent } from '../channels/index.ts';
import { publicIdOf, rateAnswer, receiveEvents, visitorMessages, visitorState, type VisitorState } from '../conversations/index.ts';
import type { Installation } from '../installation.ts';
import { warmSearch } from '../knowledge/index.ts';
import type { Texts } from '../lib/catalogue.ts';
import { may } from '../web/guard.ts';
import { longText } from '../web/parse.ts';
import { nothingHere, Problem } from '../web/problem.ts';
import { sse } from '../web/sse.ts';
import { isSafeWay } from '../web/tls.ts';
import { Allowance } from './allowance.ts';
import { answer, callsOf, identityFor, notTooOften, preflight, tokenOf, visitorOf, type Act, type Call } from './call.routes.ts';
import { noteFirstSight } from './open-widget.ts';
import { closedPanel, panelOf } from './panel.queries.ts';
import { scriptRoute } from './script.routes.ts';
import { shownMessage, shownState } from './shown.ts';
import { MESSAGES_AT_MOST, VisitorStreams } from './streams.ts';
import { newVisitor, postId, signToken, type Visitor } from './visitor-token.ts';

const TEXT_AT_MOST = 4000;
const POSTS_A_MINUTE = 30;

const post = { clientId: z.string().regex(/^[\w-]{16,64}$/), token: z.string().max(300).optional() };
const messagePost = z.strictObject({ ...post, text: z.string() });
const personPost = z.strictObject(post);
const stopPost = personPost.pick({ token: true });
const ratingPost = stopPost.extend({ messageId: z.number().int().positive(), rating: z.enum(['good', 'bad']).nullable() });
const messageText = longText('The message', TEXT_AT_MOST);
const SAYS_SOMETHING = /[\p{L}\p{N}\p{P}\p{S}]/u;

interface Open {
  streams: VisitorStreams;
  perVisitor: Allowance;
}

export function widgetRoutes(installation: Installation): Router {
  const router = Router();
  const within = callsOf(installation);
  const open = { streams: new VisitorStreams(installation), perVisitor: new Allowance(POSTS_A_MINUTE, installation.clock) };
  const visitor = may('visitor');

  router.use(onlySafely(installation.settings.baseUrl.startsWith('https://')));
  router.use(scriptRoute());
  router.options('/widget/:widget/:act', visitor, preflight(installation));
  router.get('/widget/:widget/settings', visitor, within(showPanel, showClosed));
  router.post('/widget/:widget/messages', visitor, within(takeMessage(open)));
  router.post('/widget/:widget/person', visitor, within(callPerson(open)));
  router.post('/widget/:widget/stop', visitor, within(stopAnswer));
  router.post('/widget/:widget/rating', visitor, within(rate(open)));
  router.get('/widget/:widget/thread', visitor, within(showThread));
  router.get('/widget/:widget/stream', visitor, within(beginStream(open)));
  return router;
}

const showPanel: Act = (_req, res, { ws, widget, language }) => {
  noteFirstSight(ws, widget);
  warmSearch();
  answer(res, panelOf(ws, widget, language));
};

const showClosed: Act = (req, res, { ws, widget, language }) => {
  answer(res.status(410), closedPanel(ws, widget, language, req.headers.origin));
};

const takeMessage =
  (open: Open): Act =>
  async (req, res, call) => {
    const { text: typed, clientId } = read(messagePost, req.body);
    const text = textOf(typed, call.texts);
    await receive(open, req, res, call, clientId, (visitor) => ({
      ...heading(call, visitor, clientId),
      type: 'message',
      parts: [{ kind: 'text', text }],
    }));
  };

const callPerson =
  (open: Open): Act =>
  async (req, res, call) => {
    const { clientId } = read(personPost, req.body);
    await receive(open, req, res, call, clientId, (visitor) => ({
      ...heading(call, visitor, clientId),
      type: 'command',
      command: 'human',
    }));
  };

const stopAnswer: Act = (req, res, call) => {
  read(stopPost, req.body);
  const { conversationId } = stateFor(call, visitorOf(call, tokenOf(req)));
  call.ws.bus.publish({ type: 'stop', conversationId });
  answer(res, {});
};

/** What a visitor thinks of an answer; the last word of theirs counts. */
const rate =
  ({ perVisitor }: Open): Act =>
  (req, res, call) => {
    const { messageId, rating } = read(ratingPost, req.body);
    const visitor = visitorOf(call, tokenOf(req));
    notTooOften(perVisitor.take(visitor.id), call.texts);
    if (!rateAnswer(call.ws, { identityId: identityFor(call, visitor), messageId, rating })) throw nothingHere();
    answer(res, { rating });
  };

const showThread: Act = (req, res, call) => {
  const visitor = visitorOf(call, tokenOf(req));
  const messages = visitorMessages(call.ws, identityFor(call, visitor), 0, MESSAGES_AT_MOST);
  const state = stateFor(call, visitor);
  answer(res, {
    conversation: state.publicId,
    messages: messages.map((message) => shownMessage(call.ws, message)),
    state: shownState(call.ws, state),
  });
};

const beginStream =
  ({ streams }: Open): Act =>
  (req, res, call) => {
    const visitor = visitorOf(call, tokenOf(req));
    streams.begin(call.ws, visitor, identityFor(call, visitor), sse(req, res));
  };

/**
 * These routes stand before the page's headers and its log. On a public address without TLS they are passed over: further
 * down only the page that says how to get it is served.
 */
function onlySafely(tls: boolean): RequestHandler {
  return (req, res, next) => {
    if (!isSafeWay(req)) {
      next('router');
      return;
    }
    res.setHeader('X-Content-Type-Options', 'nosniff');
    if (tls) res.setHeader('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
}

/** Takes in a post of a visitor, old or new, and answers once it is stored for good. */
async function receive(
  open: Open,
  req: Request,
  res: Response,
  call: Call,
  clientId: string,
  event: (visitor: Visitor) => ChannelEvent,
): Promise<void> {
  const { ws, widget, texts } = call;
  const token = tokenOf(req);
  const visitor = token === undefined ? newVisitor(ws, widget.channelId, clientId) : visitorOf(call, token);
  notTooOften(open.perVisitor.take(visitor.id), texts);
  const [received] = await receiveEvents(ws, widget.channelId, [event(visitor)]);
  // A command that comes again is known by its hash alone.
  const conversationId = received?.conversationId ?? stateFor(call, visitor).conversationId;
  open.streams.follow(ws, visitor, conversationId);
  answer(res, {
    ...(token === undefined ? { token: signToken(ws, visitor) } : {}),
    ...(received?.messageId === undefined ? {} : { messageId: received.messageId }),
    conversation: received?.publicId ?? publicIdOf(ws, conversationId),
  });
}

function heading({ ws, language }: Call, visitor: Visitor, clientId: string) {
  return { thread: visitor.id, sender: { externalId: visitor.id, language }, externalId: postId(clientId), saidAt: ws.clock.now() };
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(
    400,
    issue?.code === 'unrecognized_keys'
      ? `There is no field ${issue.keys.join(', ')} here.`
      : `The field ${issue?.path.join('.')} is missing or of a wrong form.`,
  );
}

function textOf(typed: string, texts: Texts): string {
  const parsed = messageText.safeParse(typed);
  if (!parsed.success) throw new Problem(422, texts.tooLong, { field: 'text' });
  if (!SAYS_SOMETHING.test(parsed.data)) throw new Problem(422, texts.empty, { field: 'text' });
  return parsed.data;
}

/** The visitor's newest conversation. Throws Problem 401 when there is none any more. */
function stateFor(call: Call, visitor: Visitor): VisitorState {
  const state = visitorState(call.ws, identityFor(call, visitor));
  if (!state) throw new Problem(401, call.texts.ended);
  return state;
}
