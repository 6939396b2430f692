/** Visitors who are signed in on the website: what they wrote before is theirs, and nothing of it stays after they signed out. */
import { Router } from 'express';
import { z } from 'zod';
import { identityOf, joinVisitor } from '../conversations/index.ts';
import { may } from '../web/guard.ts';
import { Problem } from '../web/problem.ts';
import { answer, tokenOf, visitorOf, type Act, type Call, type Within } from './call.routes.ts';
import { read, senderOf, type Open } from './take-post.routes.ts';
import { isOurs, readToken, type Visitor } from './visitor-token.ts';
import { signOut } from './sign-out.ts';

/** `token`: ours, of a conversation that was begun in the same browser before the sign-in. */
const identityPost = z.strictObject({ token: z.string().max(300).optional() });
const signOutPost = z.strictObject({});

export function identityRoutes(within: Within, open: Open): Router {
  const router = Router();
  router.post('/widget/:widget/identity', may('visitor'), within(identify));
  router.post('/widget/:widget/sign-out', may('visitor'), within(endIdentity(open)));
  return router;
}

/** Tells whether they have a conversation here, and whether the one before the sign-in was joined to it. */
const identify: Act = (req, res, call) => {
  const { ws, widget, language } = call;
  const visitor = signedInOf(call, tokenOf(req));
  const { token } = read(identityPost, req.body);
  const before = token !== undefined && isOurs(token) ? readToken(ws, widget.channelId, token) : null;
  const joined = before !== null && joinVisitor(ws, widget.channelId, before.id, senderOf(visitor, language));
  answer(res, { joined, known: identityOf(ws, widget.channelId, visitor.id) !== undefined });
};

const endIdentity =
  ({ streams }: Open): Act =>
  (req, res, call) => {
    const visitor = signedInOf(call, tokenOf(req));
    read(signOutPost, req.body);
    signOut(call.ws, visitor.signedIn.token, visitor.signedIn.until);
    streams.close(call.ws, visitor);
    answer(res, {});
  };

/** Throws Problem 401, for a visitor without a name, too. */
function signedInOf(call: Call, token: string | undefined): Visitor & Required<Pick<Visitor, 'signedIn'>> {
  const { signedIn, ...visitor } = visitorOf(call, token);
  if (!signedIn) throw new Problem(401, call.texts.signInAgain);
  return { ...visitor, signedIn };
}
