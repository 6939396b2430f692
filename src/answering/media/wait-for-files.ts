import { attachmentText, wantText } from '../../conversations/index.ts';
import { TryLater } from '../../jobs/job.ts';
import type { Workspace } from '../../workspace.ts';
import { patience, type OpenFiles } from './open-files.ts';

/**
 * Has the files read that an answer needs. Throws TryLater until the last of them is given up; the job that reads them asks
 * for the answer as soon as it is done.
 */
export function waitForFiles(ws: Workspace, waits: OpenFiles['waits']): never {
  const until = ws.write(() =>
    waits.map(({ attachmentId, kind }) => {
      wantText(ws, attachmentId, kind);
      return (attachmentText(ws, attachmentId)?.wantedAt ?? 0) + patience.filesMs;
    }),
  );
  throw new TryLater(Math.max(0, Math.max(...until) - ws.clock.now()), 'files are being read', { counts: false });
}
