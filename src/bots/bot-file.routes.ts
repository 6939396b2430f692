import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { TooLarge } from '../vault/sealed-file.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { NoFiles, receiveForm } from '../web/receive-form.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { LARGEST_BOT_FILE, readBotFile } from './bot-file.ts';
import { botOf } from './bot-of.routes.ts';
import { versionNumbered, type BotVersion } from './bot-versions.ts';
import { createBot } from './create-bot.ts';
import { exportBot } from './export-bot.ts';
import { planImport } from './import-bot.ts';
import { addTests } from './tests/answer-tests.ts';

/** A form makes two signs of each end of a line. */
const keepForm = z.strictObject({ content: z.string().max(2 * LARGEST_BOT_FILE) });
const LIMITS = { fileBytes: LARGEST_BOT_FILE, files: 1, fieldBytes: 1000 };

function sendFile(res: Response, version: BotVersion): void {
  const name = `${version.settings.name}${version.number === 0 ? '' : ` version ${version.number}`}.deskbell.json`;
  res.attachment(name).type('application/json').setHeader('Cache-Control', 'no-store');
  res.send(`${JSON.stringify(exportBot(here(res).workspace, version), null, 2)}\n`);
}

function refuse(res: Response, error: string): void {
  res.status(422);
  render(res, 'bots/import', { error });
}

/** The text of the uploaded file; undefined when the page has said what is wrong with it. */
async function receive(req: Request, res: Response): Promise<string | undefined> {
  const contents: string[] = [];
  let files;
  try {
    ({ files } = await receiveForm(req, LIMITS, async (_name, content) => contents.push(await text(Readable.from(content)))));
  } catch (cause) {
    if (!(cause instanceof NoFiles)) throw cause;
    throw new Problem(400, 'The upload didn’t arrive whole. Check the connection and send it again.', { cause });
  }
  const failed = files.find(({ error }) => error !== undefined)?.error;
  if (failed instanceof Error && !(failed instanceof TooLarge)) throw failed;
  const [content] = contents;
  if (failed !== undefined) refuse(res, 'This file is larger than 1 MB. No bot needs as much: choose the file that was downloaded.');
  else if (content === undefined) refuse(res, 'Choose a file first.');
  else return content;
  return undefined;
}

/** Shows what a file would become here. Nothing is kept yet: the page sends the content back when its owner agrees. */
async function preview(req: Request, res: Response): Promise<void> {
  const content = await receive(req, res);
  if (content === undefined) return;
  const read = readBotFile(content);
  if (!read.ok) {
    refuse(res, read.says);
    return;
  }
  const plan = planImport(here(res).workspace, read.file);
  render(res, 'bots/import-preview', {
    content,
    ...plan,
    known: read.file.knowledge.length - plan.unknown.length,
    tests: read.file.tests.length,
  });
}

function keep(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, keepForm);
  const read = form.ok ? readBotFile(form.values.content) : undefined;
  if (!read?.ok) {
    refuse(res, read?.says ?? 'The file didn’t arrive whole. Choose it again.');
    return;
  }
  const { settings } = planImport(workspace, read.file);
  const { tests } = read.file;
  const botId = workspace.durable(() => {
    const made = createBot(workspace, { settings, userId: user.id });
    addTests(workspace, { botId: made.botId, tests, userId: user.id });
    return made.botId;
  });
  flash(res, `${settings.name} is here, as a draft. Try it, then publish it.`);
  seeOther(req, res, `/w/${workspace.id}/bots/${botId}`);
}

/** A bot as a file, out and in. */
export function botFileRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/bots/import', may('bot.edit'), (_req, res) => render(res, 'bots/import', {}));
  router.post('/w/:workspace/bots/import', may('bot.edit'), preview);
  router.post('/w/:workspace/bots/import/keep', may('bot.edit'), keep);

  router.get('/w/:workspace/bots/:bot/file', may('bot.edit'), (req, res) => sendFile(res, botOf(req, res).draft));
  router.get('/w/:workspace/bots/:bot/versions/:number/file', may('bot.edit'), (req, res) => {
    const version = versionNumbered(here(res).workspace, botOf(req, res).id, idParam(req, 'number'));
    if (!version) throw new Problem(404, 'There is no such version of this bot.');
    sendFile(res, version);
  });

  return router;
}
