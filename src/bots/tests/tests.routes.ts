/** A bot's tests: written, changed, taken in from a file, and when they are asked by themselves. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { CSV_TYPE } from '../../lib/csv.ts';
import { firstWordText, wordText } from '../../web/formats.ts';
import { flash } from '../../web/flash.ts';
import { may } from '../../web/guard.ts';
import { idParam, parseForm, ticked } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { nothingHere } from '../../web/problem.ts';
import { receiveSmall } from '../../web/receive-form.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { botOf } from '../bot-of.routes.ts';
import { runIds, trialOf, whos } from '../trials.queries.ts';
import { addTests, removeTest, saveTest, testById, testsOf } from './answer-tests.ts';
import { setPlan } from './plan.ts';
import { sourceTitles } from './source-titles.ts';
import { testForm, typedTest, type TypedTest } from './test-form.ts';
import { readTestsCsv, testsCsv, type ReadTests } from './tests-csv.ts';
import { testsPage } from './tests-page.ts';

const FILE_BYTES = 2 * 1024 * 1024;
const REFUSALS = {
  none: 'Choose a CSV file.',
  'too-large': 'The file is larger than 2 MB. A bot has 1,000 tests at most: take some out.',
};
/** Skipped rows that are listed. */
const SKIPPED = 50;

const planForm = z.strictObject({ blocks: ticked(), every: z.enum(['never', 'day', 'week'], { error: 'Choose one of those offered.' }) });
const pageNumber = z.coerce.number().int().min(1).max(1000).catch(1);

export function pathOfTests(res: Response, botId: number): string {
  return `/w/${here(res).workspace.id}/bots/${botId}/tests`;
}

const BY = [
  { value: 'bot', label: 'The bot' },
  { value: 'person', label: 'A person: it refuses or hands over' },
];

interface FileTrouble {
  error: string;
  skipped: ReadTests['skipped'];
  more: number;
}

export function showTests(req: Request, res: Response, more: { file?: FileTrouble } = {}): void {
  const { workspace } = here(res);
  const bot = botOf(req, res);
  const trial = trialOf(workspace, bot.id, runIds(req.query['runs']));
  const who = whos.find((each) => each === req.query['who']) ?? 'draft';
  const data = testsPage(workspace, bot, pageNumber.parse(req.query['page']));
  const playground = { part: 'tests', who, trial, last: trial.at(-1), runs: runIds(req.query['runs']).join(',') };
  render(res, 'bots/tests', { bot, ...data, ...playground, ...more });
}

interface ShownTest {
  id: number | null;
  typed: TypedTest;
  errors?: Record<string, string>;
  /** Where a customer asked it: it goes with their conversation. */
  conversationId?: number | null;
  /** What it is taken from, as its address names it: "run/12". */
  from?: string | null;
}

/** The form of one test. */
export function showTest(req: Request, res: Response, { id, typed, errors = {}, conversationId = null, from = null }: ShownTest): void {
  const bot = botOf(req, res);
  const { cites = '' } = typed;
  const titles = sourceTitles(here(res).workspace, typeof cites === 'string' ? cites : '');
  render(res, 'bots/test', { bot, id, from, form: typed, errors, conversationId, titles, byChoices: BY });
}

function change(req: Request, res: Response): void {
  const test = testById(here(res).workspace, botOf(req, res).id, idParam(req, 'test'));
  if (!test) throw nothingHere();
  showTest(req, res, { id: test.id, typed: typedTest(test.question, test.wants), conversationId: test.conversationId });
}

interface Keeping {
  /** Null makes a new one. */
  id: number | null;
  from?: string;
  /** Whose words the question is, as it was typed. */
  conversationOf?(question: string): number | null;
}

/** Keeps a test, new or changed. */
export function keepTest(req: Request, res: Response, { id, from, conversationOf }: Keeping): void {
  const { workspace, user } = here(res);
  const { id: botId } = botOf(req, res);
  const form = parseForm(req, testForm);
  const again = { id, ...(from === undefined ? {} : { from }), typed: { ...(req.body as Record<string, unknown>) } };
  if (!form.ok) {
    showTest(req, res.status(422), { ...again, errors: form.errors });
    return;
  }
  const conversationId = conversationOf?.(form.values.question) ?? null;
  const saved = saveTest(workspace, { ...form.values, botId, id, userId: user.id, conversationId });
  if (saved === 'not-there') throw nothingHere();
  if (saved === 'full') {
    showTest(req, res.status(422), { ...again, errors: { question: '1,000 tests are the most that a bot has. Remove one first.' } });
    return;
  }
  flash(res, id === null ? 'It is a test now.' : 'The test is changed.');
  seeOther(req, res, pathOfTests(res, botId));
}

function remove(req: Request, res: Response): void {
  const { id: botId } = botOf(req, res);
  parseForm(req, z.strictObject({}));
  if (!removeTest(here(res).workspace, botId, idParam(req, 'test'))) throw nothingHere();
  flash(res, 'The test is removed.');
  seeOther(req, res, pathOfTests(res, botId));
}

function keepPlan(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { id: botId } = botOf(req, res);
  const form = parseForm(req, planForm);
  if (!form.ok) {
    showTests(req, res.status(422));
    return;
  }
  setPlan(workspace, botId, form.values, user.id);
  flash(res, form.values.blocks ? 'Publishing waits until all tests have passed.' : 'Saved.');
  seeOther(req, res, pathOfTests(res, botId));
}

async function takeFile(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const { id: botId } = botOf(req, res);
  const file = await receiveSmall(req, FILE_BYTES);
  const read = typeof file === 'string' ? { refused: REFUSALS[file] } : readTestsCsv(file);
  if ('refused' in read) {
    showTests(req, res.status(422), { file: { error: read.refused, skipped: [], more: 0 } });
    return;
  }
  const { added, over } = workspace.durable(() => addTests(workspace, { botId, tests: read.tests, userId: user.id }));
  const says = `${firstWordText(added)} ${added === 1 ? 'test' : 'tests'} came in.`;
  if (read.skipped.length === 0 && over === 0) {
    flash(res, added === 0 ? 'Nothing new was in the file.' : says);
    seeOther(req, res, pathOfTests(res, botId));
    return;
  }
  const error = over > 0 ? `${says} 1,000 tests are the most: ${wordText(over)} had no room.` : `${says} Some rows were not taken.`;
  const skipped = read.skipped.slice(0, SKIPPED);
  showTests(req, res.status(422), { file: { error, skipped, more: read.skipped.length - skipped.length } });
}

function sendFile(req: Request, res: Response): void {
  const bot = botOf(req, res);
  res.attachment(`${bot.draft.settings.name} tests.csv`).setHeader('Cache-Control', 'no-store');
  res.type(CSV_TYPE).send([...testsCsv(testsOf(here(res).workspace, bot.id))].join(''));
}

export function testRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('bot.edit');
  const tests = '/w/:workspace/bots/:bot/tests';
  router.get(tests, edit, (req, res) => showTests(req, res));
  router.get(`${tests}/new`, edit, (req, res) => showTest(req, res, { id: null, typed: typedTest('') }));
  router.post(tests, edit, (req, res) => keepTest(req, res, { id: null }));
  router.post(`${tests}/plan`, edit, keepPlan);
  router.get(`${tests}/file`, edit, sendFile);
  router.post(`${tests}/import`, edit, takeFile);
  router.get(`${tests}/:test`, edit, change);
  router.post(`${tests}/:test`, edit, (req, res) => keepTest(req, res, { id: idParam(req, 'test') }));
  router.post(`${tests}/:test/remove`, edit, remove);
  return router;
}
