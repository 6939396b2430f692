/** Everything that runs alone: each kind of job with its handler, each schedule, and the channels that pull. */
import cron from 'node-cron';
import { sweepSignInFailures } from './accounts/index.ts';
import { answerConversation, answerParked, closeDeadRuns } from './answering/index.ts';
import { rebuildRoutes, startListening } from './channels/index.ts';
import { deliverMessages, deliveryParked, forgetSeen, indexMessages, receiveEvents } from './conversations/index.ts';
import type { Installation } from './installation.ts';
import type { JobKind } from './jobs/job.ts';
import { clearSource, closeReading, closeSearch, readSource, sweepFiles } from './knowledge/index.ts';
import type { Workspace } from './workspace.ts';
import { sweepSessions } from './web/sessions.ts';

const KINDS: Record<string, JobKind> = {
  answer: { run: answerConversation, attempts: 4, longestWaitMs: 8000, onParked: answerParked },
  deliver: { run: deliverMessages, onParked: deliveryParked },
  'read-source': readSource,
  'clear-source': clearSource,
};

const NIGHTLY: ((ws: Workspace) => void)[] = [forgetSeen, indexMessages, sweepFiles];

export interface Work {
  /** Takes nothing new, waits for what runs, aborts it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Begins: looks into each workspace once, for what a dead boot left, and for jobs and channels that go on. */
export async function startWork(installation: Installation): Promise<Work> {
  const { jobs, workspaces } = installation;
  const listening = startListening(installation, (ws, channelId, events, state) => receiveEvents(ws, channelId, events, { state }));
  jobs.begin(KINDS);
  await workspaces.each(function wake(ws) {
    closeDeadRuns(ws);
    rebuildRoutes(ws);
    jobs.recover(ws);
    listening.begin(ws);
  });
  const orLog = (act: () => Promise<void> | void) => async (): Promise<void> => {
    try {
      await act();
    } catch (err) {
      installation.log.error({ err }, 'scheduled work failed');
    }
  };
  const schedules = [
    cron.schedule(
      '17 3 * * *',
      orLog(() => everyNight(installation)),
    ),
    cron.schedule(
      '*/10 * * * *',
      orLog(() => {
        sweepSignInFailures(installation);
        sweepSessions(installation);
      }),
    ),
  ];
  return {
    async stop(graceMs) {
      for (const schedule of schedules) await schedule.stop();
      await listening.stop();
      await jobs.stop(graceMs);
      await closeReading();
      await closeSearch();
    },
  };
}

/** One workspace after the other, with a breath between them: the server goes on answering. */
async function everyNight({ workspaces, log }: Installation): Promise<void> {
  for (const id of workspaces.ids()) {
    for (const act of NIGHTLY) {
      await workspaces.use(id, act).catch((err: unknown) => log.error({ err, workspace: id, act: act.name }, 'nightly work failed'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
