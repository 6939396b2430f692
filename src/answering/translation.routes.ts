/** Translating: what was said, into the language of who reads it, and what is being written, into the customer's. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { keepDraft } from '../conversations/index.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { fragmentText } from '../web/render.ts';
import { wantsJson } from '../web/wants.ts';
import { answerAside, asked, orNothingHere } from './asked.routes.ts';
import { costWords } from './cost-words.ts';
import { translateDraft, translateMessage } from './translate.ts';

const LONGEST = 20_000;

const nothing = z.strictObject({});
const words = longText('The message', LONGEST);
/** The composer's own form, whose other fields are for sending. */
const composer = z.object({
  text: words,
  original: words.optional(),
  replyTo: z.coerce.number().int().positive().nullable().catch(null).default(null),
});

export function translationRoutes(): Router {
  const router = Router({ mergeParams: true });
  const answer = may('conversation.answer');
  router.post('/w/:workspace/conversations/:id/messages/:message/translation', answer, showTranslated);
  router.post('/w/:workspace/conversations/:id/translation', answer, translateWritten);
  router.post('/w/:workspace/conversations/:id/translation/back', answer, takeBack);
  return router;
}

async function showTranslated(req: Request, res: Response): Promise<void> {
  parseForm(req, nothing);
  const { workspace, user } = here(res);
  const [conversationId, messageId] = [idParam(req, 'id'), idParam(req, 'message')];
  const told = await asked(res, (signal) => translateMessage(workspace, { conversationId, messageId, userId: user.id }, signal));
  if (told === undefined) return;
  answerAside(req, res, told && !told.ok ? told.says : null);
}

/** The composer's script gets it as JSON, `{says, run, text?, written?}`; without one it is the member's draft. */
async function translateWritten(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const conversationId = idParam(req, 'id');
  const { text, original, replyTo } = composed(req);
  if (text === '') throw new Problem(422, 'Write something first.');
  const told = await asked(res, (signal) => translateDraft(workspace, { conversationId, text }, signal));
  if (!told) return;
  const wrote = original || text;
  const says = told.ok ? `Translated: read it before you send it.${costWords(told.cost)}` : told.says;
  if (wantsJson(req)) {
    const written = fragmentText(res, 'inbox/_written', { path: pathOf(req, res), original: wrote });
    res.json(told.ok ? { says, run: `${pathOf(req, res)}/runs/${told.cost.runId}`, text: told.kept, written } : { says, run: null });
    return;
  }
  const kept = told.ok ? { text: told.kept, original: wrote } : { text, original: original ?? null };
  keepDraft(workspace, { conversationId, userId: user.id, replyTo, ...kept });
  flash(res, says);
  seeOther(req, res, pageOf(req, pathOf(req, res)));
}

/** What was written, in the place of its translation. */
function takeBack(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { text, original, replyTo } = composed(req);
  const conversationId = idParam(req, 'id');
  orNothingHere(() => keepDraft(workspace, { conversationId, userId: user.id, replyTo, text: original || text }));
  seeOther(req, res, pageOf(req, pathOf(req, res)));
}

function composed(req: Request): z.output<typeof composer> {
  const read = composer.safeParse(req.body ?? {});
  if (!read.success) throw new Problem(422, 'The message is too long to be translated. Shorten it.');
  return read.data;
}

const pathOf = (req: Request, res: Response): string => `/w/${here(res).workspace.id}/conversations/${idParam(req, 'id')}`;
