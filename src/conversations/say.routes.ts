/** The composer: what is said or noted, what is only begun, and words that are kept ready. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { Problem } from '../web/errors.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { fragment } from '../web/render.ts';
import { answerAct, orNothingHere } from './acts.routes.ts';
import { readSaid } from './attachment.routes.ts';
import { dropUnused } from './attachments/receive-said.ts';
import { offeredChoices } from './offer-choices.ts';
import { addNote, sayIfSeen } from './say-as-person.ts';
import { cannedReplies, cannedReply } from './writing/canned-replies.queries.ts';
import { fillWords, valuesFor } from './writing/fill-words.ts';
import { keepDraft } from './writing/keep-draft.ts';

const LONGEST_REPLY = 20_000;

const messageId = z
  .string()
  .regex(/^\d{0,15}$/)
  .optional()
  .transform((typed) => (typed === undefined || typed === '' ? null : Number(typed)));

/** What was written, where the text is its translation. */
const original = longText('The message', LONGEST_REPLY)
  .optional()
  .transform((typed) => typed || null);

const composer = z.strictObject({
  text: longText('The message', LONGEST_REPLY),
  /** The composer's own id. */
  draft: z.string().max(100).optional(),
  answers: offeredChoices,
  replyTo: messageId,
  original,
  /** Through which message its page showed the conversation. */
  seen: messageId,
  /** It was held back: through which message its writer has read on since, and sends it all the same. */
  anyway: messageId,
  /** Chosen in the list that a page without a script has; sent along by its other buttons. */
  canned: messageId,
});
const begun = z.strictObject({
  text: z.string().max(LONGEST_REPLY),
  kind: z.enum(['reply', 'note']),
  draft: z.string().max(100).optional(),
  replyTo: messageId,
  original,
});

export function sayRoutes(): Router {
  const router = Router({ mergeParams: true });
  const answer = may('conversation.answer');
  router.post('/w/:workspace/conversations/:id/messages', answer, say);
  router.post('/w/:workspace/conversations/:id/notes', answer, note);
  router.post('/w/:workspace/conversations/:id/draft', answer, keep);
  router.get('/w/:workspace/conversations/:id/canned', answer, pick);
  router.post('/w/:workspace/conversations/:id/canned', answer, insert);
  return router;
}

function composed(req: Request): z.output<typeof composer> {
  const read = parseForm(req, composer);
  if (!read.ok) throw new Problem(422, Object.values(read.errors)[0] ?? 'The message can’t be read.');
  return read.values;
}

function saidIn(req: Request, files: number): z.output<typeof composer> {
  const said = composed(req);
  if (said.text === '' && said.answers.length > 0) throw new Problem(422, 'Write what the answers are for. They go out under your words.');
  if (said.text === '' && files === 0) throw new Problem(422, 'Write something first.');
  return said;
}

const whose = (req: Request, res: Response) => ({ conversationId: idParam(req, 'id'), userId: here(res).user.id });

async function say(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const files = await readSaid(req, res);
  try {
    const { revision } = workspace;
    const { text, draft, answers: choices, replyTo, original: wrote, seen, anyway } = saidIn(req, files.length);
    const about = { ...whose(req, res), ...(draft === undefined ? {} : { draftId: draft }) };
    const { said } = orNothingHere(() => sayIfSeen(workspace, { ...about, text, files, choices, replyTo, original: wrote, seen, anyway }));
    answerAct(req, res, revision, said ? { sent: true } : { held: true });
  } finally {
    dropUnused(workspace, files);
  }
}

async function note(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const files = await readSaid(req, res);
  dropUnused(workspace, files);
  if (files.length > 0) throw new Problem(422, 'A note has no files. Send them to the customer, or take them out.');
  const { revision } = workspace;
  const { text, answers, draft } = saidIn(req, 0);
  if (answers.length > 0) throw new Problem(422, 'Only customers are offered answers. Take them out, or send this as a reply.');
  orNothingHere(() => addNote(workspace, { ...whose(req, res), text, ...(draft === undefined ? {} : { draftId: draft }) }));
  answerAct(req, res, revision, { sent: true });
}

/** What is being written, as it stands. Nothing on the page changes by it. */
function keep(req: Request, res: Response): void {
  const read = parseForm(req, begun);
  if (!read.ok) throw new Problem(422, 'What you wrote is too long to be kept.');
  const { text, kind, draft, replyTo, original: wrote } = read.values;
  orNothingHere(() =>
    keepDraft(here(res).workspace, {
      ...whose(req, res),
      text,
      kind,
      replyTo,
      original: wrote,
      ...(draft === undefined ? {} : { formId: draft }),
    }),
  );
  res.status(204).end();
}

/** The list that opens by a slash: each reply as it would stand here. */
function pick(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const values = orNothingHere(() => valuesFor(workspace, idParam(req, 'id'), user.id));
  const replies = cannedReplies(workspace).map(({ id, shortcut, text }) => ({ id, shortcut, text: fillWords(text, values) }));
  fragment(res, 'inbox/_canned', { replies });
}

/** Without a script: the chosen reply is put behind what was written, and the page shows both. */
async function insert(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  dropUnused(workspace, await readSaid(req, res));
  const { text, draft, replyTo, original: wrote, canned } = composed(req);
  const id = idParam(req, 'id');
  const reply = canned === null ? undefined : cannedReply(workspace, canned);
  if (!reply) throw new Problem(422, 'Choose one of the replies first.');
  orNothingHere(() => {
    const filled = fillWords(reply.text, valuesFor(workspace, id, user.id));
    const both = text === '' ? filled : `${text}\n${filled}`;
    keepDraft(workspace, {
      conversationId: id,
      userId: user.id,
      text: both,
      replyTo,
      original: wrote,
      ...(draft === undefined ? {} : { formId: draft }),
    });
  });
  seeOther(req, res, pageOf(req, `/w/${workspace.id}/conversations/${id}`));
}
