import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { may } from '../web/guard.ts';
import { line } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { render } from '../web/render.ts';
import { pathOf, whereOf } from './parts.routes.ts';
import { newestQuestions } from './passages.queries.ts';
import type { Passage, Why } from './search/passage.ts';
import { FITS, fits } from './search/fits.ts';
import { search } from './search/search.ts';
import { atText } from './text-place.ts';

const SEARCHED = 8;
/** What misses is shown as far as it comes near, and so many that say anything of it: to see what a word more would change. */
const SHOWN = 3;
const NEAR = FITS / 2;
const LEAST = 0.02;
const tryForm = z.object({ q: line('The question', 1000) });
const FIRST_LINE = 'See what a bot would read before it answers, and why.';

/** The search, tried: what a question finds, score by score. */
export function tryRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/knowledge/try', may('knowledge.read'), tryQuestion);
  return router;
}

async function tryQuestion(req: Request, res: Response): Promise<void> {
  const { workspace, installation } = here(res);
  const asked = req.query['q'];
  const form = tryForm.safeParse({ q: asked });
  if (!form.success) {
    if (asked !== undefined) res.status(422);
    const error = asked === undefined ? undefined : form.error.issues[0]?.message;
    render(res, 'knowledge/try', { base: pathOf(res), q: asked, error, line: FIRST_LINE });
    return;
  }
  const { q } = form.data;
  const began = installation.clock.steady();
  const found = await search(workspace, { query: q, limit: SEARCHED });
  const ms = installation.clock.steady() - began;
  const passages = found.filter(({ score }, place) => score >= (place < SHOWN ? LEAST : NEAR));
  const fitting = passages.filter(fits).length;
  render(res, 'knowledge/try', {
    base: pathOf(res),
    q,
    ms,
    fitting,
    line: fitting > 0 ? 'This is what a bot would read, the best first.' : 'Nothing here answers that.',
    pairHref: pairHref(res, q),
    ...(await explained(passages, q)),
  });
}

/** Each passage with its scores and its marked words, and what the scores are made of. */
async function explained(passages: readonly Passage[], q: string): Promise<object> {
  // Both know the stemmers, which are no part of a start.
  const { markWords } = await import('./search/mark-words.ts');
  const { WEIGHTS } = await import('./search/score.ts');
  const { WEIGHT: subject } = await import('./search/same-subject.ts');
  return {
    passages: passages.map((passage) => ({
      ...passage,
      ...scoresOf(passage),
      where: whereOf(passage.path, passage.page),
      webHref: passage.url === null ? null : atText(passage.url, passage.text),
      pieces: markWords(passage.text, passage.language, passage.why?.matched ?? []),
      fits: fits(passage),
      q,
    })),
    byMeaning: passages.some(({ why }) => why && why.vector !== null),
    needed: (passages[0]?.needed ?? FITS).toFixed(2),
    weights: { ...WEIGHTS, subject },
    bySubject: passages.some(({ why }) => why && why.subject !== null),
    weightsSum: WEIGHTS.words + WEIGHTS.near + WEIGHTS.letters,
  };
}

interface Bar {
  name: string;
  /** 0 to 100. */
  percent: number;
  shown: string;
}

/** What the score is made of, as bars. Words may count more than once over when a passage repeats them: their bar ends at its end. */
function scoresOf({ score, why }: Passage): { percent: number; shown: string; bars: Bar[] } {
  const bar = (name: string, value: number): Bar => ({ name, percent: Math.min(100, Math.round(value * 100)), shown: value.toFixed(2) });
  const bars = (of: Why): Bar[] => [
    bar('Words', of.words),
    bar('Close together', of.near),
    bar('Letters', of.letters),
    ...(of.vector === null ? [] : [bar('Meaning', of.vector)]),
    ...(of.subject === null ? [] : [bar('Same subject', of.subject)]),
  ];
  return { percent: Math.round(score * 100), shown: score.toFixed(2), bars: why ? bars(why) : [] };
}

/** Where the question gets an answer of its own: beside the pairs there are, or as the first of new ones. */
function pairHref(res: Response, question: string): string {
  const asked = new URLSearchParams({ question }).toString();
  const source = newestQuestions(here(res).workspace);
  return source === undefined ? `${pathOf(res, 'new', 'questions')}?${asked}` : `${pathOf(res, source)}?${asked}#add`;
}
