/**
 * What the chat bubble on a website talks to. The visitor's token is made with the first message and comes back as
 * `Authorization: Bearer`; where an EventSource or a program can't set that, as `token` in the address or the body.
 * No cookie is set and no address is stored.
 */
import { Router } from 'express';
import { z } from 'zod';
import { rateAnswer, visitorMessages } from '../conversations/index.ts';
import type { Installation } from '../installation.ts';
import { warmSearch } from '../knowledge/index.ts';
import { may } from '../web/guard.ts';
import { nothingHere } from '../web/problem.ts';
import { sse } from '../web/sse.ts';
import { onlySafely } from '../web/tls.ts';
import { Allowance } from './allowance.ts';
import { answer, callsOf, identityFor, notTooOften, preflight, tokenOf, visitorOf, type Act } from './call.routes.ts';
import { fileRoutes } from './files.routes.ts';
import { identityRoutes } from './identity.routes.ts';
import { noteFirstSight } from './open-widget.ts';
import { closedPanel, panelOf } from './panel.queries.ts';
import { scriptRoute } from './script.routes.ts';
import { shownMessage, shownState } from './shown.ts';
import { MESSAGES_AT_MOST, VisitorStreams } from './streams.ts';
import { clientId, heading, read, receive, stateFor, textOf, type Open } from './take-post.routes.ts';

const POSTS_A_MINUTE = 30;
/** The business's own hold what it signs. */
const TOKEN_AT_MOST = 2000;

/** Of an answer that was offered to them. */
const choiceId = z.string().regex(/^[a-z0-9-]{1,40}$/);

const post = { clientId, token: z.string().max(TOKEN_AT_MOST).optional() };
const messagePost = z.strictObject({ ...post, text: z.string(), choice: choiceId.optional() });
const personPost = z.strictObject(post);
const stopPost = personPost.pick({ token: true });
const ratingPost = stopPost.extend({ messageId: z.number().int().positive(), rating: z.enum(['good', 'bad']).nullable() });

export function widgetRoutes(installation: Installation): Router {
  const router = Router();
  const within = callsOf(installation);
  const open = { streams: new VisitorStreams(installation), perVisitor: new Allowance(POSTS_A_MINUTE, installation.clock) };
  const visitor = may('visitor');

  router.use(onlySafely(installation.settings.baseUrl.startsWith('https://')));
  router.use(scriptRoute());
  router.options('/widget/:widget/:act', visitor, preflight(installation));
  router.use(fileRoutes(installation, within, open));
  router.use(identityRoutes(within, open));
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
    const { text: typed, clientId, choice } = read(messagePost, req.body);
    const text = textOf(typed, call.texts);
    await receive(open, req, res, call, clientId, (visitor) => ({
      ...heading(call, visitor, clientId),
      type: 'message',
      parts: [{ kind: 'text', text, ...(choice === undefined ? {} : { detail: { choice } }) }],
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
