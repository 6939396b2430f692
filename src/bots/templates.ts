/** What to begin with, by the kind of business: words for the bot, and questions whose answers only the business knows. */
import { createRequire } from 'node:module';
import { z } from 'zod';
import { businessOf } from '../accounts/index.ts';
import { fill } from '../lib/catalogue.ts';
import { once } from '../lib/once.ts';
import { addQuestions } from '../knowledge/index.ts';
import { draftOf } from './bot-versions.ts';
import { saveDraft } from './save-draft.ts';
import { botSettings, longest, type BotSettings } from './settings.ts';
import type { Workspace } from '../workspace.ts';

/** Each template asks so many questions: the forms have a field for each. */
export const QUESTIONS = 6;

const { tone, length } = botSettings.shape;
const template = z.strictObject({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  icon: z.string(),
  /** May name `{business}`. */
  greeting: z.string().max(longest.greeting),
  tone,
  length,
  fallback: z.string().max(longest.fallback),
  starters: z.array(z.string().max(longest.starter)).max(longest.starters),
  instructions: z.string().max(longest.instructions),
  /** The examples are shown beside the fields and never kept: a made-up price must not reach a customer. */
  questions: z.array(z.strictObject({ question: z.string(), example: z.string() })).length(QUESTIONS),
});

export type Template = z.output<typeof template>;

const require = createRequire(import.meta.url);
export const templates = once(() => z.array(template).parse(require('./templates.json')));

export function templateById(id: unknown): Template | undefined {
  return templates().find((each) => each.id === id);
}

/** Whether customers of this business read what a template says: it is written in English. */
export function readsTemplates(workspace: Workspace): boolean {
  return businessOf(workspace).language.startsWith('en');
}

/**
 * What a template sets. A business that writes in another language keeps our greeting and our fallback sentence, which are
 * in its language, and has no questions to start with; instructions are for the model, which follows English in any.
 */
export function settingsOf(workspace: Workspace, chosen: Template): Partial<BotSettings> {
  const { tone, length, instructions, fallback, starters } = chosen;
  if (!readsTemplates(workspace)) return { tone, length, instructions };
  const greeting = fill(chosen.greeting, { business: businessOf(workspace).name });
  return { tone, length, instructions, fallback, starters, greeting: [...greeting].slice(0, longest.greeting).join('') };
}

/** The questions that were answered become a source of the knowledge; none, when none was. `answers` in the template's order. */
export function keepAnswers(workspace: Workspace, chosen: Template, answers: readonly string[], by: number): number {
  const pairs = chosen.questions.flatMap(({ question }, at) => {
    const answer = answers[at]?.trim() ?? '';
    return answer === '' ? [] : [{ question, answer }];
  });
  if (pairs.length > 0) addQuestions(workspace, { title: `${chosen.name}: questions and answers`, pairs, by });
  return pairs.length;
}

export interface Applied {
  botId: number;
  chosen: Template;
  answers: readonly string[];
  userId: number;
}

/** Fills a draft by a template: fields that somebody wrote in stay as they are. Returns how many answers were kept. */
export function applyTemplate(workspace: Workspace, { botId, chosen, answers, userId }: Applied): number {
  return workspace.durable(() => {
    const draft = draftOf(workspace, botId);
    if (!draft) throw new Error(`there is no bot ${botId}`);
    const untouched = draft.settings.instructions === '';
    // Tone, greeting and the rest belong to the instructions: whoever wrote those keeps them all.
    if (untouched) saveDraft(workspace, { botId, changes: settingsOf(workspace, chosen), userId });
    return keepAnswers(workspace, chosen, answers, userId);
  });
}
