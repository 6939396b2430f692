/** What a mail server refused, or why it wasn't reached, in words for people. */
import { OutboundError } from '../lib/outbound-error.ts';

/** `permanent`: trying again can't help. `field`: the setting that it is about. */
export class MailError extends Error {
  readonly says: string;
  readonly permanent: boolean;
  readonly field: 'host' | 'port' | 'security' | 'user' | 'password' | 'fromAddress' | undefined;

  constructor(says: string, init: { permanent?: boolean; field?: MailError['field']; cause?: unknown } = {}) {
    super(says, { cause: init.cause });
    this.name = 'MailError';
    this.says = says;
    this.permanent = init.permanent ?? false;
    this.field = init.field;
  }
}

const NO_TLS = 'This server speaks no encryption that way. Port 465 takes “From the start”, port 587 “After the greeting”.';
const CERTIFICATE = 'The server’s certificate can’t be verified. Enter the name that the certificate is for.';
const CUT = 'The mail server ended the connection. Deskbell tries again by itself.';

/** A failure of nodemailer's or of the connection. */
export function mailFailure(cause: unknown, host: string): MailError {
  if (cause instanceof MailError) return cause;
  if (cause instanceof OutboundError) return new MailError(cause.says, { permanent: cause.kind === 'blocked', field: 'host', cause });
  const {
    code = '',
    responseCode = 0,
    command = '',
    message,
  } = cause as Error & { code?: string; responseCode?: number; command?: string };
  if (code === 'EAUTH')
    return new MailError('The mail server refuses this user name or password. Some want a password made for programs.', {
      permanent: true,
      field: 'password',
      cause,
    });
  // Node's own code is lost on the way through nodemailer; what OpenSSL says is not.
  if (/certificate|altnames/i.test(message)) return new MailError(CERTIFICATE, { permanent: true, field: 'host', cause });
  if (code === 'ETLS' || command === 'STARTTLS' || /:SSL routines:|disconnected before secure/i.test(message))
    return new MailError(NO_TLS, { permanent: true, field: 'security', cause });
  if (code === 'ETIMEDOUT')
    return new MailError(`${host} took the connection and then said nothing. Is it a mail server’s port?`, { field: 'port', cause });
  if (code === 'EENVELOPE' || responseCode >= 500) return refused(responseCode, command, cause);
  if (responseCode >= 400) return new MailError('The mail server is busy. Deskbell tries again by itself.', { cause });
  return new MailError(CUT, { cause });
}

function refused(responseCode: number, command: string, cause: unknown): MailError {
  const permanent = responseCode >= 500;
  if (command === 'MAIL FROM')
    return new MailError('The mail server doesn’t let this account send from this address.', { permanent, field: 'fromAddress', cause });
  if (command === 'RCPT TO') return new MailError('The mail server doesn’t take mail for this address.', { permanent, cause });
  return new MailError('The mail server refused the mail and will refuse it again. The log has its reason.', { permanent, cause });
}
