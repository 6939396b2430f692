/** The way to a mail server: nodemailer speaks, the one way out connects. */
import type { Transporter } from 'nodemailer';
import type { Installation } from '../installation.ts';
import { isAddress, reachOf } from '../lib/addresses.ts';
import { MailError, mailFailure } from './mail-error.ts';
import type { MailServer } from './mail-server.ts';

const PATIENCE_MS = 20_000;

export interface Letter {
  to: string;
  subject: string;
  text: string;
  /** Its Message-ID without the brackets. */
  id: string;
}

/** Signs in and says goodbye. A server that says nothing is waited for `patienceMs`. Throws MailError, or the signal's reason. */
export async function tryServer(
  installation: Installation,
  server: MailServer,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  await withTransport(installation, server, { signal, patienceMs }, (transport) => transport.verify());
}

/** Sends one letter. Throws MailError, or the signal's reason. */
export async function sendLetter(installation: Installation, server: MailServer, letter: Letter, signal: AbortSignal): Promise<void> {
  const { to, subject, text, id } = letter;
  const from = { name: server.fromName, address: server.fromAddress };
  const headers = { 'Auto-Submitted': 'auto-generated' };
  await withTransport(installation, server, { signal, patienceMs: PATIENCE_MS }, (transport) =>
    transport.sendMail({ from, to, subject, text, headers, messageId: `<${id}>`, disableFileAccess: true, disableUrlAccess: true }),
  );
}

async function withTransport(
  { outbound }: Installation,
  server: MailServer,
  { signal, patienceMs }: { signal: AbortSignal; patienceMs: number },
  act: (transport: Transporter) => Promise<unknown>,
): Promise<void> {
  const { host, port, security, user, password } = server;
  // Loaded here: most servers start, and run, without sending a mail.
  const { createTransport } = await import('nodemailer');
  const connection = await outbound.socket(host, port, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw mailFailure(error, host);
  });
  const transport = createTransport({
    connection,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { ...(isAddress(host) ? {} : { servername: host }), rejectUnauthorized: true },
    ...(user === null ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  const cut = (): void => void connection.destroy();
  signal.addEventListener('abort', cut);
  try {
    if (security === 'none' && reachOf(connection.remoteAddress ?? '') !== 'private') {
      throw new MailError('Without encryption only a mail server on a private address is used. Choose an encrypted way.', {
        permanent: true,
        field: 'security',
      });
    }
    await act(transport);
  } catch (error) {
    signal.throwIfAborted();
    throw mailFailure(error, host);
  } finally {
    signal.removeEventListener('abort', cut);
    transport.close();
    connection.destroy();
  }
}
