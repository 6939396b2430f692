/** Everything that runs alone: each kind of job with its handler, each schedule, and the channels that pull. */
import cron from 'node-cron';
import { callHook, mailMember, pushDevice, tellBudget, tellLead, tellChat, tellTeam, tellTests } from './alerts/index.ts';
import { sweepSignInFailures } from './accounts/index.ts';
import {
  actionParked,
  answerConversation,
  answerParked,
  askTests,
  askHowItWas,
  attachmentReader,
  closeDeadRuns,
  countFailures,
  runAction,
  takeComment,
  sumUpForPerson,
  tellAway,
  takeLead,
  tellNobodyCame,
  recapTalk,
  testOnTime,
} from './answering/index.ts';
import { checkAccess, rebuildRoutes, startListening } from './channels/index.ts';
import {
  attachmentFetcher,
  beat,
  deliverMessages,
  deliveryParked,
  fetchProfile,
  forgetSeen,
  indexMessages,
  receiveEvents,
  releaseHeld,
  SilenceWatch,
  sweepAttachments,
  wakeSnoozed,
  wantForgottenFiles,
} from './conversations/index.ts';
import { backUp } from './backups/index.ts';
import { DatabaseTender, type OpenDatabase } from './db/tend-databases.ts';
import { tidyWorkspace } from './db/tidy-workspace.ts';
import { importContacts, sweepContactNotes, sweepImports } from './contacts/index.ts';
import type { Installation } from './installation.ts';
import type { JobKind } from './jobs/job.ts';
import { withRoom } from './jobs/with-room.ts';
import { countEveryDay, forgetWordsOf, gatherGap } from './insights/index.ts';
import {
  clearSource,
  clearVectors,
  dropGone,
  embedChunks,
  pagesReader,
  readSource,
  refreshOnTime,
  releaseSearch,
  sweepFiles,
} from './knowledge/index.ts';
import { sendMail } from './mail/index.ts';
import { certify, contactPurger, doRight, waitsForProof, wantPurges } from './privacy/index.ts';
import { forgetMembers, forgetMembersGone } from './privacy/forget-members.ts';
import type { Workspace } from './workspace.ts';
import { keepHead } from './web/audit-heads.ts';
import { refreshServers } from './tools/index.ts';
import { sweepSessions } from './web/sessions.ts';

const KINDS: Record<string, JobKind> = {
  answer: { run: answerConversation, attempts: 4, longestWaitMs: 8000, onParked: answerParked },
  deliver: { run: deliverMessages, onParked: deliveryParked },
  'run-action': { run: runAction, onParked: actionParked },
  'count-failures': { run: countFailures },
  'ask-tests': askTests,
  'test-on-time': testOnTime,
  'ask-rating': { run: askHowItWas },
  'take-comment': { run: takeComment },
  'recap-talk': { run: recapTalk, attempts: 2 },
  'sum-up': { run: sumUpForPerson, attempts: 3 },
  'tell-away': { run: tellAway },
  'nobody-came': { run: tellNobodyCame },
  'take-lead': { run: takeLead },
  'release-held': { run: releaseHeld },
  'forget-members': { run: forgetMembers },
  'purge-contact': contactPurger({ forgetWords: forgetWordsOf }),
  'do-right': { run: doRight },
  'wake-snoozed': { run: wakeSnoozed },
  'fetch-attachment': withRoom(attachmentFetcher),
  'read-attachment': attachmentReader,
  'fetch-profile': { run: fetchProfile },
  'import-contacts': withRoom(importContacts),
  'gather-gap': gatherGap,
  'read-source': withRoom(readSource),
  'clear-source': clearSource,
  'read-pages': withRoom(pagesReader()),
  'refresh-source': refreshOnTime,
  'drop-gone': dropGone,
  'embed-chunks': withRoom(embedChunks),
  'clear-vectors': clearVectors,
  'tell-team': tellTeam,
  'tell-lead': tellLead,
  'tell-budget': tellBudget,
  'tell-tests': tellTests,
  'mail-member': mailMember,
  'push-device': pushDevice,
  'tell-chat': tellChat,
  'call-hook': callHook,
  'send-mail': sendMail,
};

const NIGHTLY: ((ws: Workspace) => Promise<void> | void)[] = [
  forgetSeen,
  checkAccess,
  indexMessages,
  sweepFiles,
  sweepAttachments,
  sweepContactNotes,
  sweepImports,
  countEveryDay,
  refreshServers,
  wantPurges,
  keepHead,
];

export interface Work {
  /** Takes nothing new, waits for what runs, aborts it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Begins: looks into each workspace once, for what a dead boot left, and for jobs and channels that go on. */
export async function startWork(installation: Installation): Promise<Work> {
  const { jobs, workspaces, space, log } = installation;
  const tender = new DatabaseTender({ open: () => opened(installation), fault: (id, error) => workspaces.noteFault(id, error), log });
  const listening = startListening(installation, (ws, channelId, events, state) => receiveEvents(ws, channelId, events, { state }));
  const silence = new SilenceWatch(installation);
  jobs.begin(KINDS);
  tender.begin();
  space.begin(() => tender.cutAll());
  workspaces.attend({
    closes: (id) => listening.end(id),
    back(ws, fell) {
      if (fell) jobs.resume(ws);
      else jobs.recover(ws);
      listening.begin(ws);
    },
  });
  await workspaces.each(function wake(ws) {
    closeDeadRuns(ws);
    rebuildRoutes(ws);
    wantForgottenFiles(ws);
    forgetMembersGone(ws);
    wantPurges(ws);
    jobs.recover(ws);
    listening.begin(ws);
    silence.lookInto(ws);
  });
  const orLog = (act: () => Promise<void> | void) => async (): Promise<void> => {
    try {
      await act();
    } catch (err) {
      log.error({ err }, 'scheduled work failed');
    }
  };
  const everyMinute = orLog(async () => {
    await beat(installation);
    await silence.look();
  });
  await everyMinute();
  const schedules = [
    cron.schedule('* * * * *', everyMinute),
    cron.schedule(
      '17 3 * * *',
      orLog(() => everyNight(installation, tender)),
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
      await space.stop();
      await tender.stop();
      await orLog(() => beat(installation))();
    },
  };
}

/** One workspace after the other, with a breath between them: the server goes on answering. */
async function everyNight(installation: Installation, tender: DatabaseTender): Promise<void> {
  const { workspaces, log } = installation;
  const tidying = { ...installation, tender, release: releaseSearch, mustWriteAnew: waitsForProof, writtenAnew: certify };
  for (const id of workspaces.ids().filter((each) => !workspaces.isClosed(each))) {
    for (const act of NIGHTLY) {
      await workspaces.use(id, act).catch((err: unknown) => log.error({ err, workspace: id, act: act.name }, 'nightly work failed'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await tidyWorkspace(tidying, id).catch((err: unknown) => log.error({ err, workspace: id }, 'a workspace was not tidied'));
  }
  await tender.cutLog(controlOf(installation));
  await backUp(installation, 'night');
}

function* opened(installation: Installation): Generator<OpenDatabase> {
  yield controlOf(installation);
  yield* installation.workspaces.opened();
}

function controlOf({ control }: Installation): OpenDatabase {
  return { id: 'control', sql: control.sql, prepare: control.prepare };
}
