import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  draftOf,
  nameOfVersion,
  publishedOf,
  runIds,
  trialOf,
  turnsBefore,
  whos,
  type BotVersion,
  type Side,
  type TrialAnswer,
} from '../bots/index.ts';
import { markdownToHtml } from '../lib/markdown.ts';
import { closeMarks } from '../lib/unfinished-markdown.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { fragmentText } from '../web/render.ts';
import { sse, type Stream } from '../web/sse.ts';
import { wantsFragment } from '../web/wants.ts';
import { tryBot } from './try-bot.ts';

/** A page that is drawn more often than this shows nothing that an eye could follow. */
const DRAW_EVERY_MS = 50;

const trialForm = z.strictObject({
  question: longText('The question', 4000).refine((text) => text !== '', { error: 'There is nothing to ask yet. Write a question.' }),
  who: z.enum(whos).default('draft'),
  runs: z.string().max(1000).default(''),
  /** Where the playground stands, and where a page without JavaScript returns to. */
  place: z.enum(['voice', 'model', 'handoff', 'tools', 'masking', 'details', 'tests', 'compare', 'setup']),
});

interface AskedSide {
  side: Side;
  version: BotVersion;
  turns: { role: 'user' | 'assistant'; text: string }[];
}

interface Asked extends z.output<typeof trialForm> {
  botId: number;
  sides: AskedSide[];
  /** Runs of this trial so far; each answer adds its own. */
  earlier: number[];
}

function readQuestion(req: Request, res: Response): Asked {
  const { workspace } = here(res);
  const botId = idParam(req, 'bot');
  const form = parseForm(req, trialForm);
  if (!form.ok) throw new Problem(422, Object.values(form.errors)[0] ?? 'Write a question.');
  const earlier = runIds(form.values.runs);
  const trial = trialOf(workspace, botId, earlier);
  const wanted: Side[] = form.values.who === 'both' ? ['draft', 'live'] : [form.values.who];
  const sides = wanted.map((side) => {
    const version = side === 'draft' ? draftOf(workspace, botId) : publishedOf(workspace, botId);
    if (!version)
      throw side === 'draft'
        ? new Problem(404, 'There is no such bot here.')
        : new Problem(409, 'Nothing is live yet. Ask the draft, or publish it first.');
    return { side, version, turns: [...turnsBefore(trial, side), { role: 'user' as const, text: form.values.question }] };
  });
  return { ...form.values, botId, sides, earlier };
}

/** Stops the provider when whoever asked has left. */
function untilClosed(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
}

/** One side's answer, drawn as it grows. Resolves to its run; undefined when it could not even be asked. */
async function streamSide(
  res: Response,
  stream: Stream,
  asked: Asked,
  { side, version, turns }: AskedSide,
  signal: AbortSignal,
): Promise<TrialAnswer | undefined> {
  const { workspace } = here(res);
  const id = idOf(asked, side);
  const named = asked.sides.length > 1;
  let text = '';
  let drawing: NodeJS.Timeout | undefined;
  const draw = (): void => {
    drawing = undefined;
    stream.send({ data: fragmentText(res, 'bots/_playground-delta', { id, html: markdownToHtml(closeMarks(text)) }) });
  };
  for await (const event of tryBot(workspace, { versionId: version.id, turns, signal })) {
    if (event.type === 'delta') {
      drawing ??= setTimeout(draw, text === '' ? 0 : DRAW_EVERY_MS);
      text += event.text;
      continue;
    }
    clearTimeout(drawing);
    const answer = event.run ? trialOf(workspace, asked.botId, [event.run.id])[0]?.answers[0] : undefined;
    const view = answer ? 'bots/_playground-done' : 'bots/_playground-failed';
    stream.send({ data: fragmentText(res, view, { id, named, answer, says: event.says, version: nameOfVersion(version.number) }) });
    return answer;
  }
  return undefined;
}

function idOf(asked: Asked, side: Side): string {
  return `trial-${asked.earlier.length}-${side}`;
}

/** Undefined when whoever asked has left, and the provider was stopped: that is no failure. */
async function streamSides(res: Response, stream: Stream, asked: Asked): Promise<TrialAnswer[] | undefined> {
  const signal = untilClosed(res);
  try {
    const answers = await Promise.all(asked.sides.map((side) => streamSide(res, stream, asked, side, signal)));
    return answers.filter((answer) => answer !== undefined);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function streamTrial(req: Request, res: Response, asked: Asked): Promise<void> {
  const stream = sse(req, res);
  const named = asked.sides.length > 1;
  const sides = asked.sides.map(({ side, version }) => ({ id: idOf(asked, side), version: nameOfVersion(version.number) }));
  stream.send({ data: fragmentText(res, 'bots/_playground-asked', { question: asked.question, sides, named }) });
  // bot.js empties the field by it.
  stream.send({ event: 'asked', data: '' });
  const answers = await streamSides(res, stream, asked);
  if (!answers) return;
  const runs = [...asked.earlier, ...answers.map((answer) => answer.run)].join(',');
  stream.send({ data: fragmentText(res, 'bots/_playground-ended', { runs, answers, named, how: asked.place !== 'setup' }) });
  stream.close();
}

/** Without JavaScript the page waits for the whole answer. */
async function answerTrial(req: Request, res: Response, asked: Asked): Promise<void> {
  const { workspace } = here(res);
  const signal = untilClosed(res);
  const ended = await Promise.all(
    asked.sides.map(async ({ version, turns }) => {
      for await (const event of tryBot(workspace, { versionId: version.id, turns, signal })) if (event.type === 'done') return event;
      return undefined;
    }),
  );
  const unasked = ended.find((end) => end?.run === null);
  if (unasked?.says) throw new Problem(409, unasked.says);
  const runs = [...asked.earlier, ...ended.flatMap((end) => (end?.run ? [end.run.id] : []))].join(',');
  const page = asked.place === 'setup' ? 'setup' : `bots/${asked.botId}${asked.place === 'voice' ? '' : `/${asked.place}`}`;
  seeOther(req, res, `/w/${workspace.id}/${page}?who=${asked.who}&runs=${runs}#pg`);
}

/** The playground: asks a bot outside any conversation, as the bot's editor and the set-up do. */
export function playgroundRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.post('/w/:workspace/bots/:bot/trials', may('bot.edit'), async (req, res) => {
    const asked = readQuestion(req, res);
    await (wantsFragment(req) ? streamTrial(req, res, asked) : answerTrial(req, res, asked));
  });

  return router;
}
