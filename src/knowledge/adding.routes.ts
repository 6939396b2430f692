import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { firstWordText, pluralText } from '../web/formats.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { line, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { NO_ROOM } from '../web/room.ts';
import { addFile } from './add-file.ts';
import { addQuestions } from './add-questions.ts';
import { addText } from './add-text.ts';
import { addingWebRoutes } from './adding-web.routes.ts';
import { pathOf } from './parts.routes.ts';
import { FILES_AT_ONCE, NoFiles, receiveFiles, TooMany, type Received } from './receive-files.ts';
import { TooLarge } from '../vault/sealed-file.ts';
import { LONGEST } from './source.ts';

const filled = (name: string, atMost: number): z.ZodType<string, string> =>
  longText(name, atMost).refine((text) => text !== '', { error: `${name} is missing.` });

export const textForm = z.strictObject({ title: line('The title', LONGEST.title), text: filled('The text', LONGEST.text) });
export const pairForm = z.strictObject({
  question: filled('The question', LONGEST.question),
  answer: filled('The answer', LONGEST.answer),
});
const questionsForm = z.strictObject({ title: line('The title', LONGEST.title), ...pairForm.shape });

const WAYS = [
  { key: 'files', name: 'Files' },
  { key: 'web', name: 'Website' },
  { key: 'text', name: 'Text' },
  { key: 'questions', name: 'Questions and answers' },
] as const;
type Way = (typeof WAYS)[number]['key'];

/** Adding a source: files, a website, a text, questions with their answers. */
export function addingRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  router.get('/w/:workspace/knowledge/new', edit, (_req, res) => page(res, 'files'));
  for (const { key } of WAYS) router.get(`/w/:workspace/knowledge/new/${key}`, edit, (req, res) => page(res, key, prefilled(req, key)));
  router.post('/w/:workspace/knowledge/new/text', edit, text);
  router.post('/w/:workspace/knowledge/new/questions', edit, questions);
  router.post('/w/:workspace/knowledge/new/files', edit, files);
  router.use(addingWebRoutes((res, data) => page(res, 'web', data)));
  return router;
}

function page(res: Response, way: Way, data: object = {}): void {
  const tabs = WAYS.map(({ key, name }) => ({ href: pathOf(res, 'new', key), name, current: key === way }));
  render(res, 'knowledge/new', {
    base: pathOf(res),
    way,
    tabs,
    typed: way === 'questions' ? { title: 'Questions and answers' } : {},
    errors: {},
    ...data,
  });
}

/** A question that nothing answers comes with the link that leads here. */
function prefilled(req: Request, way: Way): object {
  const { question } = req.query;
  return way === 'questions' && typeof question === 'string' ? { typed: { title: 'Questions and answers', question } } : {};
}

function text(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, textForm);
  if (!form.ok) {
    page(res.status(422), 'text', form);
    return;
  }
  if (!hasRoom(res, 'text', form.values)) return;
  addText(workspace, { ...form.values, by: user.id });
  flash(res, 'It is being read. Bots find it in a moment.');
  seeOther(req, res, pathOf(res));
}

function questions(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, questionsForm);
  if (!form.ok) {
    page(res.status(422), 'questions', form);
    return;
  }
  if (!hasRoom(res, 'questions', form.values)) return;
  const { title, ...pair } = form.values;
  const id = addQuestions(workspace, { title, pairs: [pair], by: user.id });
  flash(res, 'The first pair is there. Add the next one below.');
  seeOther(req, res, pathOf(res, id));
}

/** Where there is no room, the form comes back with what was typed. */
function hasRoom(res: Response, way: 'text' | 'questions', typed: object): boolean {
  const { forImports } = here(res).installation.space;
  if (!forImports) page(res.status(507), way, { typed, errors: { [way === 'text' ? 'text' : 'answer']: NO_ROOM } });
  return forImports;
}

async function files(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const received = await filesOf(req, (name, content) => addFile(workspace, { name: nameOf(name), content, by: user.id }));
  const refused = received.filter(({ error }) => error !== undefined).map(({ name, error }) => refusal(nameOf(name), error));
  const taken = received.length - refused.length;
  if (refused.length > 0 || taken === 0) {
    const says =
      taken === 0
        ? ''
        : `${pluralText(taken, 'other file')} ${taken === 1 ? 'was' : 'were'} added and ${taken === 1 ? 'is' : 'are'} being read.`;
    page(res.status(422), 'files', { refused: refused.length > 0 ? refused : ['Choose at least one file.'], says });
    return;
  }
  flash(res, taken === 1 ? 'The file is being read.' : `${firstWordText(taken)} files are being read.`);
  seeOther(req, res, pathOf(res));
}

/** The files of a posted form. Throws a Problem where the request holds none. */
export async function filesOf(
  req: Request,
  take: (name: string, content: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<Received[]> {
  try {
    return await receiveFiles(req, take);
  } catch (cause) {
    if (cause instanceof NoFiles)
      throw new Problem(400, 'The upload didn’t arrive whole. Check the connection and send it again.', { cause });
    throw cause;
  }
}

/** What is said of a file that wasn't taken. Throws what nobody expects. */
export function refusal(name: string, error: unknown): string {
  if (error instanceof TooLarge) return `“${name}” is larger than 25 MB. Split it, or paste the part that matters as text.`;
  if (error instanceof TooMany) return `Only the first ${FILES_AT_ONCE} files were taken. Upload the others after these.`;
  throw error;
}

/** A file's name as it is shown: one line, nothing unseen in it. */
export function nameOf(name: string): string {
  const read = line('The name', 255).safeParse(name);
  return read.success ? read.data : 'File';
}
