/** The inbox: the list, a conversation, what members do in it, and how an answer was made. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { Problem, nothingHere } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { roleMay } from '../web/permissions.ts';
import { here } from '../web/present.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { fragment, fragmentText, render } from '../web/render.ts';
import { sse } from '../web/sse.ts';
import { wantsFragment } from '../web/wants.ts';
import { address, addressOf, answerAct, askerOf, nothing, orNothingHere } from './acts.routes.ts';
import { attachmentRoutes } from './attachment.routes.ts';
import { cameMeanwhile } from './came-meanwhile.ts';
import { handBack } from './hand-back.ts';
import { streamInbox } from './inbox-live.ts';
import { conversed, lookingAt } from './inbox-page.ts';
import { listHref } from './inbox-view.ts';
import { filterOf, filterQuery } from './list/filter.ts';
import { listView } from './list/list-view.ts';
import { presenceOf } from './list/presence.ts';
import { markWrong } from './rate-answer.ts';
import { reactRoutes } from './react.routes.ts';
import { markRead, reopenConversation, resolveConversation } from './resolve.ts';
import { settleDelivery } from './settle-delivery.ts';
import { sayRoutes } from './say.routes.ts';
import { takeOver } from './take-over.ts';
import { needsAnswer, needsNoAnswer } from './waiting/no-answer.ts';

const watched = address.extend({
  conversation: z.coerce.number().int().positive().nullable().catch(null),
  list: z.string().optional(),
  from: z.coerce.number().int().min(0).catch(0),
});
/** How long it was asleep, by its own clock, whatever time that shows. */
const slept = watched.pick({ conversation: true }).extend({
  ms: z.coerce
    .number()
    .int()
    .min(0)
    .max(31 * 24 * 3600_000)
    .catch(0),
});
const settling = z.strictObject({ how: z.enum(['arrived', 'again']) });

export function inboxRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/inbox', may('conversation.read'), (req, res) => showInbox(req, res, null));
  router.get('/w/:workspace/conversations/:id', may('conversation.read'), (req, res) => showInbox(req, res, idParam(req, 'id')));
  router.get('/w/:workspace/live', may('conversation.read'), showLive);
  router.get('/w/:workspace/live/slept', may('conversation.read'), saySlept);

  const answer = may('conversation.answer');
  router.post('/w/:workspace/conversations/:id/takeover', answer, act(takeOver));
  router.post('/w/:workspace/conversations/:id/handback', answer, act(handBack, { says: 'Handed back to the bot.', undo: 'takeover' }));
  router.post('/w/:workspace/conversations/:id/resolve', answer, act(resolveConversation, { says: 'Marked as done.', undo: 'reopen' }));
  router.post(
    '/w/:workspace/conversations/:id/no-answer',
    answer,
    act(needsNoAnswer, { says: 'No answer needed.', undo: 'answer-needed' }),
  );
  router.post('/w/:workspace/conversations/:id/answer-needed', answer, act(needsAnswer));
  router.post('/w/:workspace/conversations/:id/reopen', answer, reopen);
  router.post('/w/:workspace/conversations/:id/messages/:message/wrong', answer, judge(true));
  router.post('/w/:workspace/conversations/:id/messages/:message/right', answer, judge(false));
  router.post('/w/:workspace/deliveries/:delivery/settle', answer, settle);
  router.use(attachmentRoutes());
  router.use(sayRoutes());
  router.use(reactRoutes());
  return router;
}

function showInbox(req: Request, res: Response, current: number | null): void {
  const asker = askerOf(res);
  const { workspace, role } = asker;
  const asked = addressOf(req, current);
  // The form of filters sends what is left empty, too: an address that is passed on says only what is set.
  if (current === null && Object.values(req.query).includes('')) {
    seeOther(req, res, listHref({ base: `/w/${workspace.id}` }, asked.filter));
    return;
  }
  const looking = { ...lookingAt(asker, asked), ...(asked.reply === undefined ? {} : { reply: asked.reply }) };
  // Before anything is read from it: what changes after this number is told by the stream.
  const after = workspace.revision;
  if (current !== null && asked.before === undefined && roleMay(role, 'conversation.answer')) markRead(workspace, current);
  const open = current === null ? undefined : conversed(asker, looking, asked.before);
  if (current !== null && !open) throw nothingHere();
  if (open && asked.before !== undefined && wantsFragment(req)) {
    fragment(res, 'inbox/_earlier', open);
    return;
  }
  const live = new URLSearchParams({
    ...Object.fromEntries(new URLSearchParams(filterQuery(asked.filter))),
    after: String(after),
    list: '1',
    rows: String(asked.rows),
    ...(open ? { conversation: String(current), from: String(open.from) } : {}),
  });
  render(res, 'inbox/inbox', {
    list: listView(workspace, looking, asked.rows),
    open,
    live: `${looking.base}/live?${live}`,
    view: open ? 'talk' : 'list',
    sound: presenceOf(workspace, asker.userId).sound,
  });
}

function showLive(req: Request, res: Response): void {
  const { conversation, list, from, rows, before: _, ...filter } = watched.parse(req.query);
  const watching = { filter: filterOf(filter), rows, current: conversation, list: list === '1', from };
  streamInbox(sse(req, res), askerOf(res), watching, (changes) => fragmentText(res, 'inbox/_changes', changes));
}

/** What came while a page was asleep, in one line; nothing where nothing came. */
function saySlept(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { ms, conversation } = slept.parse(req.query);
  const says = cameMeanwhile(workspace, { since: workspace.clock.now() - ms, userId: user.id, conversationId: conversation });
  if (says === '') res.status(204).end();
  else res.type('text/plain').send(says);
}

type Act = (ws: ReturnType<typeof here>['workspace'], conversationId: number, userId: number) => void;

/** A handler of one verb without fields. `undo` names the verb that takes it back. */
function act(verb: Act, done?: { says: string; undo: string }): (req: Request, res: Response) => void {
  return (req, res) => {
    const { workspace, user } = here(res);
    const { revision } = workspace;
    const id = idParam(req, 'id');
    parseForm(req, nothing);
    orNothingHere(() => verb(workspace, id, user.id));
    answerAct(req, res, revision, done ? { toast: { says: done.says, undo: `/w/${workspace.id}/conversations/${id}/${done.undo}` } } : {});
  };
}

function reopen(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { revision } = workspace;
  parseForm(req, nothing);
  const reopened = orNothingHere(() => reopenConversation(workspace, idParam(req, 'id'), user.id));
  if (reopened.ok) {
    answerAct(req, res, revision);
    return;
  }
  flash(res, reopened.says);
  seeOther(req, res, `/w/${workspace.id}/conversations/${reopened.openId}`);
}

/** A member says that an answer of the bot was wrong, or takes that back. */
function judge(wrong: boolean): (req: Request, res: Response) => void {
  return (req, res) => {
    const { workspace, user } = here(res);
    const { revision } = workspace;
    parseForm(req, nothing);
    const [id, messageId] = [idParam(req, 'id'), idParam(req, 'message')];
    if (!markWrong(workspace, { conversationId: id, messageId, userId: user.id, wrong })) throw nothingHere();
    const undo = `/w/${workspace.id}/conversations/${id}/messages/${messageId}/right`;
    answerAct(req, res, revision, wrong ? { toast: { says: 'Noted. The question now stands under Unanswered.', undo } } : {});
  };
}

function settle(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { revision } = workspace;
  const read = parseForm(req, settling);
  if (!read.ok) throw new Problem(400, 'Say whether it arrived or is to be sent again.');
  const outcome = settleDelivery(workspace, idParam(req, 'delivery'), read.values.how, user.id);
  if (outcome === 'not-there') throw nothingHere();
  const toast = outcome === 'settled-before' ? { says: 'This was settled before.' } : undefined;
  const page = pageOf(req, `/w/${workspace.id}/inbox`);
  const conversation = /\/conversations\/([1-9]\d*)/.exec(page)?.[1];
  if (conversation !== undefined) {
    answerAct(req, res, revision, toast ? { toast } : {}, Number(conversation));
    return;
  }
  if (toast) flash(res, toast.says);
  seeOther(req, res, page);
}
