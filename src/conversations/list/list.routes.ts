/** What is done to conversations from the list, one or many at once, each with its undo; and how a member is here. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { businessOf, languages } from '../../accounts/index.ts';
import { Problem } from '../../web/errors.ts';
import { flash } from '../../web/flash.ts';
import { around } from '../../web/frame.ts';
import { pluralText } from '../../web/formats.ts';
import { may } from '../../web/guard.ts';
import { parseForm, ticked } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { pageOf, seeOther } from '../../web/redirect.ts';
import { fragment, render } from '../../web/render.ts';
import { wantsFragment } from '../../web/wants.ts';
import type { Workspace } from '../../workspace.ts';
import { acting, askerOf } from '../acts.routes.ts';
import { changesSince } from '../inbox-live.ts';
import { listHref } from '../inbox-view.ts';
import { changeMany, readChange, writeChange, type Change, type Step } from './change.ts';
import { presenceOf, setPresence } from './presence.ts';
import { LONGEST_SNOOZE_MS, ownTime, snoozeTimes } from './snooze-times.ts';

const AT_ONCE = 100;

const change = z.strictObject({
  ids: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((ids) =>
      [ids]
        .flat()
        .filter((id) => /^[1-9]\d{0,14}$/.test(id))
        .map(Number),
    ),
  do: z.string().max(40),
  /** A field of date and time, for a snooze of one's own. */
  at: z.string().max(40).default(''),
});
const nothing = z.strictObject({});
const presence = z.strictObject({
  away: ticked(),
  sound: ticked(),
  /** '' is the business's own. */
  language: z
    .string()
    .refine((tag) => tag === '' || languages().some(({ value }) => value === tag))
    .default('')
    .transform((tag) => (tag === '' ? null : tag)),
});
const steps = z.object({ step: z.union([z.string(), z.array(z.string())]).transform((all) => [all].flat()) });

export function listRoutes(): Router {
  const router = Router({ mergeParams: true });
  const answer = may('conversation.answer');
  router.post('/w/:workspace/inbox/change', answer, changeThem);
  router.post('/w/:workspace/inbox/undo', answer, undo);
  router.get('/w/:workspace/presence', answer, (_req, res) => {
    const { workspace, user } = here(res);
    const mine = presenceOf(workspace, user.id);
    render(res, 'inbox/presence', {
      ...mine,
      line: mine.awaySince === null ? 'You are here.' : 'You are away.',
      languages: languagesToRead(workspace),
    });
  });
  router.post('/w/:workspace/presence', answer, choosePresence);
  return router;
}

function languagesToRead(ws: Workspace): { value: string; label: string }[] {
  const own = businessOf(ws).language;
  const name = languages().find(({ value }) => value === own)?.label ?? own;
  return [{ value: '', label: `The business’s own: ${name}` }, ...languages()];
}

function changeThem(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { revision } = workspace;
  const read = parseForm(req, change);
  if (!read.ok) throw new Problem(400, 'Reload the page and try again.');
  const { ids, at } = read.values;
  if (ids.length === 0) throw new Problem(422, 'Select a conversation first.');
  if (ids.length > AT_ONCE) throw new Problem(422, `Select ${AT_ONCE} conversations at most.`);
  const what = wanted(res, read.values.do, at);
  const { count, undo: back } = changeMany(workspace, ids, what, user.id);
  const path = back.map(({ change: step, ids: of }) => `step=${encodeURIComponent(`${writeChange(step)}@${of.join('.')}`)}`).join('&');
  const open = conversationOf(pageOf(req, ''));
  // An open conversation is read: who wants it unread leaves it.
  if (what.do === 'unread' && open !== null && ids.includes(open)) {
    flash(res, said(what, 1));
    seeOther(req, res, listHref({ base: `/w/${workspace.id}` }, acting(req, null).filter));
    return;
  }
  answer(
    req,
    res,
    revision,
    count === 0 ? { says: 'Nothing had to change.' } : { says: said(what, count), undo: `/w/${workspace.id}/inbox/undo?${path}` },
  );
}

/** A button's value as a change; a snooze's time is the business's. */
function wanted(res: Response, text: string, at: string): Change {
  const { zone, now } = around(res);
  const [, key] = /^snooze:(later|tomorrow|week|own)$/.exec(text) ?? [];
  if (key === undefined) {
    const read = readChange(text);
    if (!read || (read.do === 'snooze' && read.value !== null)) throw new Problem(400, 'Reload the page and try again.');
    return read;
  }
  const until = key === 'own' ? ownTime(zone, at) : snoozeTimes(zone, now).find((time) => time.key === key)?.until;
  if (until === undefined)
    throw new Problem(422, key === 'own' ? 'Say until when: a day and a time.' : 'It’s too late for that today. Choose another time.');
  if (until <= now) throw new Problem(422, 'That time has passed. Choose a later one.');
  if (until - now > LONGEST_SNOOZE_MS) throw new Problem(422, 'A conversation can be put off for a year at most.');
  return { do: 'snooze', value: until };
}

const DONE: Record<Change['do'], string> = {
  done: 'marked as done',
  reopen: 'opened again',
  read: 'marked as read',
  unread: 'marked as unread',
  assign: 'assigned',
  label: 'labelled',
  unlabel: 'no longer labelled so',
  snooze: 'put off',
};

function said(what: Change, count: number): string {
  const verb = 'value' in what && what.value === null ? (what.do === 'assign' ? 'assigned to nobody' : 'brought back') : DONE[what.do];
  return count === 1 ? `${verb.charAt(0).toUpperCase()}${verb.slice(1)}.` : `${pluralText(count, 'conversation')} ${verb}.`;
}

function undo(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const { revision } = workspace;
  parseForm(req, nothing);
  const read = steps.safeParse(req.query);
  const all = read.success ? read.data.step.map(readStep) : [];
  if (all.length === 0 || all.includes(undefined)) throw new Problem(400, 'This can’t be undone by this address.');
  let count = 0;
  for (const step of all) if (step) count += changeMany(workspace, step.ids, step.change, user.id).count;
  answer(req, res, revision, { says: count === 0 ? 'It had changed since, and stays as it is.' : 'Undone.' });
}

function readStep(text: string): Step | undefined {
  const [, verb = '', ids = ''] = /^([a-z:\d]+)@([\d.]+)$/.exec(text) ?? [];
  const read = readChange(verb);
  return (
    read && {
      change: read,
      ids: ids
        .split('.')
        .map(Number)
        .filter((id) => id > 0)
        .slice(0, AT_ONCE),
    }
  );
}

function conversationOf(page: string): number | null {
  const id = /\/conversations\/([1-9]\d*)/.exec(page)?.[1];
  return id === undefined ? null : Number(id);
}

function answer(req: Request, res: Response, revision: number, toast: { says: string; undo?: string }): void {
  const page = pageOf(req, `/w/${here(res).workspace.id}/inbox`);
  if (!wantsFragment(req)) {
    flash(res, toast.says, toast.undo === undefined ? {} : { undo: toast.undo });
    seeOther(req, res, page);
    return;
  }
  const watching = acting(req, conversationOf(page));
  fragment(res, 'inbox/_changes', { ...changesSince(askerOf(res), watching, revision), toast, bell: true });
}

function choosePresence(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  const read = parseForm(req, presence);
  if (!read.ok) throw new Problem(400, 'Reload the page and try again.');
  setPresence(workspace, user.id, read.values);
  flash(res, read.values.away ? 'You are away: nothing is given to you in turn.' : 'You are here.');
  seeOther(req, res, `/w/${workspace.id}/presence`);
}
