/** Settings: how long customers may wait, and what happens then. */
import { Router, type Response } from 'express';
import { z } from 'zod';
import { flash } from '../../web/flash.ts';
import { spanText } from '../../web/formats.ts';
import { may } from '../../web/guard.ts';
import { longText, parseForm, ticked } from '../../web/parse.ts';
import { here } from '../../web/present.ts';
import { seeOther } from '../../web/redirect.ts';
import { render } from '../../web/render.ts';
import { editWaitingTimes, waitingTimesOf, type WaitingTimes } from './waiting-times.ts';

const MINUTE = 60_000;
const WAITS = [2, 5, 10, 15, 20, 30, 60, 120].map((minutes) => minutes * MINUTE);
const AGES = [1, 2, 4, 6, 12, 24, 48, 72].map((hours) => hours * 60 * MINUTE);
const LONGEST_SENTENCE = 1000;
const CHOOSE = 'Choose one of the times offered.';

const oneOf = (times: readonly number[]) => z.coerce.number({ error: CHOOSE }).refine((ms) => times.includes(ms), { error: CHOOSE });
const orOff = z.union([z.literal('off').transform(() => null), oneOf(WAITS)], { error: CHOOSE });

const form = z.strictObject({
  silenceMs: orOff,
  tooOldMs: oneOf(AGES),
  nobodyMs: orOff,
  nobodyText: longText('The sentence', LONGEST_SENTENCE).transform((text) => (text === '' ? null : text)),
  nobodyHandsBack: ticked(),
});

export function waitingRoutes(): Router {
  const router = Router({ mergeParams: true });
  router.get('/w/:workspace/settings/waiting', may('settings.edit'), (_req, res) =>
    page(res, typedOf(waitingTimesOf(here(res).workspace))),
  );
  router.post('/w/:workspace/settings/waiting', may('settings.edit'), (req, res) => {
    const { workspace, user } = here(res);
    const read = parseForm(req, form);
    if (!read.ok) {
      res.status(422);
      page(res, read.typed, read.errors);
      return;
    }
    editWaitingTimes(workspace, user.id, read.values);
    flash(res, 'The waiting times are saved.');
    seeOther(req, res, `/w/${workspace.id}/settings/waiting`);
  });
  return router;
}

function page(res: Response, typed: object, errors: Record<string, string> = {}): void {
  const times = (list: readonly number[]) => list.map((ms) => ({ value: String(ms), label: spanText(ms) }));
  render(res, 'settings/waiting', { typed, errors, waits: [{ value: 'off', label: 'Never' }, ...times(WAITS)], ages: times(AGES) });
}

function typedOf(times: WaitingTimes): Record<string, unknown> {
  return {
    ...times,
    silenceMs: String(times.silenceMs ?? 'off'),
    tooOldMs: String(times.tooOldMs),
    nobodyMs: String(times.nobodyMs ?? 'off'),
  };
}
