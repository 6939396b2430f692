/** The rules by which a bot hands over, as the editor's form sends and shows them. */
import { z } from 'zod';
import { channels, labels } from '../db/schema/workspace.ts';
import { asc, isNull } from '../db/drizzle.ts';
import { longText, ticked } from '../web/parse.ts';
import type { Workspace } from '../workspace.ts';
import { FAILURES, most, SCORES, type HandoffSettings } from './handoff-settings.ts';
import type { BotSettings } from './settings.ts';

const CHOOSE = { error: 'Choose one of those offered.' };
const says = longText('The sentence', most.says);
const oneOf = (numbers: readonly number[]) => z.coerce.number(CHOOSE).refine((number) => numbers.includes(number), CHOOSE);
const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, CHOOSE)
  .transform(Number);
/** Ticked boxes of one name: none, one, or several. */
const ids = z.union([z.array(id), id.transform((one) => [one])], CHOOSE).default([]);

const words = longText('The list', most.keywords * (most.keyword + 1))
  .transform((typed) => [
    ...new Set(
      typed
        .split(/[\n,;،、]/u)
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    ),
  ])
  .refine((list) => list.length <= most.keywords, { error: `${most.keywords} words at most. Take some out.` })
  .refine((list) => list.every(({ length }) => length <= most.keyword), { error: `A word can have ${most.keyword} characters at most.` });

export const handoffForm = z
  .strictObject({
    part: z.literal('handoff'),
    keywordsOn: ticked(),
    keywordsWords: words,
    keywordsSays: says,
    failuresOn: ticked(),
    failuresAfter: oneOf(FAILURES),
    failuresSays: says,
    unsureOn: ticked(),
    unsureBelow: oneOf(SCORES),
    unsureSays: says,
    placesOn: ticked(),
    placesChannels: ids,
    placesLabels: ids,
    placesSays: says,
    outsideHoursOn: ticked(),
    outsideHoursSays: says,
    sumsUp: ticked(),
  })
  .refine(({ keywordsOn, keywordsWords }) => !keywordsOn || keywordsWords.length > 0, {
    error: 'Write the words first, one to a line.',
    path: ['keywordsWords'],
  })
  .refine(({ placesOn, placesChannels, placesLabels }) => !placesOn || placesChannels.length + placesLabels.length > 0, {
    error: 'Choose a channel or a label, or switch this off.',
    path: ['placesChannels'],
  });

export function handoffChanges(form: z.output<typeof handoffForm>): Partial<BotSettings> {
  return {
    handoff: {
      keywords: { on: form.keywordsOn, words: form.keywordsWords, says: form.keywordsSays },
      failures: { on: form.failuresOn, after: form.failuresAfter, says: form.failuresSays },
      unsure: { on: form.unsureOn, below: form.unsureBelow, says: form.unsureSays },
      places: { on: form.placesOn, channels: form.placesChannels, labels: form.placesLabels, says: form.placesSays },
      outsideHours: { on: form.outsideHoursOn, says: form.outsideHoursSays },
      sumsUp: form.sumsUp,
    },
  };
}

/** What is kept, in the form's fields. */
export function typedHandoff({ keywords, failures, unsure, places, outsideHours, sumsUp }: HandoffSettings): Record<string, unknown> {
  return {
    keywordsOn: keywords.on,
    keywordsWords: keywords.words.join('\n'),
    keywordsSays: keywords.says,
    failuresOn: failures.on,
    failuresAfter: String(failures.after),
    failuresSays: failures.says,
    unsureOn: unsure.on,
    unsureBelow: String(unsure.below),
    unsureSays: unsure.says,
    placesOn: places.on,
    placesChannels: places.channels.map(String),
    placesLabels: places.labels.map(String),
    placesSays: places.says,
    outsideHoursOn: outsideHours.on,
    outsideHoursSays: outsideHours.says,
    sumsUp,
  };
}

/** What the form offers to choose from; `form` holds what is chosen. */
export function handoffChoices(ws: Workspace, form: Record<string, unknown>): object {
  const chosen = (field: string, value: number): boolean => [form[field]].flat().includes(String(value));
  const listed = (field: string, rows: { id: number; name: string }[]) =>
    rows.map((row) => ({ value: String(row.id), label: row.name, checked: chosen(field, row.id) }));
  const open = ws.db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(isNull(channels.disconnectedAt))
    .orderBy(asc(channels.name))
    .all();
  const named = ws.db.select({ id: labels.id, name: labels.name }).from(labels).orderBy(asc(labels.name)).all();
  return {
    channelChoices: listed('placesChannels', open),
    labelChoices: listed('placesLabels', named),
    failureChoices: FAILURES.map((n) => ({ value: String(n), label: n === 1 ? 'The first' : `${n} in a row` })),
    scoreChoices: SCORES.map((score) => ({ value: String(score), label: score.toFixed(1) })),
  };
}
