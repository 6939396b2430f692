import { Router, type Request, type Response } from 'express';
import { businessOf } from '../accounts/index.ts';
import { chooseLanguage, textsIn } from '../lib/catalogue.ts';
import { estimateTokens } from '../lib/tokens.ts';
import { seesPictures } from '../providers/index.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm, type Parsed } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { Problem } from '../web/problem.ts';
import { seeOther } from '../web/redirect.ts';
import { fragment, render } from '../web/render.ts';
import { wantsFragment } from '../web/wants.ts';
import { archiveBot } from './archive-bot.ts';
import { botFileRoutes } from './bot-file.routes.ts';
import { modelChanges, modelForm, voiceChanges, voiceForm, type Part } from './bot-form.ts';
import { botOf } from './bot-of.routes.ts';
import { detailRoutes } from './details.routes.ts';
import { differencesOf, languageChoices, lineOfBots, lineOfDifferences, listBots, type EditedBot } from './bots.queries.ts';
import { handoffChanges, handoffChoices, handoffForm, typedHandoff } from './handoff-form.ts';
import { maskingChanges, maskingForm, triedMasking, typedMasking } from './masking-form.ts';
import { modelPage } from './model-page.ts';
import { newBotRoutes } from './new-bot.routes.ts';
import { publishDraft } from './publish-draft.ts';
import { saveDraft } from './save-draft.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';
import { roundRoutes } from './tests/rounds.routes.ts';
import { testRoutes } from './tests/tests.routes.ts';
import { toolChoices, toolsChanges, toolsForm } from './tools-form.ts';
import { runIds, trialOf, whos } from './trials.queries.ts';
import { versionRoutes } from './versions.routes.ts';

const lengths = [
  { value: 'short', label: 'Short' },
  { value: 'medium', label: 'Medium' },
  { value: 'long', label: 'As long as needed' },
];
const tones = [
  { value: 'plain', label: 'Plain' },
  { value: 'warm', label: 'Warm' },
  { value: 'formal', label: 'Formal' },
  { value: 'playful', label: 'Playful' },
];

/** What the editor's form shows: the draft, or what was typed and is wrong. */
interface Shown {
  part: Part;
  errors?: Record<string, string>;
  typed?: Record<string, unknown>;
}

function editorData(res: Response, bot: EditedBot, { part, errors = {}, typed }: Shown): object {
  const { workspace } = here(res);
  const { settings } = bot.draft;
  const kept = {
    ...settings,
    starters: settings.starters.join('\n'),
    seesPictures: settings.seesPictures ?? seesPictures(settings.model),
    model: settings.providerKeyId === null ? '' : `${settings.providerKeyId}:${settings.model}`,
    ...Object.fromEntries(settings.backups.map(({ providerKeyId, model }, at) => [`backup${at + 1}`, `${providerKeyId}:${model}`])),
  };
  const words = settings.instructions.split(/\s+/).filter(Boolean).length;
  return {
    bot,
    part,
    errors,
    form: typed ? { ...typed, groundedOnly: typed['groundedOnly'] !== undefined } : kept,
    words,
    tokens: estimateTokens(settings.instructions),
    languageChoices: languageChoices(),
    lengths,
    tones,
    ownFallback: textsIn(chooseLanguage(businessOf(workspace).language)).fallback,
    ...(part === 'handoff' ? { form: typed ?? typedHandoff(settings.handoff) } : {}),
    ...(part === 'handoff' ? handoffChoices(workspace, typed ?? typedHandoff(settings.handoff)) : {}),
    ...(part === 'masking' ? maskingPage(workspace, settings, typed) : {}),
    ...(part === 'tools' ? toolChoices(workspace, settings) : {}),
    ...(part === 'model' ? modelPage(workspace, settings, bot.id) : {}),
  };
}

function maskingPage(workspace: Workspace, { masking }: BotSettings, typed?: Record<string, unknown>): object {
  return { form: typed ?? typedMasking(masking), tried: typed ? triedMasking(workspace, typed) : null };
}

function editor(req: Request, res: Response, shown: Shown): void {
  const bot = botOf(req, res);
  const data = editorData(res, bot, shown);
  if (shown.errors) res.status(422);
  if (wantsFragment(req)) {
    fragment(res, 'bots/_saved', data);
    return;
  }
  const who = whos.find((each) => each === req.query['who']) ?? 'draft';
  const trial = trialOf(here(res).workspace, bot.id, runIds(req.query['runs']));
  render(res, 'bots/editor', { ...data, who, trial, last: trial.at(-1), runs: runIds(req.query['runs']).join(',') });
}

/** Reads the form of whichever part is open and keeps it in the draft. Undefined when it was wrong, and the page has been shown again. */
function keepDraft(req: Request, res: Response): Part | undefined {
  const { workspace, user } = here(res);
  const bot = botOf(req, res);
  const said = (req.body as Record<string, unknown> | undefined)?.['part'];
  if (said !== 'voice' && said !== 'model' && said !== 'handoff' && said !== 'masking' && said !== 'tools')
    throw new Problem(400, 'The form came without its part. Reload the page and try again.');
  const form = changesOf(req, said);
  if (!form.ok) {
    editor(req, res, { part: said, errors: form.errors, typed: form.typed });
    return undefined;
  }
  const { problems } = saveDraft(workspace, { botId: bot.id, changes: form.values, userId: user.id });
  if (problems) editor(req, res, { part: said, errors: problems, typed: typedIn(req) });
  return problems ? undefined : said;
}

function typedIn(req: Request): Record<string, unknown> {
  return { ...(req.body as Record<string, unknown>) };
}

function changesOf(req: Request, part: Part): Parsed<Partial<BotSettings>> {
  switch (part) {
    case 'voice':
      return changesIn(parseForm(req, voiceForm), voiceChanges);
    case 'model':
      return changesIn(parseForm(req, modelForm), modelChanges);
    case 'handoff':
      return changesIn(parseForm(req, handoffForm), handoffChanges);
    case 'masking':
      return changesIn(parseForm(req, maskingForm), maskingChanges);
    case 'tools':
      return changesIn(parseForm(req, toolsForm), toolsChanges);
  }
}

function changesIn<T>(form: Parsed<T>, changes: (values: T) => Partial<BotSettings>): Parsed<Partial<BotSettings>> {
  return form.ok ? { ok: true, values: changes(form.values) } : form;
}

function pathOf(res: Response, bot: number, part: Part = 'voice'): string {
  return `/w/${here(res).workspace.id}/bots/${bot}${part === 'voice' ? '' : `/${part}`}`;
}

export function botRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/bots', may('bot.read'), (_req, res) => {
    const bots = listBots(here(res).workspace);
    render(res, 'bots/list', { bots, ...lineOfBots(bots) });
  });

  // Before those of one bot: `new` and `import` are no ids.
  router.use(newBotRoutes());
  router.use(botFileRoutes());
  router.use(versionRoutes());
  router.use(roundRoutes());
  router.use(testRoutes());
  router.use(detailRoutes());

  router.get('/w/:workspace/bots/:bot', may('bot.edit'), (req, res) => editor(req, res, { part: 'voice' }));
  router.get('/w/:workspace/bots/:bot/model', may('bot.edit'), (req, res) => editor(req, res, { part: 'model' }));

  router.get('/w/:workspace/bots/:bot/handoff', may('bot.edit'), (req, res) => editor(req, res, { part: 'handoff' }));
  router.get('/w/:workspace/bots/:bot/tools', may('bot.edit'), (req, res) => editor(req, res, { part: 'tools' }));
  router.get('/w/:workspace/bots/:bot/masking', may('bot.edit'), (req, res) => editor(req, res, { part: 'masking' }));

  // Keeps nothing: a text is looked at as it would be sent by what stands in the form.
  router.post('/w/:workspace/bots/:bot/masking/try', may('bot.edit'), (req, res) => {
    const form = parseForm(req, maskingForm);
    editor(req, res, { part: 'masking', typed: typedIn(req), ...(form.ok ? {} : { errors: form.errors }) });
  });

  router.post('/w/:workspace/bots/:bot/draft', may('bot.edit'), (req, res) => {
    const part = keepDraft(req, res);
    if (!part) return;
    if (wantsFragment(req)) {
      editor(req, res, { part, ...(part === 'masking' ? { typed: typedIn(req) } : {}) });
      return;
    }
    flash(res, 'The draft is saved. Customers see it once you publish it.');
    seeOther(req, res, pathOf(res, idParam(req, 'bot'), part));
  });

  router.get('/w/:workspace/bots/:bot/differences', may('bot.edit'), (req, res) => {
    const bot = botOf(req, res);
    const differences = differencesOf(here(res).workspace, bot);
    render(res, 'bots/differences', { bot, differences, line: lineOfDifferences(bot, differences.length) });
  });

  router.post('/w/:workspace/bots/:bot/versions', may('bot.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const bot = botOf(req, res);
    // From the editor the button sends the open form along: what is on the screen is what goes live.
    const part = 'part' in (req.body as object) ? keepDraft(req, res) : 'voice';
    if (!part) return;
    const { version, problems } = publishDraft(workspace, { botId: bot.id, userId: user.id });
    if (problems?.tests !== undefined) {
      flash(res, problems.tests);
      seeOther(req, res, `${pathOf(res, bot.id)}/tests`);
      return;
    }
    if (problems) {
      editor(req, res, { part: 'model', errors: problems });
      return;
    }
    flash(
      res,
      version.number === bot.live?.number
        ? `Version ${version.number} is live already: the draft doesn’t differ from it.`
        : `Version ${version.number} is live.`,
    );
    seeOther(req, res, pathOf(res, bot.id, part));
  });

  router.post('/w/:workspace/bots/:bot/archive', may('bot.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const bot = botOf(req, res);
    const { says } = archiveBot(workspace, { botId: bot.id, userId: user.id });
    if (says) throw new Problem(409, says);
    flash(res, `${bot.draft.settings.name} is archived.`);
    seeOther(req, res, `/w/${workspace.id}/bots`);
  });

  return router;
}
