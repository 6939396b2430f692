/** Rounds of a bot's tests: begun, paused, gone on with, looked at while they run, and publishing in spite of them. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, line, parseForm } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere, Problem } from '../../web/problem.ts';
import { seeOther } from '../../web/redirect.ts';
import { fragmentText, render } from '../../web/render.ts';
import { sse } from '../../web/sse.ts';
import type { Workspace } from '../../workspace.ts';
import { botOf } from '../bot-of.routes.ts';
import { publishDraft } from '../publish-draft.ts';
import { A_PAGE, besideOf, resultView, roundHead, roundPage, type ResultView, type RoundAddress } from './round-page.ts';
import { askUnclear, beginTests, endRound, pauseRound, removeRound, resumeRound } from './rounds.ts';
import { goingRound, resultById, resultsOf, roundById, roundsBeside, type Round } from './rounds.queries.ts';
import { versionToAsk } from './tests-page.ts';
import { pathOfTests } from './tests.routes.ts';

/** Pages are told of what has changed no more often than this. */
const TELL_MS = 150;

const begin = z.strictObject({ who: z.enum(['draft', 'live'], { error: 'Choose draft or live.' }) });
const nothing = z.strictObject({});
const anyway = z.strictObject({ note: line('The reason', 500) });

/** -1 is no choice, 0 asks for none. */
const address = z.object({
  beside: z.coerce.number().int().min(0).catch(-1).default(-1),
  only: z.enum(['all', 'failing']).catch('all'),
  page: z.coerce.number().int().min(1).max(1000).catch(1),
});

function addressOf(req: Request): RoundAddress {
  const { beside, only, page } = address.parse(req.query);
  return { beside, page, failing: only === 'failing' };
}

function roundOf(req: Request, res: Response): Round {
  const round = roundById(here(res).workspace, botOf(req, res).id, idParam(req, 'round'));
  if (!round) throw nothingHere();
  return round;
}

export function pathOfRound(res: Response, { botId, id }: Pick<Round, 'botId' | 'id'>): string {
  return `${pathOfTests(res, botId)}/rounds/${id}`;
}

/** Goes to the round that was begun, or to the one that is under way. */
export function goToRound(req: Request, res: Response, botId: number, begun: ReturnType<typeof beginTests>): void {
  if (begun.refused === 'nothing') throw new Problem(409, 'There is nothing to ask yet. Write a test first.');
  const going = begun.roundId ?? goingRound(here(res).workspace, botId)?.id;
  if (begun.refused === 'going') flash(res, 'Another run isn’t done yet. This is it: let it come to its end, or end it.');
  seeOther(req, res, going === undefined ? pathOfTests(res, botId) : pathOfRound(res, { botId, id: going }));
}

function beginOne(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const bot = botOf(req, res);
  const form = parseForm(req, begin);
  const version = versionToAsk(workspace, bot, form.ok ? form.values.who : 'draft');
  if (!version) throw new Problem(409, 'Nothing is live yet. Test the draft, or publish it first.');
  goToRound(req, res, bot.id, beginTests(workspace, { version, cause: 'asked', userId: user.id }));
}

function show(req: Request, res: Response): void {
  const round = roundOf(req, res);
  render(res, 'bots/round', {
    bot: botOf(req, res),
    base: pathOfRound(res, round),
    ...roundPage(here(res).workspace, round, addressOf(req)),
  });
}

/** The page as it changes: how far it is, and the lines that stand on it. */
function live(req: Request, res: Response): void {
  const { workspace } = here(res);
  const round = roundOf(req, res);
  const bot = botOf(req, res);
  const asked = addressOf(req);
  const stream = sse(req, res);
  // The tab of the tests shows how far it is, and no more.
  const progress = req.query['part'] === 'progress';
  const rowsOf = progress || asked.failing ? () => [] : rowsFor(workspace, round, asked);
  // What happened between the page and its stream is told first: any line may have.
  let changed: Set<number> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    const now = roundById(workspace, bot.id, round.id);
    if (!now) {
      stream.close();
      return;
    }
    const rows = rowsOf(changed);
    changed = new Set();
    const data = { ...roundHead(workspace, now), bot, base: pathOfRound(res, now), rows };
    stream.send({ data: fragmentText(res, progress ? 'bots/_round-going' : 'bots/_round-changed', data) });
  };
  const stop = workspace.bus.subscribe('all', (event) => {
    if (event.type !== 'tests' || event.roundId !== round.id) return;
    if (event.resultId !== null) changed?.add(event.resultId);
    timer ??= setTimeout(() => stream.guard(tell), TELL_MS);
  });
  stream.onClose(() => {
    stop();
    clearTimeout(timer);
  });
  tell();
}

/**
 * The lines on the page that have changed; null stands for those that any may have. What they stand beside is looked up once: to
 * count what came of each earlier round takes longer than all the rest, and lines change many times a second.
 */
function rowsFor(workspace: Workspace, round: Round, asked: RoundAddress): (changed: ReadonlySet<number> | null) => ResultView[] {
  const beside = besideOf(workspace, round, round.kind === 'tests' ? roundsBeside(workspace, round) : [], asked.beside);
  const from = (asked.page - 1) * A_PAGE;
  return (changed) => {
    const results = changed
      ? [...changed].flatMap((id) => resultById(workspace, id) ?? []).filter(({ position }) => position > from && position <= from + A_PAGE)
      : resultsOf(workspace, round.id, { failing: false, from, atMost: A_PAGE }).filter(({ state }) => state !== 'waiting');
    return results.map((result) => resultView(workspace, round, result, beside));
  };
}

type Verb = (ws: Workspace, roundId: number) => unknown;

/** A handler of one verb without fields. */
function act(verb: Verb): (req: Request, res: Response) => void {
  return (req, res) => {
    const round = roundOf(req, res);
    parseForm(req, nothing);
    if (verb(here(res).workspace, round.id) === false) flash(res, 'Another run isn’t done yet. Let it come to its end first.');
    seeOther(req, res, pathOfRound(res, round));
  };
}

function remove(req: Request, res: Response): void {
  const round = roundOf(req, res);
  parseForm(req, nothing);
  if (!removeRound(here(res).workspace, round.botId, round.id))
    throw new Problem(409, 'It is under way. End it first, and wait until what is being asked is answered.');
  flash(res, 'The run is removed.');
  seeOther(req, res, pathOfTests(res, round.botId));
}

function publishAnyway(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const bot = botOf(req, res);
  const form = parseForm(req, anyway);
  if (!form.ok) throw new Problem(422, 'Write why it is published all the same. It stands in the record of who did what.');
  const { version, problems } = publishDraft(workspace, { botId: bot.id, userId: user.id, anyway: form.values.note });
  if (problems) throw new Problem(409, Object.values(problems)[0] ?? 'It can’t be published as it is.');
  flash(res, `Version ${version.number} is live, though its tests had not all passed.`);
  seeOther(req, res, pathOfTests(res, bot.id));
}

export function roundRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('bot.edit');
  const tests = '/w/:workspace/bots/:bot/tests';
  router.post(`${tests}/rounds`, edit, beginOne);
  router.post(`${tests}/publish`, edit, publishAnyway);
  router.get(`${tests}/rounds/:round`, edit, show);
  router.get(`${tests}/rounds/:round/live`, edit, live);
  router.post(
    `${tests}/rounds/:round/pause`,
    edit,
    act((ws, id) => pauseRound(ws, id, null)),
  );
  router.post(`${tests}/rounds/:round/resume`, edit, act(resumeRound));
  router.post(`${tests}/rounds/:round/end`, edit, act(endRound));
  router.post(`${tests}/rounds/:round/unclear`, edit, act(askUnclear));
  router.post(`${tests}/rounds/:round/remove`, edit, remove);
  return router;
}
