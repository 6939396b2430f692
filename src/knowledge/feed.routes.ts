import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Workspace } from '../workspace.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { idParam, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { columnsOf, lookAtFeed, readFeedItems } from './feed/change-feed.ts';
import { sampleItems } from './feed/feed.queries.ts';
import { FIELDS, type FeedField } from './feed/guess-columns.ts';
import { guarded, pathOf } from './parts.routes.ts';
import { sourceOf, type Source } from './source.ts';
import { LONGEST_KEPT_DAYS } from './web/add-web.ts';

const LABELS: Record<FeedField, { label: string; hint?: string }> = {
  title: { label: 'Name of the product' },
  price: { label: 'Price' },
  currency: { label: 'Currency', hint: 'Where the price doesn’t name it.' },
  stock: { label: 'Stock' },
  link: { label: 'Link', hint: 'Where customers see it. Answers lead there.' },
  description: { label: 'Description' },
  id: { label: 'Number', hint: 'What tells one product from another, and stays.' },
};
const LONGEST_COLUMN = 300;

const column = z
  .string()
  .max(LONGEST_COLUMN)
  .transform((name) => (name === '' ? null : name));
const columnsForm = z.strictObject({
  title: z.string().min(1, { error: 'Choose the column that names the product.' }).max(LONGEST_COLUMN),
  ...{ id: column, description: column, price: column, currency: column, stock: column, link: column },
  more: z
    .union([z.string(), z.array(z.string().max(LONGEST_COLUMN)).max(200)])
    .default([])
    .transform((chosen) => (typeof chosen === 'string' ? [chosen] : chosen)),
  keepGoneDays: z
    .string()
    .refine((text) => /^\d{1,2}$/.test(text) && Number(text) <= LONGEST_KEPT_DAYS, {
      error: `The number of days is one from 0 to ${LONGEST_KEPT_DAYS}.`,
    })
    .transform(Number),
  act: z.enum(['look', 'read']),
});

type ShowSource = (req: Request, res: Response, more?: object) => void | Promise<void>;

/** Which column of a product list says what. `show` renders the source's own page. */
export function feedRoutes(show: ShowSource): Router {
  const router = Router({ mergeParams: true });
  router.post(
    '/w/:workspace/knowledge/:source/columns',
    may('knowledge.edit'),
    guarded((req, res) => columns(req, res, show)),
  );
  return router;
}

async function columns(req: Request, res: Response, show: ShowSource): Promise<void> {
  const { workspace } = here(res);
  const id = idParam(req, 'source');
  columnsOf(sourceOf(workspace, id));
  const form = parseForm(req, columnsForm);
  if (!form.ok) {
    await show(req, res.status(422), { errors: form.errors });
    return;
  }
  const { act, ...chosen } = form.values;
  if (act === 'read') readFeedItems(workspace, id, chosen);
  else lookAtFeed(workspace, id, chosen);
  flash(res, act === 'read' ? 'The list is being read.' : 'The list is looked at anew.');
  seeOther(req, res, pathOf(res, id));
}

/** What a feed's page shows: each field with its column, and the first items as they would be read. */
export function feedPart(ws: Workspace, source: Source): object | null {
  if (source.kind !== 'feed') return null;
  const rules = columnsOf(source);
  const options = rules.columns.map((name) => ({ value: name, label: name }));
  return {
    looked: rules.columns.length > 0,
    fields: (Object.keys(LABELS) as FeedField[]).map((name) => ({ name, ...LABELS[name], value: rules[name] ?? '', options })),
    more: rules.columns
      .filter((name) => !FIELDS.some((field) => rules[field] === name))
      .map((name, place) => ({ name, id: `more-${place}`, checked: rules.more.includes(name) })),
    keepGoneDays: rules.keepGoneDays,
    samples: sampleItems(ws, source.id),
  };
}
