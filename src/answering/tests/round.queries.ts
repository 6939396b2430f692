/** A round as it is asked: its bot as it was when it began, and its lines. */
import { botSettings, tellRound, versionById, type BotVersion, type Wants } from '../../bots/index.ts';
import type { Workspace } from '../../workspace.ts';

export interface AskedLine {
  id: number;
  question: string;
  wants: Wants | null;
  answer: string | null;
  byPerson: boolean | null;
  runId: number | null;
  judgeRunId: number | null;
  tries: number;
}

interface Row extends Omit<AskedLine, 'wants' | 'byPerson'> {
  wants: string | null;
  byPerson: number | null;
}

const LINE = 'id, question, wants, answer, by_person AS byPerson, run_id AS runId, judge_run_id AS judgeRunId, tries';

/** The version that a round asks; undefined when the round is gone or doesn't run. */
export function askedVersion(ws: Workspace, roundId: number): BotVersion | undefined {
  const round = ws
    .prepare("SELECT bot_version_id AS versionId, settings FROM test_rounds WHERE id = ? AND state = 'running'")
    .get(roundId) as { versionId: number; settings: string } | undefined;
  const version = round && versionById(ws, round.versionId);
  if (!version) return undefined;
  const settings = botSettings.parse(JSON.parse(round.settings));
  const { outsideHours } = settings.handoff;
  // What is tested is the answer: at night, every bot that hands over outside the opening hours would fail.
  return { ...version, settings: { ...settings, handoff: { ...settings.handoff, outsideHours: { ...outsideHours, on: false } } } };
}

/** Takes the next line that waits; undefined when none does, or the round was paused. */
export function takeLine(ws: Workspace, roundId: number): AskedLine | undefined {
  const row = ws.write(() => {
    const taken = ws
      .prepare(
        `UPDATE test_results SET state = CASE WHEN answer IS NULL THEN 'asking' ELSE 'judging' END
         WHERE id = (SELECT id FROM test_results WHERE round_id = @roundId AND state = 'waiting' ORDER BY position LIMIT 1)
           AND (SELECT state FROM test_rounds WHERE id = @roundId) = 'running'
         RETURNING ${LINE}`,
      )
      .get({ roundId }) as Row | undefined;
    if (taken) tellRound(ws, roundId, taken.id);
    return taken;
  });
  return row && read(row);
}

/** Whose words a line asks is silenced, or wants people alone to read them, perhaps since the round began. */
export function wantsNoModel(ws: Workspace, lineId: number): boolean {
  return (
    ws
      .prepare(
        `SELECT 1 FROM test_results t JOIN conversations c ON c.id = t.conversation_id JOIN contacts p ON p.id = c.contact_id
         WHERE t.id = ? AND coalesce(p.blocked_at, p.restricted_at, p.erased_at, p.stopped_at, p.people_only_at) IS NOT NULL`,
      )
      .get(lineId) !== undefined
  );
}

/** Lines that an earlier boot, or a stop, left in the middle. */
export function linesBegun(ws: Workspace, roundId: number): AskedLine[] {
  return (ws.prepare(`SELECT ${LINE} FROM test_results WHERE round_id = ? AND state IN ('asking', 'judging')`).all(roundId) as Row[]).map(
    read,
  );
}

function read(row: Row): AskedLine {
  return {
    ...row,
    wants: row.wants === null ? null : (JSON.parse(row.wants) as Wants),
    byPerson: row.byPerson === null ? null : row.byPerson === 1,
  };
}

export function waits(ws: Workspace, roundId: number): boolean {
  return (
    ws.prepare("SELECT 1 FROM test_results WHERE round_id = ? AND state IN ('waiting', 'asking', 'judging')").get(roundId) !== undefined
  );
}
