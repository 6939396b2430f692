import { argon2Sync, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import { memberships, users } from '../../src/db/schema/control.ts';
import type { Installation } from '../../src/installation.ts';
import { csrfToken } from '../../src/web/csrf.ts';
import type { Role } from '../../src/web/permissions.ts';
import { closeStreams } from '../../src/web/sse.ts';
import { TestClock } from './clock.ts';
import { cafeAurora, testInstallation, type TestInstallation } from './installation.ts';
import { request, type Sending } from './request.ts';

/** Everybody of the cast signs in with it. */
export const PASSWORD = 'four quiet brass bells';

/** Who works at Café Aurora, and Olga, who has an account and no membership. */
export const cast = {
  owner: { firstName: 'Mira', lastName: 'Aydın', email: 'mira@aurora.example' },
  admin: { firstName: 'Jonas', lastName: 'Weber', email: 'jonas@aurora.example' },
  agent: { firstName: 'Ana', lastName: 'Silva', email: 'ana@aurora.example' },
  viewer: { firstName: 'Viktor', lastName: 'Petrov', email: 'viktor@aurora.example' },
  outsider: { firstName: 'Olga', lastName: 'Nowak', email: 'olga@elsewhere.example' },
} as const;
export type Person = keyof typeof cast;

/** As `hashPassword` makes it, but for its cost: a hash names its own, and each sign-in would take 40 ms of the processor. */
function cheapHash(): string {
  const [nonce, cost] = [randomBytes(16), { memory: 8, passes: 1, parallelism: 1 }];
  const tag = argon2Sync('argon2id', { message: PASSWORD, nonce, tagLength: 32, ...cost });
  const encoded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=8,t=1,p=1$${encoded(nonce)}$${encoded(tag)}`;
}

const passwordHash = cheapHash();

/** Writes the cast into control.db; returns their ids. */
export async function addCast(installation: Installation, workspaceId: string): Promise<Record<Person, number>> {
  const { control, clock } = installation;
  const now = clock.now();
  return control.durable(() => {
    const add = (person: Person): number => {
      const row = { ...cast[person], passwordHash, confirmedAgeAt: now, createdAt: now, isOperator: person === 'owner' };
      const { id } = control.db.insert(users).values(row).returning({ id: users.id }).get();
      const role: Role | undefined = person === 'outsider' ? undefined : person;
      if (role) control.db.insert(memberships).values({ workspaceId, userId: id, role, createdAt: now }).run();
      return id;
    };
    control.sql.prepare('UPDATE installation SET set_up_at = ?').run(now);
    return { owner: add('owner'), admin: add('admin'), agent: add('agent'), viewer: add('viewer'), outsider: add('outsider') };
  });
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Where a redirect leads, as a path. */
  location: string | undefined;
}

export type Fields = Record<string, string>;

/** A browser without a screen: keeps its cookie, follows nothing by itself. */
export class Client {
  readonly url: string;
  cookie: string | undefined;

  constructor(url: string) {
    this.url = url;
  }

  async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const { status, headers, text } = await request(method, this.url + path, {
      ...sending,
      headers: { ...(this.cookie ? { Cookie: this.cookie } : {}), ...sending.headers },
    });
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      this.cookie = pair.endsWith('=') ? undefined : pair;
    }
    const location = headers.get('Location') ?? headers.get('HX-Redirect') ?? undefined;
    return { status, headers, text, location: location?.replace(this.url, '') };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, { headers: { Accept: 'text/html', ...headers } });
  }

  /** Posts a form as a browser would, with the token that the page's hidden field has; `csrf: ''` in the fields overrides it. */
  post(path: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams({ ...(this.csrf === undefined ? {} : { csrf: this.csrf }), ...fields }).toString();
    return this.send('POST', path, {
      body,
      headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', Origin: this.url, ...headers },
    });
  }

  get csrf(): string | undefined {
    const token = this.cookie?.split('=')[1];
    return token === undefined ? undefined : csrfToken({ id: 0, token, userId: 0, createdAt: 0, steppedUpAt: null });
  }
}

export interface TestServer extends TestInstallation {
  app: Express;
  url: string;
  clock: TestClock;
  workspace: string;
  people: Record<Person, number>;
  /** Signed in by the sign-in page, once for each person. */
  as(person: Person): Promise<Client>;
  /** Nobody yet. */
  stranger(): Client;
}

export interface ServerOptions {
  env?: Record<string, string>;
  clock?: TestClock;
  /** Nothing was set up yet. */
  empty?: boolean;
}

/** A whole server on a port of its own, with Café Aurora and its cast. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? new TestClock();
  const test = await testInstallation({ clock, ...(options.env ? { env: options.env } : {}) });
  const { installation } = test;
  const app = createApp(installation);
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (!options.env?.['BASE_URL']) installation.settings.baseUrl = url;
  const workspace = options.empty ? '' : cafeAurora(installation);
  const people = options.empty ? { owner: 0, admin: 0, agent: 0, viewer: 0, outsider: 0 } : await addCast(installation, workspace);
  const clients = new Map<Person, Client>();
  return {
    ...test,
    app,
    url,
    clock,
    workspace,
    people,
    stranger: () => new Client(url),
    async as(person) {
      const known = clients.get(person);
      if (known) return known;
      const client = new Client(url);
      const { status } = await client.post('/sign-in', { email: cast[person].email, password: PASSWORD });
      if (status !== 303) throw new Error(`${person} could not sign in: ${status}`);
      clients.set(person, client);
      return client;
    },
    async end() {
      closeStreams(app);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await test.end();
    },
  };
}
