import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, longText, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { nothingHere } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { editChunk } from './edit-chunk.ts';
import { keepEdit } from './keep-edit.ts';
import { openFile } from './open-file.ts';
import { guarded, pageNumber, pathOf, whereOf } from './parts.routes.ts';
import {
  conflictsOf,
  editById,
  pairOfPassage,
  passageById,
  passagesOnPage,
  PASSAGES_A_PAGE,
  type ShownPassage,
} from './passages.queries.ts';
import { sourceOf, type Source } from './source.ts';
import { switchChunk } from './switch-source.ts';
import { atText } from './text-place.ts';
import { undoEdit } from './undo-edit.ts';

const LONGEST = 4000;
/** So many letters tell passages apart to whoever hears the page. */
const BEGINS = 40;
const PDF = 'application/pdf';
const textForm = z.strictObject({
  text: longText('The text', LONGEST).refine((text) => text !== '', {
    error: 'The text is missing. To do without the passage, switch it off.',
  }),
});
const noFields = z.strictObject({});
/** Where a switch was pressed: on a page of the list, narrowed to some words; on the passage's own page; under a question that was tried. */
const switchForm = z.strictObject({
  enabled: z.enum(['yes', 'no']),
  page: z.string().max(6).default(''),
  words: z.string().max(200).default(''),
  q: z.string().max(1000).default(''),
});

/** The passages of a source, one by one: read, switched off, written anew, and where they come from. */
export function passageRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('knowledge.edit');
  const base = '/w/:workspace/knowledge/:source';
  router.get(`${base}/file`, may('knowledge.read'), guarded(original));
  router.get(
    `${base}/passages/:passage`,
    may('knowledge.read'),
    guarded((req, res) => page(req, res)),
  );
  router.post(`${base}/passages/:passage`, edit, guarded(save));
  router.post(`${base}/passages/:passage/switch`, edit, guarded(switchPassage));
  router.post(`${base}/edits/:edit/keep`, edit, guarded(keep));
  router.post(`${base}/edits/:edit/undo`, edit, guarded(undo));
  return router;
}

/** What the list of a source's passages shows: a page of it, narrowed to some words where any are asked for. */
export async function passagesPart(req: Request, res: Response, source: Pick<Source, 'id' | 'language' | 'fileMime'>): Promise<object> {
  const { workspace } = here(res);
  const number = pageNumber(req);
  const words = typeof req.query['words'] === 'string' ? req.query['words'].trim().slice(0, 200) : '';
  // A null byte matches nothing, and ends what the index is asked.
  const match = words === '' ? null : ((await import('./search/match-words.ts')).matchWords(words, source.language) ?? '"\u0001"');
  const { passages, all, more } = passagesOnPage(workspace, source.id, number, match);
  const place = (to: number): string => `?${new URLSearchParams({ page: String(to), ...(words === '' ? {} : { words }) }).toString()}`;
  return {
    narrowed: words,
    passages: passages.map((passage) => ({
      ...passage,
      ...traced(res, source, passage),
      begins: passage.text.slice(0, BEGINS),
      from: number,
      narrowed: words,
    })),
    conflicts: number === 1 && words === '' ? conflictsOf(workspace, source.id) : [],
    all,
    more,
    first: (number - 1) * PASSAGES_A_PAGE + 1,
    last: (number - 1) * PASSAGES_A_PAGE + passages.length,
    filtered: words !== '',
    searchable: words !== '' || all > PASSAGES_A_PAGE / 4,
    before: number > 1 ? place(number - 1) : null,
    after: number * PASSAGES_A_PAGE < all ? place(number + 1) : null,
  };
}

/** Where a passage stands, and what opens it there. */
function traced(
  res: Response,
  { id, fileMime }: Pick<Source, 'id' | 'fileMime'>,
  { path, page, url, pageTitle, text }: ShownPassage,
): object {
  return {
    where: whereOf(path, null),
    filePage: page,
    fileHref: page === null || fileMime !== PDF ? null : `${pathOf(res, id, 'file')}#page=${page}`,
    webHref: url === null ? null : atText(url, text),
    webTitle: pageTitle === null || pageTitle === '' ? 'Open its page' : pageTitle,
  };
}

function page(req: Request, res: Response, more: object = {}): void {
  const { workspace } = here(res);
  const source = sourceOf(workspace, idParam(req, 'source'));
  const passage = passageById(workspace, source.id, idParam(req, 'passage'));
  if (!passage) {
    // An answer of some time ago leads here.
    flash(res, 'That passage isn’t there any more: its source has been read again since.');
    seeOther(req, res, pathOf(res, source.id));
    return;
  }
  const edit = passage.editId === null ? undefined : editById(workspace, passage.editId);
  const pair = source.kind === 'qa' ? pairOfPassage(workspace, source.id, passage.text) : undefined;
  const listPage = Math.ceil(passage.place / PASSAGES_A_PAGE);
  const said = edit ? { ...passage, text: edit.found ?? edit.original } : passage;
  render(res, 'knowledge/passage', {
    source,
    here: pathOf(res, source.id),
    passage,
    edit,
    line: lineOf(passage),
    wanted: edit !== undefined && edit.state !== 'kept',
    ...traced(res, source, said),
    fileName: source.kind === 'file' ? source.fileName : null,
    wholeFile: source.kind === 'file' && source.fileMime !== PDF ? pathOf(res, source.id, 'file') : null,
    placeHref: `${pathOf(res, source.id)}${listPage === 1 ? '' : `?page=${listPage}`}#passage-${passage.id}`,
    pairHref: pair === undefined ? null : pathOf(res, source.id, 'questions', pair),
    typed: { text: passage.text },
    errors: {},
    ...more,
  });
}

function lineOf({ enabled, edited }: ShownPassage): string {
  if (!enabled) return 'It is switched off: nobody is answered from it.';
  if (edited === 'changed') return 'You wrote this anew, and its source says something else by now.';
  if (edited === 'alone') return 'You wrote this anew, and its source says nothing like it any more.';
  return edited === 'kept'
    ? 'You wrote this anew. It stays so when its source is read again.'
    : 'Bots find it and quote it as it stands here.';
}

async function save(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const source = idParam(req, 'source');
  const passage = idParam(req, 'passage');
  const form = parseForm(req, textForm);
  if (!form.ok) {
    page(req, res.status(422), form);
    return;
  }
  await editChunk(workspace, source, passage, { text: form.values.text, by: user.id });
  flash(res, 'Bots answer from your text now. It is kept when the source is read again.');
  seeOther(req, res, pathOf(res, source, 'passages', passage));
}

function switchPassage(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  const passage = idParam(req, 'passage');
  const form = parseForm(req, switchForm);
  if (!form.ok) throw nothingHere();
  const { enabled, page: from, words, q } = form.values;
  switchChunk(here(res).workspace, id, passage, enabled === 'yes');
  flash(res, enabled === 'yes' ? 'The passage is in use again.' : 'The passage is switched off. Nobody is answered from it.');
  const list = new URLSearchParams({
    ...(from === '' || from === '1' ? {} : { page: from }),
    ...(words === '' ? {} : { words }),
  }).toString();
  const back =
    q !== ''
      ? `${pathOf(res, 'try')}?${new URLSearchParams({ q }).toString()}`
      : from === ''
        ? pathOf(res, id, 'passages', passage)
        : `${pathOf(res, id)}${list === '' ? '' : `?${list}`}#passage-${passage}`;
  seeOther(req, res, back);
}

function keep(req: Request, res: Response): void {
  const id = idParam(req, 'source');
  parseForm(req, noFields);
  keepEdit(here(res).workspace, id, idParam(req, 'edit'));
  flash(res, 'Your text stays.');
  seeOther(req, res, pathOf(res, id));
}

async function undo(req: Request, res: Response): Promise<void> {
  const id = idParam(req, 'source');
  parseForm(req, noFields);
  await undoEdit(here(res).workspace, id, idParam(req, 'edit'));
  flash(res, 'The passage says what its source says.');
  seeOther(req, res, pathOf(res, id));
}

/** The file as it was given. A PDF opens at the page that is asked for; anything else a stranger made is only handed out. */
async function original(req: Request, res: Response): Promise<void> {
  const { name, mime, content } = await openFile(here(res).workspace, idParam(req, 'source'));
  const named = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  res.set({
    'Content-Type': mime === PDF ? PDF : 'application/octet-stream',
    'Content-Disposition': `${mime === PDF ? 'inline' : 'attachment'}; filename*=UTF-8''${named}`,
    'Cache-Control': 'no-store',
  });
  res.send(Buffer.from(content));
}
