/** What the handlers of the inbox's acts share: who asks, on which page, and how an act is answered. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Problem, nothingHere } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { around } from '../web/frame.ts';
import { idParam } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { pageOf, seeOther } from '../web/redirect.ts';
import { fragment } from '../web/render.ts';
import { wantsFragment } from '../web/wants.ts';
import { GoesOnElsewhere, NoConversation } from './conversation.ts';
import { changesSince, type Changes, type Watching } from './inbox-live.ts';
import type { Address, Asker } from './inbox-page.ts';
import { filterFields, filterOf } from './list/filter.ts';
import { ROWS } from './list/list-view.ts';

const MOST_ROWS = 2000;

/** What the address of an inbox page says. */
export const address = z.object({
  ...filterFields,
  rows: z.coerce.number().int().min(ROWS).max(MOST_ROWS).catch(ROWS),
  before: z.coerce.number().int().positive().optional().catch(undefined),
  /** The message that is to be replied to; 0: none any more. */
  reply: z.coerce.number().int().min(0).optional().catch(undefined),
});
/** A form that is a button: anything in it beyond the token is refused. */
export const nothing = z.strictObject({});

export function askerOf(res: Response): Asker {
  const { workspace, user, role } = here(res);
  return { workspace, userId: user.id, role, zone: around(res).zone };
}

export function addressOf(req: Request, current: number | null): Address & { before: number | undefined; reply: number | undefined } {
  const { rows, before, reply, ...filter } = address.parse(req.query);
  return { filter: filterOf(filter), rows, before, reply, current };
}

/** The page that an act was done on, with the conversation it concerns. */
export function acting(req: Request, current: number | null): Watching {
  const page = new URL(pageOf(req, '/'), 'http://here.invalid');
  const { rows, before: _, ...filter } = address.parse(Object.fromEntries(page.searchParams));
  return { filter: filterOf(filter), rows, current, list: true, from: 0 };
}

/** After an act: what changed on the page since `revision`, which is from before it, for htmx; else the page again. */
export function answerAct(
  req: Request,
  res: Response,
  revision: number,
  more: Partial<Pick<Changes, 'sent' | 'toast'>> & { held?: boolean } = {},
  current = idParam(req, 'id'),
): void {
  if (wantsFragment(req)) {
    const changes = changesSince(askerOf(res), acting(req, current), revision, more.held ? 'held' : more.sent);
    fragment(res, 'inbox/_changes', { ...changes, ...more, bell: true });
    return;
  }
  if (more.toast) flash(res, more.toast.says, more.toast.undo === undefined ? {} : { undo: more.toast.undo });
  seeOther(req, res, pageOf(req, `/w/${here(res).workspace.id}/conversations/${current}`));
}

/** A verb's result; 404 where the conversation isn't here. */
export function orNothingHere<T>(verb: () => T): T {
  try {
    return verb();
  } catch (error) {
    if (error instanceof NoConversation) throw nothingHere();
    if (error instanceof GoesOnElsewhere)
      throw new Problem(409, 'They have begun a new conversation since. Answer them there: it stands first in the list under their name.');
    throw error;
  }
}
