/** What handlers share that ask a model for a member. */
import type { Request, Response } from 'express';
import { NoConversation } from '../conversations/index.ts';
import { ProviderError } from '../providers/index.ts';
import { flash } from '../web/flash.ts';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { fragment } from '../web/render.ts';
import { wantsFragment } from '../web/wants.ts';

const LONGEST_MS = 60_000;

/** Asks for as long as whoever asked stays on the page, a minute at most. Undefined when they have left. */
export async function asked<T>(res: Response, ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const end = new AbortController();
  const late = new ProviderError('silent', 'The model took longer than a minute. Try again.');
  const timer = setTimeout(() => end.abort(late), LONGEST_MS);
  let left = false;
  res.once('close', () => {
    left = true;
    end.abort();
  });
  try {
    return await ask(end.signal);
  } catch (error) {
    if (left) return undefined;
    if (error instanceof NoConversation) throw nothingHere();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A verb's result; 404 where the conversation isn't here. */
export function orNothingHere<T>(verb: () => T): T {
  try {
    return verb();
  } catch (error) {
    if (error instanceof NoConversation) throw nothingHere();
    throw error;
  }
}

/** The page's own stream shows what came of it; `says` is why nothing did. Without a script the page is shown again. */
export function answerAside(req: Request, res: Response, says: string | null): void {
  if (wantsFragment(req)) {
    if (says === null) res.status(204).end();
    else fragment(res, 'inbox/_toast', { says });
    return;
  }
  if (says !== null) flash(res, says);
  seeOther(req, res, pageOf(req, `/w/${here(res).workspace.id}/conversations/${idParam(req, 'id')}`));
}
