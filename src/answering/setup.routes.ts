import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  answerFields,
  answersIn,
  applyTemplate,
  keptText,
  keyForm,
  modelChanges,
  modelChoices,
  modelForm,
  providerChoices,
  publishDraft,
  questionFields,
  readsTemplates,
  runIds,
  saveDraft,
  settingsOf,
  suggestModel,
  templateById,
  templates,
  trialOf,
} from '../bots/index.ts';
import { addChannel } from '../channels/index.ts';
import { addFile, addQuestions, addText, NoFiles, receiveFiles, TooLarge, TooMany } from '../knowledge/index.ts';
import { addKey, presets } from '../providers/index.ts';
import { pluralText } from '../web/formats.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { line, longText, optionalLine, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { fragment, render } from '../web/render.ts';
import { steppedUp } from '../web/sessions.ts';
import { knowledgeOf, openStep, setUpOf, type Step } from './setup.queries.ts';

const LONGEST_TEXT = 100_000;

const EXAMPLE =
  'We are open from Tuesday to Sunday, nine to five.\nYou find us at Sonnenallee 12.\nTables for more than eight: please call the day before.\n…';

/** `quote`: no AI for now. The rest is the form of any key. */
const setupKeyForm = keyForm.extend({
  provider: z.enum(['openai', 'anthropic', 'compatible', 'quote'], { error: 'Choose whose key it is, or no AI for now.' }),
});
const textForm = z.strictObject({
  text: longText('The text', LONGEST_TEXT).refine((text) => text !== '', {
    error: 'Write something it should know: when you are open, where you are.',
  }),
});
const questionForm = z.strictObject({
  question: line('The question', 1000),
  answer: longText('The answer', 10_000).refine((text) => text !== '', { error: 'The answer is missing.' }),
});
const templateForm = z.strictObject(answerFields);
const fileName = line('The name', 255).catch('File');
const hows = ['text', 'questions', 'file', 'template'] as const;
const websiteForm = z.strictObject({ website: optionalLine('The address', 500).transform((text) => text ?? '') });

interface Typed {
  typed?: object;
  errors?: Record<string, string>;
}

function page(req: Request, res: Response, wanted: unknown, { typed = {}, errors }: Typed = {}): void {
  const { workspace, user, installation, session } = here(res);
  const setUp = setUpOf(workspace, user);
  const open = openStep(setUp, wanted);
  const { settings } = setUp.draft;
  if (errors) res.status(422);
  render(
    res,
    'setup/setup',
    {
      ...setUp,
      steps: setUp.steps.map((step) => ({ ...step, state: step.step === open ? 'now' : step.done ? 'done' : 'next' })),
      open,
      bot: { id: setUp.draft.botId, draft: setUp.draft },
      another: req.query['another'] !== undefined,
      how: hows.find((how) => how === req.query['how']) ?? 'text',
      model: `${settings.providerKeyId}:${settings.model}`,
      ...(open === 'key' ? modelChoices(workspace, settings) : {}),
      mayKeepSecrets: steppedUp(installation, session),
      example: EXAMPLE,
      ...(open === 'knowledge' && req.query['how'] === 'template' ? templatePart(req, res, typed, errors ?? {}) : {}),
      typed: { provider: 'openai', website: setUp.website, ...typed },
      errors: errors ?? {},
      presets,
      providerChoices: [...providerChoices, { value: 'quote', label: 'No AI for now' }],
      trial: trialOf(workspace, setUp.draft.botId, runIds(req.query['runs'])),
      runs: runIds(req.query['runs']).join(','),
    },
    { layout: 'bare' },
  );
}

/** The templates, or the one that was chosen with its questions. */
function templatePart(req: Request, res: Response, typed: object, errors: Record<string, string>): object {
  const { workspace } = here(res);
  const chosen = templateById(req.query['template']);
  if (!chosen) return { templates: templates() };
  return {
    chosen,
    preview: settingsOf(workspace, chosen),
    english: readsTemplates(workspace),
    questions: questionFields(chosen, { ...typed }, errors),
  };
}

function goTo(req: Request, res: Response, step: Step): void {
  seeOther(req, res, `/w/${here(res).workspace.id}/setup?step=${step}`);
}

async function keepKey(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const form = parseForm(req, setupKeyForm, ['key']);
  if (!form.ok) return page(req, res, 'key', form);
  const { draft } = setUpOf(workspace, user);
  const { provider, ...rest } = form.values;
  if (provider === 'quote') {
    saveDraft(workspace, { botId: draft.botId, changes: { providerKeyId: null, model: '' }, userId: user.id });
    return goTo(req, res, 'knowledge');
  }
  const added = await addKey(workspace, { provider, ...rest }, user.id);
  if (!added.ok) return page(req, res, 'key', { typed: { ...form.values, key: '' }, errors: { [added.field ?? 'form']: added.says } });
  const model = suggestModel(workspace, added.keyId, draft.settings);
  if (model !== undefined) saveDraft(workspace, { botId: draft.botId, changes: { providerKeyId: added.keyId, model }, userId: user.id });
  flash(res, `The key works. It opens ${pluralText(added.models.length, 'model')}.`);
  goTo(req, res, 'key');
}

function keepModel(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, modelForm);
  if (!form.ok) return page(req, res, 'key', form);
  const { botId } = setUpOf(workspace, user).draft;
  const { problems } = saveDraft(workspace, { botId, changes: modelChanges(form.values), userId: user.id });
  if (problems) return page(req, res, 'key', { errors: problems });
  goTo(req, res, 'knowledge');
}

function keepText(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, textForm);
  if (!form.ok) return page(req, res, 'knowledge', form);
  addText(workspace, { title: `About ${setUpOf(workspace, user).business}`, text: form.values.text, by: user.id });
  goTo(req, res, 'try');
}

function keepQuestion(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, questionForm);
  if (!form.ok) return page(req, res, 'knowledge', form);
  addQuestions(workspace, { title: 'Questions and answers', pairs: [form.values], by: user.id });
  goTo(req, res, 'try');
}

function keepTemplate(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const form = parseForm(req, templateForm);
  if (!form.ok) return page(req, res, 'knowledge', form);
  const { template, ...answers } = form.values;
  const chosen = templateById(template);
  if (!chosen) throw new Problem(422, 'Choose what kind of business it is first.');
  const { botId } = setUpOf(workspace, user).draft;
  const kept = applyTemplate(workspace, { botId, chosen, answers: answersIn(answers), userId: user.id });
  flash(res, `It begins as for a ${chosen.name.toLowerCase()}.${keptText(kept)}`);
  goTo(req, res, kept === 0 ? 'knowledge' : 'try');
}

async function keepFile(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const by = user.id;
  let received;
  try {
    received = await receiveFiles(req, (name, content) => addFile(workspace, { name: fileName.parse(name), content, by }));
  } catch (cause) {
    if (!(cause instanceof NoFiles)) throw cause;
    throw new Problem(400, 'The upload didn’t arrive whole. Check the connection and send it again.', { cause });
  }
  const failed = received.find(({ error }) => error !== undefined);
  if (failed?.error instanceof TooMany)
    return page(req, res, 'knowledge', { errors: { file: 'These were too many at once: the first 50 are kept. Upload the others now.' } });
  if (failed && !(failed.error instanceof TooLarge)) throw failed.error;
  if (failed)
    return page(req, res, 'knowledge', {
      errors: { file: `“${failed.name}” is larger than 25 MB. Split it, or paste the part that matters.` },
    });
  if (received.length === 0) return page(req, res, 'knowledge', { errors: { file: 'Choose a file first.' } });
  goTo(req, res, 'try');
}

/** The draft goes live and answers on a website chat of its own. */
async function openWebsite(req: Request, res: Response): Promise<void> {
  const { workspace, user } = here(res);
  const form = parseForm(req, websiteForm);
  if (!form.ok) return page(req, res, 'place', form);
  const { botId } = setUpOf(workspace, user).draft;
  const { problems } = publishDraft(workspace, { botId, userId: user.id });
  if (problems) return page(req, res, 'key', { errors: problems });
  try {
    await addChannel(workspace, { kind: 'widget', settings: { origins: form.values.website }, botId, userId: user.id });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error;
    return page(req, res, 'place', { typed: form.values, errors: { website: error.says } });
  }
  goTo(req, res, 'place');
}

/** The set-up of a workspace after its owner has an account: one page, four more steps, in any order. */
export function setupRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/setup', may('bot.edit'), (req, res) => page(req, res, req.query['step']));
  router.get('/w/:workspace/setup/state', may('bot.edit'), (_req, res) => {
    const { known, reading } = knowledgeOf(here(res).workspace);
    fragment(res, 'setup/_state', { sources: known, reading });
  });
  router.post('/w/:workspace/setup/key', may('key.edit'), keepKey);
  router.post('/w/:workspace/setup/model', may('bot.edit'), keepModel);
  router.post('/w/:workspace/setup/text', may('knowledge.edit'), keepText);
  router.post('/w/:workspace/setup/question', may('knowledge.edit'), keepQuestion);
  router.post('/w/:workspace/setup/template', may('knowledge.edit'), keepTemplate);
  router.post('/w/:workspace/setup/file', may('knowledge.edit'), keepFile);
  router.post('/w/:workspace/setup/website', may('channel.edit'), openWebsite);
  return router;
}
