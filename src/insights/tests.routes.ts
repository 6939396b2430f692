/** From what customers asked to tests: a question is kept as one, or many are asked again. Here, since here is known what to mask. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { botOf, goToRound, keepTest, showTest, typedTest, versionToAsk } from '../bots/index.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere, Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { replay } from './gather-replay.ts';
import { masked } from './mask.ts';
import { knownOf } from './people.queries.ts';

const replayForm = z.strictObject({
  questions: z.coerce.number().pipe(z.literal([20, 50, 100], { error: 'Choose one of those offered.' })),
  who: z.enum(['draft', 'live'], { error: 'Choose draft or live.' }),
});

interface Origin {
  question: string;
  /** Null where somebody of the business asked it, in the playground. */
  conversationId: number | null;
}

/** What a run was asked. A customer's words are masked. */
function askedInRun(ws: Workspace, botId: number, runId: number): Origin | undefined {
  const row = ws
    .prepare(
      `SELECT r.question, r.conversation_id AS conversationId, (SELECT contact_id FROM conversations WHERE id = r.conversation_id) AS contactId
       FROM runs r WHERE r.id = ? AND r.kind IN ('answer', 'playground') AND r.question <> '' AND r.bot_version_id IN (SELECT id FROM bot_versions WHERE bot_id = ?)`,
    )
    .get(runId, botId) as (Origin & { contactId: number | null }) | undefined;
  return row && maskedOrigin(ws, row);
}

/** A question that this bot couldn't answer. */
function askedInGap(ws: Workspace, botId: number, gapId: number): Origin | undefined {
  const row = ws
    .prepare(
      `SELECT a.text AS question, a.conversation_id AS conversationId, a.contact_id AS contactId
       FROM gaps a JOIN messages b ON b.id = a.reply_id JOIN runs r ON r.id = b.run_id
       WHERE a.id = ? AND r.bot_version_id IN (SELECT id FROM bot_versions WHERE bot_id = ?)`,
    )
    .get(gapId, botId) as (Origin & { contactId: number }) | undefined;
  return row && maskedOrigin(ws, row);
}

const ORIGINS = new Map([
  ['run', askedInRun],
  ['gap', askedInGap],
]);

function maskedOrigin(ws: Workspace, { question, conversationId, contactId }: Origin & { contactId: number | null }): Origin {
  return { question: contactId === null ? question : masked(question, knownOf(ws, contactId)), conversationId };
}

function originOf(req: Request, res: Response): Origin {
  const origin = ORIGINS.get(String(req.params['from']))?.(here(res).workspace, botOf(req, res).id, idParam(req, 'id'));
  if (!origin) throw nothingHere();
  return origin;
}

function fromOf(req: Request): string {
  return `${String(req.params['from'])}/${idParam(req, 'id')}`;
}

function offer(req: Request, res: Response): void {
  const { question, conversationId } = originOf(req, res);
  showTest(req, res, { id: null, typed: typedTest(question), conversationId, from: fromOf(req) });
}

/** Asked in other words than the customer's, it is no longer theirs. */
function keep(req: Request, res: Response): void {
  const { question, conversationId } = originOf(req, res);
  keepTest(req, res, { id: null, from: fromOf(req), conversationOf: (typed) => (typed === question.trim() ? conversationId : null) });
}

function askAgain(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const bot = botOf(req, res);
  const form = parseForm(req, replayForm);
  if (!form.ok) throw new Problem(422, Object.values(form.errors)[0] ?? 'Choose one of those offered.');
  const version = versionToAsk(workspace, bot, form.values.who);
  if (!version) throw new Problem(409, 'Nothing is live yet. Ask the draft, or publish it first.');
  const begun = replay(workspace, { version, atMost: form.values.questions, userId: user.id });
  if (begun.refused === 'nothing') throw new Problem(409, 'No customer has asked this bot anything yet that could be asked again.');
  goToRound(req, res, bot.id, begun);
}

export function testOriginRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('bot.edit');
  const from = '/w/:workspace/bots/:bot/tests/from/:from/:id';
  router.get(from, edit, offer);
  router.post(from, edit, keep);
  router.post('/w/:workspace/bots/:bot/replays', edit, askAgain);
  return router;
}
