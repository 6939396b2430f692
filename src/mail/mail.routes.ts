/** Settings, Mail: the business's own mail server, and what couldn't be sent. */
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { Secret } from '../lib/secret.ts';
import { nothingHere } from '../web/errors.ts';
import { flash } from '../web/flash.ts';
import { may } from '../web/guard.ts';
import { emailAddress, idParam, line, optionalLine, parseForm } from '../web/parse.ts';
import { here } from '../web/present.ts';
import { seeOther } from '../web/redirect.ts';
import { render } from '../web/render.ts';
import { MailError } from './mail-error.ts';
import { mailServerOf, removeMailServer, saveMailServer, type MailServer } from './mail-server.ts';
import { failedMails, mailStanding } from './mail.queries.ts';
import { queueMail } from './queue-mail.ts';
import { settleMail } from './settle-mail.ts';
import { tryServer } from './transport.ts';

const HOST = /^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$/;

const serverForm = z.strictObject({
  host: line('The server', 253)
    .transform((text) => text.toLowerCase())
    .refine((text) => HOST.test(text), { error: 'This is no server’s name. It looks like smtp.example.com.' }),
  port: z.coerce
    .number({ error: 'A port is a number, mostly 587 or 465.' })
    .int()
    .min(1, { error: 'A port is a number, mostly 587 or 465.' })
    .max(65_535, {
      error: 'A port is 65535 at most.',
    }),
  security: z.enum(['tls', 'starttls', 'none'], { error: 'Choose one of the three.' }),
  user: optionalLine('The user name', 200),
  password: z.string().max(500, { error: 'A password has 500 characters at most.' }).default(''),
  fromName: line('The sender’s name', 100),
  fromAddress: emailAddress(),
});
const nothing = z.strictObject({});
const settled = z.strictObject({ how: z.enum(['again', 'drop']) });

const SECURITY = [
  { value: 'starttls', label: 'After the greeting' },
  { value: 'tls', label: 'From the start' },
  { value: 'none', label: 'None' },
];

export function mailRoutes(): Router {
  const router = Router({ mergeParams: true });
  const edit = may('mail.edit');
  router.get('/w/:workspace/settings/mail', may('settings.edit'), (_req, res) => page(res, {}));
  router.post('/w/:workspace/settings/mail', edit, save);
  router.post('/w/:workspace/settings/mail/test', may('settings.edit'), test);
  router.post('/w/:workspace/settings/mail/remove', edit, remove);
  router.post('/w/:workspace/mails/:id/settle', may('settings.edit'), settle);
  return router;
}

function page(res: Response, { typed, errors = {} }: { typed?: object; errors?: Record<string, string> }): void {
  const { workspace, user } = here(res);
  const standing = mailStanding(workspace);
  const server = mailServerOf(workspace);
  const fresh = { port: 587, security: 'starttls', fromName: workspace.prepare('SELECT name FROM business WHERE id = 1').pluck().get() };
  render(res, 'settings/mail', {
    typed: typed ?? (server ? { ...server, password: '' } : fresh),
    errors,
    standing,
    failed: failedMails(workspace),
    security: SECURITY,
    sealed: server?.password ? 'Sealed. Type another one to replace it.' : '',
    line: !standing ? 'No mail is sent yet.' : standing.says ? 'Mail can’t be sent just now.' : 'Mail goes out by your own server.',
    email: user.email,
  });
}

/** A server is tried before it is saved: one that can't be used would be found out on the day it is needed. */
async function save(req: Request, res: Response): Promise<void> {
  const { workspace, user, installation } = here(res);
  const form = parseForm(req, serverForm, ['password']);
  if (!form.ok) {
    res.status(422);
    page(res, form);
    return;
  }
  const server = withPassword(form.values, mailServerOf(workspace));
  try {
    await tryServer(installation, server, AbortSignal.timeout(60_000));
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    res.status(422);
    page(res, { typed: { ...form.values, password: '' }, errors: { [error.field ?? 'host']: error.says } });
    return;
  }
  saveMailServer(workspace, server, user.id);
  flash(res, 'The mail server answers, and is saved.');
  seeOther(req, res, `/w/${workspace.id}/settings/mail`);
}

/** Left empty, the password stays, but for the same account alone: it isn't shown to another server. */
function withPassword({ password, ...open }: z.output<typeof serverForm>, before: MailServer | null): MailServer {
  if (open.user === null) return { ...open, password: null };
  if (password !== '') return { ...open, password: new Secret(password) };
  const same = before !== null && before.host === open.host && before.user === open.user;
  return { ...open, password: same ? before.password : null };
}

function test(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  const text = 'This mail was sent by Deskbell, through the mail server that is set up there. It works.\n';
  const queued = workspace.durable(() => queueMail(workspace, { to: user.email, subject: 'A test from Deskbell', text }));
  if (!queued) throw nothingHere();
  flash(res, `A test is on its way to ${user.email}.`);
  seeOther(req, res, `/w/${workspace.id}/settings/mail`);
}

function remove(req: Request, res: Response): void {
  const { workspace, user } = here(res);
  parseForm(req, nothing);
  removeMailServer(workspace, user.id);
  flash(res, 'The mail server is forgotten. No mail is sent any more.');
  seeOther(req, res, `/w/${workspace.id}/settings/mail`);
}

function settle(req: Request, res: Response): void {
  const { workspace } = here(res);
  const read = parseForm(req, settled);
  if (!read.ok) throw nothingHere();
  if (!settleMail(workspace, idParam(req, 'id'), read.values.how)) throw nothingHere();
  flash(res, read.values.how === 'again' ? 'It is tried again.' : 'The mail is dropped.');
  seeOther(req, res, `/w/${workspace.id}/settings/mail`);
}
