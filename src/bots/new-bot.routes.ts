import { Router, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { line, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { createBot } from './create-bot.ts';
import { longest } from './settings.ts';
import { answerFields, answersIn, keptText, questionFields } from './template-form.ts';
import { keepAnswers, readsTemplates, settingsOf, templateById, templates } from './templates.ts';

const newBotForm = z.strictObject({ name: line('The name', longest.name), ...answerFields });

function page(res: Response, wanted: unknown, typed: Record<string, unknown> = {}, errors: Record<string, string> = {}): void {
  const { workspace } = here(res);
  const chosen = templateById(wanted);
  render(res, 'bots/new', {
    templates: templates(),
    chosen,
    preview: chosen && settingsOf(workspace, chosen),
    english: readsTemplates(workspace),
    questions: chosen ? questionFields(chosen, typed, errors) : [],
    typed,
    errors,
  });
}

/** A new bot: by its name alone, or by a template with what the business answers to its questions. */
export function newBotRoutes(): Router {
  const router = Router({ mergeParams: true });

  router.get('/w/:workspace/bots/new', may('bot.edit'), (req, res) => page(res, req.query['template']));

  router.post('/w/:workspace/bots', may('bot.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const form = parseForm(req, newBotForm);
    if (!form.ok) {
      res.status(422);
      page(res, form.typed['template'], form.typed, form.errors);
      return;
    }
    const { name, template, ...answers } = form.values;
    const chosen = templateById(template);
    const { botId } = createBot(workspace, { settings: { ...(chosen ? settingsOf(workspace, chosen) : {}), name }, userId: user.id });
    if (chosen) flash(res, `${name} is made.${keptText(keepAnswers(workspace, chosen, answersIn(answers), user.id))}`);
    seeOther(req, res, `/w/${workspace.id}/bots/${botId}`);
  });

  return router;
}
