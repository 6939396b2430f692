import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { REACTIONS } from '../channels/index.ts';
import { nothingHere, Problem } from '../web/errors.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { answerAct } from './acts.routes.ts';
import { NoConversation } from './conversation.ts';
import { reactTo } from './react.ts';

/** '' takes it back. */
const reacting = z.strictObject({ emoji: z.enum(['', ...REACTIONS]) });

export function reactRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.post('/w/:workspace/conversations/:id/messages/:message/reaction', may('conversation.answer'), react);
  return router;
}

async function react(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const { revision } = workspace;
  const read = parseForm(req, reacting);
  if (!read.ok) throw new Problem(422, 'Choose one of the reactions.');
  const emoji = read.values.emoji === '' ? null : read.values.emoji;
  const says = await reactTo(workspace, { conversationId: idParam(req, 'id'), messageId: idParam(req, 'message'), emoji }).catch(
    (error: unknown) => {
      if (error instanceof NoConversation) throw nothingHere();
      throw error;
    },
  );
  answerAct(req, res, revision, says === null ? {} : { toast: { says } });
}
