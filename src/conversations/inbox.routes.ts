/** The inbox: the list, a conversation, what members do in it, and how an answer was made. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { Problem, nothingHere } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { around } from '../web/frame.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { roleMay } from '../web/permissions.ts';
import { here } from '../web/present.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { fragment, fragmentText, render } from '../web/render.ts';
import { sse } from '../web/sse.ts';
import { wantsFragment } from '../web/wants.ts';
import { attachmentRoutes, readSaid } from './attachment.routes.ts';
import { dropUnused } from './attachments/receive-said.ts';
import { NoConversation } from './conversation.ts';
import { handBack } from './hand-back.ts';
import { changesSince, streamInbox, type Changes, type Watching } from './inbox-live.ts';
import { conversed, listView, lookingAt, ROWS, type Address, type Asker } from './inbox-page.ts';
import { markWrong } from './rate-answer.ts';
import { offeredChoices } from './offer-choices.ts';
import { addNote, sayAsPerson } from './reply.ts';
import { markRead, reopenConversation, resolveConversation } from './resolve.ts';
import { settleDelivery } from './settle-delivery.ts';
import { takeOver } from './take-over.ts';
import { needsAnswer, needsNoAnswer } from './waiting/no-answer.ts';

const LONGEST_REPLY = 20_000;
const MOST_ROWS = 500;

const address = z.object({
  tab: z.enum(['open', 'mine', 'bot', 'done', 'unanswered']).catch('open'),
  q: z.string().trim().max(200).catch(''),
  rows: z.coerce.number().int().min(ROWS).max(MOST_ROWS).catch(ROWS),
  before: z.coerce.number().int().positive().optional().catch(undefined),
});
const watched = address.extend({
  conversation: z.coerce.number().int().positive().nullable().catch(null),
  list: z.string().optional(),
  from: z.coerce.number().int().min(0).catch(0),
});
const reply = z.strictObject({
  text: longText('The message', LONGEST_REPLY),
  draft: z.string().max(100).optional(),
  answers: offeredChoices,
});
/** A form that is a button: anything in it beyond the token is refused. */
const nothing = z.strictObject({});
const settling = z.strictObject({ how: z.enum(['arrived', 'again']) });

export function inboxRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/inbox', may('conversation.read'), (req, res) => showInbox(req, res, null));
  router.get('/w/:workspace/conversations/:id', may('conversation.read'), (req, res) => showInbox(req, res, idParam(req, 'id')));
  router.get('/w/:workspace/live', may('conversation.read'), showLive);

  const answer = may('conversation.answer');
  router.post('/w/:workspace/conversations/:id/messages', answer, say);
  router.post('/w/:workspace/conversations/:id/notes', answer, note);
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
  return router;
}

function askerOf(res: Response): Asker {
  const { workspace, user, role } = here(res);
  return { workspace, userId: user.id, role, zone: around(res).zone };
}

function addressOf(req: Request, current: number | null): Address & { before: number | undefined } {
  const { tab, q, rows, before } = address.parse(req.query);
  return { tab, query: q, rows, before, current };
}

function showInbox(req: Request, res: Response, current: number | null): void {
  const asker = askerOf(res);
  const { workspace, role } = asker;
  const asked = addressOf(req, current);
  const looking = lookingAt(asker, asked);
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
    after: String(after),
    list: '1',
    tab: asked.tab,
    rows: String(asked.rows),
    ...(asked.query === '' ? {} : { q: asked.query }),
    ...(open ? { conversation: String(current), from: String(open.from) } : {}),
  });
  render(res, 'inbox/inbox', {
    list: listView(workspace, looking, asked.rows),
    open,
    live: `${looking.base}/live?${live}`,
    view: open ? 'talk' : 'list',
  });
}

function showLive(req: Request, res: Response): void {
  const { tab, q, rows, conversation, list, from } = watched.parse(req.query);
  const watching = { tab, query: q, rows, current: conversation, list: list === '1', from };
  streamInbox(sse(req, res), askerOf(res), watching, (changes) => fragmentText(res, 'inbox/_changes', changes));
}

/** The page that an act was done on, with the conversation it concerns. */
function acting(req: Request, current: number): Watching {
  const page = new URL(pageOf(req, '/'), 'http://here.invalid');
  const { tab, q, rows } = address.parse(Object.fromEntries(page.searchParams));
  return { tab, query: q, rows, current, list: true, from: 0 };
}

/** After an act: what changed on the page since `revision`, which is from before it, for htmx; else the page again. */
function answerAct(
  req: Request,
  res: Response,
  revision: number,
  more: Partial<Pick<Changes, 'sent' | 'toast'>> = {},
  current = idParam(req, 'id'),
): void {
  if (wantsFragment(req)) {
    fragment(res, 'inbox/_changes', { ...changesSince(askerOf(res), acting(req, current), revision, more.sent), ...more, bell: true });
    return;
  }
  if (more.toast) flash(res, more.toast.says, more.toast.undo === undefined ? {} : { undo: more.toast.undo });
  seeOther(req, res, pageOf(req, `/w/${here(res).workspace.id}/conversations/${current}`));
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

function orNothingHere<T>(verb: () => T): T {
  try {
    return verb();
  } catch (error) {
    if (error instanceof NoConversation) throw nothingHere();
    throw error;
  }
}

function saidIn(req: Request, files: number): z.output<typeof reply> {
  const read = parseForm(req, reply);
  if (!read.ok) throw new Problem(422, Object.values(read.errors)[0] ?? 'The message can’t be read.');
  const { text, answers } = read.values;
  if (text === '' && answers.length > 0) throw new Problem(422, 'Write what the answers are for. They go out under your words.');
  if (text === '' && files === 0) throw new Problem(422, 'Write something first.');
  return read.values;
}

async function say(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const files = await readSaid(req, res);
  try {
    const { revision } = workspace;
    const { text, draft, answers: choices } = saidIn(req, files.length);
    const about = { conversationId: idParam(req, 'id'), userId: user.id, ...(draft === undefined ? {} : { draftId: draft }) };
    orNothingHere(() => sayAsPerson(workspace, { ...about, text, files, choices }));
    answerAct(req, res, revision, { sent: true });
  } finally {
    dropUnused(workspace, files);
  }
}

async function note(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const files = await readSaid(req, res);
  dropUnused(workspace, files);
  if (files.length > 0) throw new Problem(422, 'A note has no files. Send them to the customer, or take them out.');
  const { revision } = workspace;
  const { text, answers } = saidIn(req, 0);
  if (answers.length > 0) throw new Problem(422, 'Only customers are offered answers. Take them out, or send this as a reply.');
  orNothingHere(() => addNote(workspace, { conversationId: idParam(req, 'id'), userId: user.id, text }));
  answerAct(req, res, revision, { sent: true });
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
