import type { Workspace } from '../../workspace.ts';
import type { MaskRules } from './find-marks.ts';

const CHOSEN = `
  SELECT DISTINCT settings ->> '$.masking' FROM bot_versions
  WHERE settings ->> '$.masking' IS NOT NULL
    AND (id IN (SELECT published_version_id FROM bots WHERE archived_at IS NULL) OR (number = 0 AND bot_id IN (SELECT id FROM bots WHERE archived_at IS NULL)))`;

/**
 * The strictest of what the workspace's bots are set to: for texts that belong to no bot, or of which nobody said to which. A
 * call that forgets to say it sends too little rather than too much. Read from the rows, since the bots' room stands above.
 */
export function strictestRules(ws: Workspace): MaskRules {
  const chosen = (ws.prepare(CHOSEN).pluck().all() as string[]).map((text) => JSON.parse(text) as MaskRules);
  return {
    email: chosen.some(({ email }) => email),
    phone: chosen.some(({ phone }) => phone),
    patterns: chosen.flatMap(({ patterns }) => patterns),
  };
}
