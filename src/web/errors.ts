import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { NoRoom } from '../db/disk-space.ts';
import { IllWorkspace, RestingWorkspace } from '../db/closed-workspaces.ts';
import { NoWorkspace } from '../workspaces.ts';
import { requestId } from './logging.ts';
import { presentOf, setPresent } from './present.ts';
import { nothingHere, Problem } from './problem.ts';
import { pageOf } from './redirect.ts';
import { fragment, render } from './render.ts';
import { NO_ROOM } from './room.ts';
import { wantsFragment, wantsJson } from './wants.ts';

export { nothingHere, Problem };

const TITLES: Record<number, string> = {
  400: 'That could not be read',
  401: 'Please sign in',
  403: 'That is not yours to do',
  404: 'There is nothing here',
  405: 'That is not done here',
  409: 'Somebody was faster',
  410: 'This link has ended',
  413: 'That is too much at once',
  415: 'This form is not understood',
  422: 'Something is missing',
  429: 'That was too often',
  500: 'Something broke on our side',
  503: 'Not ready yet',
  507: 'The disk is nearly full',
};

const RESTING = 'The files of this business are being made smaller, which takes a few seconds. Load this page again in a moment.';

/** What Express and its body parsers throw, by their `type` or status. */
function knownFault(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as Error & { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.parse.failed':
      return new Problem(400, 'The text that was sent is not valid JSON.');
    case 'entity.too.large':
    case 'parameters.too.many':
      return new Problem(413, 'More was sent than fits here. Send less at once, or upload it as a file.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem(415, 'The text came in an encoding that is not read here. Send UTF-8.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem(400, 'The request ended before it was complete. Try again.');
    default:
  }
  if (error instanceof NoWorkspace) return nothingHere();
  if (error instanceof RestingWorkspace) return new Problem(503, RESTING, { retryAfter: 2 });
  if (error instanceof NoRoom) return new Problem(507, NO_ROOM);
  // A path that can't be decoded, such as /%E0%A4%A.
  if (status === 400) return new Problem(400, 'This address can’t be read. Check how it was copied.');
  return undefined;
}

const ILL_PASSES =
  'The disk failed while this business’s data was read, so it was closed to keep it whole. It is tried again every minute. If this page stays, who runs the server finds the cause in its log; other businesses there go on.';
const ILL_STAYS =
  'The database of this business is damaged, so it was closed before more is lost. Who runs the server can put a backup of its folder back and start Deskbell again: the log names the folder. Other businesses there go on.';
const ILL_FOR_VISITORS = 'This can’t be answered just now. Try again later.';

/** The workspace of this request has an ill database: it was refused, or closed while the request ran, or by its very error. */
function illness(error: unknown, res: Response): Problem | undefined {
  const { installation, workspace, role: _, ...known } = presentOf(res);
  if (workspace) installation.workspaces.noteFault(workspace.id, error);
  const ill = error instanceof IllWorkspace ? error : workspace && installation.workspaces.illness(workspace.id);
  if (!ill) return undefined;
  // The page that says so must not ask the database for the business's name.
  setPresent(res, { installation, ...known });
  const says = known.user ? (ill.mayPass ? ILL_PASSES : ILL_STAYS) : ILL_FOR_VISITORS;
  return new Problem(503, says, { cause: error, ...(ill.mayPass ? { retryAfter: 60 } : {}) });
}

export const notFound: RequestHandler = () => {
  throw nothingHere();
};

function answer(req: Request, res: Response, problem: Problem): void {
  const reference = problem.status >= 500 ? requestId(res) : undefined;
  res.status(problem.status);
  res.setHeader('Cache-Control', 'no-store');
  if (problem.retryAfter !== undefined) res.setHeader('Retry-After', String(Math.ceil(problem.retryAfter)));
  if (wantsJson(req)) {
    res.json({ error: problem.says, ...(problem.field ? { field: problem.field } : {}), ...(reference ? { reference } : {}) });
    return;
  }
  const title = TITLES[problem.status] ?? (problem.status >= 500 ? 'Something broke on our side' : 'That did not work');
  const data = { title, status: problem.status, says: problem.says, reference };
  if (wantsFragment(req)) {
    // What failed stands above the page and stays; the page's own part is left as it was.
    res.setHeader('HX-Retarget', '#notices');
    res.setHeader('HX-Reswap', 'innerHTML');
    fragment(res, 'errors/_problem', data);
    return;
  }
  // Inside a workspace its frame stays, so that every way is still open; an ill one can't be asked for it.
  const inside = problem.status < 500 && presentOf(res).workspace !== undefined;
  const back = req.method === 'GET' ? '' : pageOf(req, '');
  render(res, 'errors/problem', { ...data, inside, back }, { layout: inside ? 'app' : 'bare' });
}

/** The one place where failures become answers: pages, htmx fragments and JSON. Nothing of the cause leaves the log. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const problem = error instanceof Problem ? error : (illness(error, res) ?? knownFault(error));
    if (problem === undefined || problem.status >= 500)
      log.error({ request: requestId(res), err: problem?.cause ?? error }, 'request failed');
    if (res.headersSent) {
      // A stream that broke in the middle can only be cut.
      next(error);
      return;
    }
    answer(
      req,
      res,
      problem ??
        new Problem(500, 'It has been written down. Try again; if it happens once more, give the reference to who runs this server.'),
    );
  };
}
