/** The bot's suggested answer, into the composer. It lies here since runs do. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { keepDraft } from '../conversations/index.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, longText } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { orNothingHere } from './asked.routes.ts';
import { costWords } from './cost-words.ts';
import { suggestAnswer } from './suggest-answer.ts';
import type { TriedRun, Trying } from './try-bot.ts';

/** The composer's own form, whose other fields are for sending. */
const composer = z.object({ text: longText('The message', 20_000).catch('') });

export function suggestionRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.post('/w/:workspace/conversations/:id/suggestion', may('conversation.answer'), async (req, res) => {
    const left = new AbortController();
    res.once('close', () => left.abort());
    const suggesting = orNothingHere(() => suggestAnswer(here(res).workspace, idParam(req, 'id'), left.signal));
    await (req.get('Accept') === 'application/x-ndjson' ? stream(req, res, suggesting, left.signal) : put(req, res, suggesting));
  });
  return router;
}

/** A line of JSON for each piece, `{text}`; the last is `{says, run}`. */
async function stream(req: Request, res: Response, suggesting: AsyncGenerator<Trying> | string, left: AbortSignal): Promise<void> {
  res.type('application/x-ndjson').setHeader('Cache-Control', 'no-store');
  const line = (told: object): void => void res.write(`${JSON.stringify(told)}\n`);
  try {
    if (typeof suggesting === 'string') line({ says: suggesting });
    else
      for await (const event of suggesting)
        line(event.type === 'delta' ? { text: event.text } : { says: event.says ?? costOf(event.run), run: hrefOf(req, res, event.run) });
  } catch (error) {
    // Whoever asked has left the page: the provider was stopped, and the run says so.
    if (!left.aborted) throw error;
  }
  res.end();
}

/** Without a script: behind what was written, as the member's draft. */
async function put(req: Request, res: Response, suggesting: AsyncGenerator<Trying> | string): Promise<void> {
  const { workspace, user } = here(res);
  const conversationId = idParam(req, 'id');
  let suggested = '';
  let says = typeof suggesting === 'string' ? suggesting : '';
  if (typeof suggesting !== 'string')
    for await (const event of suggesting) {
      if (event.type === 'delta') suggested += event.text;
      else says = event.says ?? costOf(event.run);
    }
  const { text } = composer.parse(req.body ?? {});
  const both = [text, suggested.trim()].filter(Boolean).join('\n');
  keepDraft(workspace, { conversationId, userId: user.id, text: both });
  flash(res, says);
  seeOther(req, res, pageOf(req, `/w/${workspace.id}/conversations/${conversationId}`));
}

function costOf(run: TriedRun | null): string {
  return `Suggested by the bot: read it before you send it.${run ? costWords({ micros: run.costMicros, currency: run.currency }) : ''}`;
}

function hrefOf(req: Request, res: Response, run: TriedRun | null): string | null {
  return run && `/w/${here(res).workspace.id}/conversations/${idParam(req, 'id')}/runs/${run.id}`;
}
