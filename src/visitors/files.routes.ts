/** Files of visitors: what they send, and what was sent to and fro in their own conversations. */
import { Router } from 'express';
import { z } from 'zod';
import { LARGEST_ATTACHMENT, type ChannelEvent, type InPart } from '../channels/index.ts';
import {
  dropUnused,
  FileRefused,
  FILES_AT_ONCE,
  isAttachmentOf,
  NotKept,
  openAttachment,
  receiveSaid,
  shownAs,
} from '../conversations/index.ts';
import type { Installation } from '../installation.ts';
import { fill, type Texts } from '../lib/catalogue.ts';
import { TooLarge } from '../vault/sealed-file.ts';
import { may } from '../web/guard.ts';
import { networkOf } from '../web/limits.ts';
import { idParam } from '../web/parse.ts';
import { nothingHere, Problem } from '../web/problem.ts';
import { NoFiles, TooMany } from '../web/receive-form.ts';
import { serveFile } from '../web/serve-file.ts';
import { Allowance } from './allowance.ts';
import { identityFor, notTooOften, onlyWhereAnybodyMay, preflight, tokenOf, visitorOf, type Act, type Within } from './call.routes.ts';
import { clientId, heading, read, receive, textOf, type Open } from './take-post.routes.ts';
import type { Visitor } from './visitor-token.ts';

const POSTS_A_MINUTE = 12;
/** A disk isn't filled by one visitor in an afternoon. */
const BYTES_A_MINUTE = 250 * 1024 * 1024;

const filesPost = z.strictObject({ clientId, text: z.string().optional() });

export function fileRoutes(installation: Installation, within: Within, open: Open): Router {
  const router = Router();
  const visitor = may('visitor');
  const perNetwork = { posts: new Allowance(POSTS_A_MINUTE, installation.clock), bytes: new Allowance(BYTES_A_MINUTE, installation.clock) };
  router.options('/widget/:widget/files/:attachment', visitor, preflight(installation));
  router.post('/widget/:widget/files', visitor, within(takeFiles(open, perNetwork), undefined, true));
  router.get('/widget/:widget/files/:attachment', visitor, within(showFile));
  return router;
}

/** A message of files, with or without words. The token goes as `Authorization` alone: the form isn't read before who sends it is known. */
const takeFiles =
  (open: Open, perNetwork: { posts: Allowance; bytes: Allowance }): Act =>
  async (req, res, call) => {
    const { ws, texts } = call;
    if (!ws.installation.space.forImports) throw new Problem(507, texts.filesNotNow);
    const token = tokenOf(req);
    if (token === undefined) onlyWhereAnybodyMay(call);
    else visitorOf(call, token);
    const network = networkOf(req.ip);
    // Who doesn't say how much comes may send as much as is taken at once.
    const bytes = Number(req.headers['content-length'] ?? FILES_AT_ONCE * LARGEST_ATTACHMENT);
    notTooOften(perNetwork.posts.take(network) || perNetwork.bytes.take(network, bytes), texts);
    const { fields, files } = await receiveSaid(ws, req).catch((error: unknown) => {
      throw refusal(error, texts);
    });
    try {
      const said = read(filesPost, fields);
      if (files.length === 0) throw new Problem(422, texts.empty);
      const words: InPart[] = (said.text ?? '').trim() === '' ? [] : [{ kind: 'text', text: textOf(said.text ?? '', texts) }];
      const parts = files.map(({ name, file }): InPart => ({ kind: shownAs(file.mime), file: { reference: file.name, name } }));
      const event = (visitor: Visitor): ChannelEvent => ({
        ...heading(call, visitor, said.clientId),
        type: 'message',
        parts: [...parts, ...words],
      });
      await receive(open, req, res, call, said.clientId, event, new Map(files.map((each) => [each.file.name, each])));
    } finally {
      dropUnused(ws, files);
    }
  };

const showFile: Act = async (req, res, call) => {
  const id = idParam(req, 'attachment');
  const identityId = identityFor(call, visitorOf(call, tokenOf(req)));
  const file = isAttachmentOf(call.ws, identityId, id) ? openAttachment(call.ws, id, { save: false }) : undefined;
  if (!file) throw nothingHere();
  await serveFile(req, res, file);
};

/** Why files weren't taken, in the visitor's language. */
function refusal(error: unknown, texts: Texts): unknown {
  if (error instanceof NoFiles) return new Problem(400, texts.filesNotNow, { cause: error });
  if (!(error instanceof FileRefused)) return error;
  const { file: name, cause } = error;
  const mb = String(LARGEST_ATTACHMENT / 1024 / 1024);
  if (cause instanceof TooLarge) return new Problem(413, fill(texts.fileTooLarge, { name, mb }));
  if (cause instanceof TooMany) return new Problem(422, fill(texts.filesAtOnce, { count: String(FILES_AT_ONCE) }));
  if (cause instanceof NotKept) return new Problem(422, fill(cause.why === 'empty' ? texts.fileIsEmpty : texts.fileIsProgram, { name }));
  return cause;
}
