import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { pluralText } from '../web/formats.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, line, parseForm, type Parsed } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { replaceFile } from './add-file.ts';
import { addQuestion } from './add-questions.ts';
import { filesOf, nameOf, pairForm, refusal, textForm } from './adding.routes.ts';
import { editQuestion, removeQuestion } from './edit-question.ts';
import { editText } from './edit-text.ts';
import { listedSourceOf, questionsOf, type ListedSource } from './knowledge.queries.ts';
import { guarded, pathOf } from './parts.routes.ts';
import { passageRoutes, passagesPart } from './passages.routes.ts';
import { renameSource } from './rename-source.ts';
import { LONGEST, sourceOf } from './source.ts';
import { webPart, webRoutes } from './web.routes.ts';

const titleForm = z.strictObject({ title: line('The title', LONGEST.title) });

/** One source: its passages, its pairs, its file, its web pages. */
export function sourceRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  const base = '/w/:workspace/knowledge/:source';
  router.get(
    base,
    may('knowledge.read'),
    guarded((req, res) => page(req, res)),
  );
  router.get(
    `${base}/edit`,
    edit,
    guarded((req, res) => editor(res, idParam(req, 'source'))),
  );
  router.post(`${base}/edit`, edit, guarded(saveEdit));
  router.post(`${base}/file`, edit, guarded(newFile));
  router.post(`${base}/questions`, edit, guarded(newQuestion));
  router.get(
    `${base}/questions/:question`,
    edit,
    guarded((req, res) => pairEditor(req, res)),
  );
  router.post(`${base}/questions/:question`, edit, guarded(saveQuestion));
  router.post(`${base}/questions/:question/remove`, edit, guarded(dropQuestion));
  router.use(passageRoutes());
  router.use(webRoutes(page));
  return router;
}

function shownSource(res: Response, id: number): ListedSource {
  const source = listedSourceOf(here(res).workspace, id);
  if (!source) throw nothingHere();
  return source;
}

function lineOfSource({ state, enabled, passages, says }: ListedSource): { line: string; wanted: boolean } {
  if (state === 'failed') return { line: says ?? 'This couldn’t be read.', wanted: true };
  if (state !== 'ready')
    return {
      line: passages > 0 ? 'It is being read again. What was read before is in use meanwhile.' : 'It is being read.',
      wanted: false,
    };
  if (!enabled) return { line: 'It is switched off: no bot looks things up in it.', wanted: false };
  const leftOut = says === null ? '' : ` ${says}`;
  return { line: `Bots can look things up in its ${pluralText(passages, 'passage')}.${leftOut}`, wanted: false };
}

async function page(req: Request, res: Response, more: object = {}): Promise<void> {
  const { workspace } = here(res);
  const source = shownSource(res, idParam(req, 'source'));
  const whole = sourceOf(workspace, source.id);
  render(res, 'knowledge/source', {
    source,
    ...lineOfSource(source),
    base: pathOf(res),
    here: pathOf(res, source.id),
    ...(await passagesPart(req, res, whole)),
    pairs: source.kind === 'qa' ? questionsOf(workspace, source.id) : null,
    web: webPart(req, res, whole),
    lost: lostWith(source),
    // A question that nothing answers comes with the link that leads here.
    typed: typeof req.query['question'] === 'string' ? { question: req.query['question'] } : {},
    errors: {},
    ...more,
  });
}

/** What the dialog says is lost. */
function lostWith({ kind, passages, about }: ListedSource): string {
  const lost = { text: 'The text', qa: `All ${about}`, file: 'The file', page: 'The page', site: `All ${about}`, feed: `All ${about}` }[
    kind
  ];
  const read = passages === 0 ? '' : ` and the ${pluralText(passages, 'passage')} read from it`;
  return `${lost}${read} are deleted for good. Answers already given stay as they are.`;
}

function editor(res: Response, id: number, more: object = {}): void {
  const { kind, title, text } = sourceOf(here(res).workspace, id);
  render(res, 'knowledge/edit', { id, kind, title, base: pathOf(res), here: pathOf(res, id), typed: { title, text }, errors: {}, ...more });
}

function saveEdit(req: Request, res: Response): void {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  if (sourceOf(workspace, id).kind === 'text') {
    saved(res, id, parseForm(req, textForm), (values) => editText(workspace, id, values));
  } else {
    saved(res, id, parseForm(req, titleForm), ({ title }) => renameSource(workspace, id, title));
  }
  if (res.statusCode === 422) return;
  flash(res, sourceOf(workspace, id).rules === null ? 'It is saved and being read again.' : 'It is saved.');
  seeOther(req, res, pathOf(res, id));
}

function saved<T>(res: Response, id: number, form: Parsed<T>, save: (values: T) => void): void {
  if (form.ok) save(form.values);
  else editor(res.status(422), id, form);
}

async function newFile(req: Request, res: Response): Promise<void> {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  sourceOf(workspace, id);
  let first = true;
  const received = await filesOf(req, async (name, content) => {
    if (first) await replaceFile(workspace, id, { name: nameOf(name), content });
    first = false;
  });
  const [one] = received;
  if (!one || one.error !== undefined) {
    await page(req, res.status(422), { errors: { file: one ? refusal(nameOf(one.name), one.error) : 'Choose a file.' } });
    return;
  }
  flash(res, 'The new file is being read.');
  seeOther(req, res, pathOf(res, id));
}

async function newQuestion(req: Request, res: Response): Promise<void> {
  const id = idParam(req, 'source');
  const form = parseForm(req, pairForm);
  if (!form.ok) {
    await page(req, res.status(422), form);
    return;
  }
  addQuestion(here(res).workspace, id, form.values);
  flash(res, 'The pair is added.');
  seeOther(req, res, `${pathOf(res, id)}#add`);
}

function pairEditor(req: Request, res: Response, more: object = {}): void {
  const id = idParam(req, 'source');
  const { title } = shownSource(res, id);
  const pair = questionsOf(here(res).workspace, id).find((each) => each.id === idParam(req, 'question'));
  if (!pair) throw nothingHere();
  render(res, 'knowledge/pair', { title, base: pathOf(res), here: pathOf(res, id), pair, typed: pair, errors: {}, ...more });
}

function saveQuestion(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  const form = parseForm(req, pairForm);
  if (!form.ok) {
    pairEditor(req, res.status(422), form);
    return;
  }
  editQuestion(here(res).workspace, id, idParam(req, 'question'), form.values);
  flash(res, 'The pair is saved.');
  seeOther(req, res, pathOf(res, id));
}

function dropQuestion(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  parseForm(req, z.strictObject({}));
  removeQuestion(here(res).workspace, id, idParam(req, 'question'));
  flash(res, 'The pair is removed.');
  seeOther(req, res, pathOf(res, id));
}
