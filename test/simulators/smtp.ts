/** A mail server as a business rents one: it wants a sign-in, takes letters from its own addresses alone, and may fail on demand. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { untrusted } from './http-certificate.ts';

export interface Letter {
  from: string;
  to: string[];
  /** As it came over the wire. */
  raw: string;
  /** As one reads them. */
  subject: string;
  text: string;
}

interface Fault {
  at: 'rcpt' | 'data';
  /** Of SMTP: 4xx passes, 5xx doesn't. */
  code: number;
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Subject and words, decoded as far as a letter of plain text needs it (RFC 2045, 2047). */
function readable(raw: string): { subject: string; text: string } {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const field = (name: string): string =>
    new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(head)?.[1]?.replace(/\r\n[ \t]+/g, ' ') ?? '';
  const words = field('Subject').replace(/\?=\s+=\?/g, '?==?');
  const subject = words.replace(/=\?UTF-8\?([QB])\?(.*?)\?=/gi, (_, how: string, coded: string) =>
    how.toUpperCase() === 'B' ? Buffer.from(coded, 'base64').toString() : unquoted(coded.replaceAll('_', ' ')),
  );
  const body = rest.join('\r\n\r\n');
  const coding = field('Content-Transfer-Encoding').toLowerCase();
  const text = coding === 'base64' ? Buffer.from(body, 'base64').toString() : coding === 'quoted-printable' ? unquoted(body) : body;
  return { subject, text };
}

function unquoted(coded: string): string {
  const bytes = coded.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

export class SmtpSimulator {
  readonly letters: Letter[] = [];
  readonly user = 'desk@aurora.example';
  readonly password = 'a-password-for-programs';
  readonly #faults: Fault[] = [];
  #server: SMTPServer | Server | undefined;
  port = 0;

  /** `encrypted` offers STARTTLS, by a certificate that nobody vouches for; `hang` takes connections and never says a word. */
  async start(options: { encrypted?: boolean; hang?: boolean; port?: number } = {}): Promise<this> {
    const server = options.hang
      ? createServer((socket) => void socket.on('error', () => undefined))
      : this.#smtp(options.encrypted === true);
    const listener = server instanceof SMTPServer ? server.server : server;
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(listener, 'listening');
    this.port = (listener.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** The next letter fails like this. */
  fail(fault: Fault): void {
    this.#faults.push(fault);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #smtp(encrypted: boolean): SMTPServer {
    return new SMTPServer({
      ...untrusted,
      disabledCommands: encrypted ? [] : ['STARTTLS'],
      allowInsecureAuth: true,
      logger: false,
      closeTimeout: 100,
      onAuth: ({ username, password }, _session, done) =>
        username === this.user && password === this.password ? done(null, { user: username }) : done(refusal(535, 'Authentication failed')),
      onMailFrom: ({ address }, _session, done) =>
        done(address.endsWith('@aurora.example') ? null : refusal(553, 'Sender address rejected: not owned by user')),
      onRcptTo: ({ address }, _session, done) => {
        const fault = this.#take('rcpt');
        if (fault) return done(refusal(fault.code, 'Recipient refused'));
        return done(address.startsWith('nobody@') ? refusal(550, 'No such user here') : null);
      },
      onData: (stream, session, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const fault = this.#take('data');
          if (fault) return done(refusal(fault.code, 'Not now'));
          const from = session.envelope.mailFrom;
          const raw = Buffer.concat(pieces).toString();
          this.letters.push({
            from: from ? from.address : '',
            to: session.envelope.rcptTo.map(({ address }) => address),
            raw,
            ...readable(raw),
          });
          return done(null);
        });
      },
    });
  }

  #take(at: 'rcpt' | 'data'): { code: number } | undefined {
    const [fault] = this.#faults;
    if (fault?.at !== at) return undefined;
    this.#faults.shift();
    return fault;
  }
}
