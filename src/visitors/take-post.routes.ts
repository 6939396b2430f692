/** What every post of a visitor has in common: who they are, what is read of it, and how it is stored. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ChannelEvent, Sender } from '../channels/index.ts';
import { publicIdOf, receiveEvents, visitorState, type FilesByReference, type VisitorState } from '../conversations/index.ts';
import type { Texts } from '../lib/catalogue.ts';
import { longText } from '../web/parse.ts';
import { Problem } from '../web/problem.ts';
import type { Allowance } from './allowance.ts';
import { answer, identityFor, notTooOften, onlyWhereAnybodyMay, tokenOf, visitorOf, type Call } from './call.routes.ts';
import type { VisitorStreams } from './streams.ts';
import { newVisitor, postId, signToken, type Visitor } from './visitor-token.ts';

const TEXT_AT_MOST = 4000;
const messageText = longText('The message', TEXT_AT_MOST);
const SAYS_SOMETHING = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** The page's own id of a post: sent again, it is the same one. */
export const clientId = z.string().regex(/^[\w-]{16,64}$/);

/** What the posts share for as long as the server runs. */
export interface Open {
  streams: VisitorStreams;
  perVisitor: Allowance;
}

/** Takes in a post of a visitor, old or new, and answers once it is stored for good. */
export async function receive(
  open: Open,
  req: Request,
  res: Response,
  call: Call,
  clientId: string,
  event: (visitor: Visitor) => ChannelEvent,
  files?: FilesByReference,
): Promise<void> {
  const { ws, widget, texts } = call;
  const token = tokenOf(req);
  if (token === undefined) onlyWhereAnybodyMay(call);
  const visitor = token === undefined ? newVisitor(ws, widget.channelId, clientId) : visitorOf(call, token);
  notTooOften(open.perVisitor.take(visitor.id), texts);
  const [received] = await receiveEvents(ws, widget.channelId, [event(visitor)], files ? { files } : {});
  // A command that comes again is known by its hash alone.
  const conversationId = received?.conversationId ?? stateFor(call, visitor).conversationId;
  open.streams.follow(ws, visitor, conversationId);
  answer(res, {
    ...(token === undefined ? { token: signToken(ws, visitor) } : {}),
    ...(received?.messageId === undefined ? {} : { messageId: received.messageId }),
    conversation: received?.publicId ?? publicIdOf(ws, conversationId),
  });
}

export function heading({ ws, language }: Call, visitor: Visitor, clientId: string) {
  return { thread: visitor.id, sender: senderOf(visitor, language), externalId: postId(clientId), saidAt: ws.clock.now() };
}

export function senderOf({ id, signedIn }: Visitor, language: string): Sender {
  const { name, email } = signedIn ?? {};
  return { externalId: id, language, ...(name === undefined ? {} : { displayName: name }), ...(email === undefined ? {} : { email }) };
}

/** Throws Problem 400. */
export function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(
    400,
    issue?.code === 'unrecognized_keys'
      ? `There is no field ${issue.keys.join(', ')} here.`
      : `The field ${issue?.path.join('.')} is missing or of a wrong form.`,
  );
}

/** What was typed, cleaned. Throws Problem 422. */
export function textOf(typed: string, texts: Texts): string {
  const parsed = messageText.safeParse(typed);
  if (!parsed.success) throw new Problem(422, texts.tooLong, { field: 'text' });
  if (!SAYS_SOMETHING.test(parsed.data)) throw new Problem(422, texts.empty, { field: 'text' });
  return parsed.data;
}

/** The visitor's newest conversation. Throws Problem 401 when there is none any more. */
export function stateFor(call: Call, visitor: Visitor): VisitorState {
  const state = visitorState(call.ws, identityFor(call, visitor));
  if (!state) throw new Problem(401, call.texts.ended);
  return state;
}
