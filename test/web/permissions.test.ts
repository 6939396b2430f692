import assert from 'node:assert/strict';
import express, { Router } from 'express';
import { may } from '../../src/web/guard.ts';
import { isWorkspaceAction, matrix, roleMay, roles } from '../../src/web/permissions.ts';
import { startServer, type Client, type Person, type TestServer } from '../support/http.ts';
import { routesOf, type FoundRoute } from '../support/routes.ts';

const NOT_YOUR_ROLE = 'Your role in this workspace doesn’t include this';
const people: Person[] = [...roles, 'outsider'];

interface Met {
  status: number;
  location: string;
  text: string;
}

/** Calls a route with an id that doesn't exist and a field that no form has: whoever gets in changes nothing. */
async function call(client: Client, { method, path }: FoundRoute, workspace: string): Promise<Met> {
  const address = path.replace(':workspace', workspace).replace(/[:*]\w+/g, '999999');
  const form = new URLSearchParams({ csrf: client.csrf ?? '', 'no-form-has-this': '1' }).toString();
  const response = await fetch(client.url + address, {
    method,
    redirect: 'manual',
    headers: {
      Accept: 'text/html',
      ...(client.cookie ? { Cookie: client.cookie } : {}),
      ...(method === 'GET' ? {} : { Origin: client.url, 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
    ...(method === 'GET' ? {} : { body: form }),
  });
  const location = response.headers.get('Location') ?? '';
  if (response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return { status: response.status, location, text: '' };
  }
  return { status: response.status, location, text: await response.text() };
}

type Class = 'asked to sign in' | 'asked for the password' | 'not found' | 'wrong role' | 'let in';

function classOf({ status, location, text }: Met): Class {
  if (location.startsWith('/sign-in')) return 'asked to sign in';
  if (location.startsWith('/account/confirm')) return 'asked for the password';
  if (status === 403 && text.includes(NOT_YOUR_ROLE)) return 'wrong role';
  if (status === 404 && text.includes('or it isn’t yours to see')) return 'not found';
  return 'let in';
}

/** A member who is let in and asks for a row that doesn't exist gets the words of a stranger; a page that needs no row must open. */
function wasLetIn(met: Met, { method, path }: FoundRoute): boolean {
  if (method === 'GET' && !/[:*]/.test(path.replace(':workspace', ''))) return met.status < 400 && classOf(met) === 'let in';
  return ['let in', 'not found'].includes(classOf(met)) && met.status < 500;
}

describe('permissions', () => {
  let server: TestServer;
  let routes: FoundRoute[];

  before(async () => {
    server = await startServer();
    routes = routesOf(server.app);
  });
  after(() => server.end());

  it('every route says first who may come in', () => {
    assert.ok(routes.length > 20, `only ${routes.length} routes were seen`);
    assert.deepEqual(
      routes.filter(({ permission }) => permission === undefined),
      [],
    );
  });

  it('a route without a guard, in a router within a router, is found', () => {
    const inner = Router().get('/open', (_req, res) => void res.end());
    const late = Router().get('/late', (_req, _res, next) => next(), may('public'));
    const app = express().use(Router().use(inner)).use(late);
    assert.deepEqual(routesOf(app), [
      { method: 'GET', path: '/open', permission: undefined },
      { method: 'GET', path: '/late', permission: undefined },
    ]);
  });

  it('an action of the matrix guards workspace pages and nothing else', () => {
    const misplaced = routes.filter(
      ({ path, permission }) => permission && isWorkspaceAction(permission) !== path.startsWith('/w/:workspace'),
    );
    assert.deepEqual(misplaced, []);
  });

  it('[P7.1-d] every workspace route lets in exactly the roles of the matrix', async function () {
    this.timeout(60_000);
    const wrong: string[] = [];
    for (const person of people) {
      const client = await server.as(person);
      for (const route of routes) {
        const { permission } = route;
        if (!permission || !isWorkspaceAction(permission)) continue;
        const met = await call(client, route, server.workspace);
        const expected: Class = person === 'outsider' ? 'not found' : roleMay(person, permission) ? 'let in' : 'wrong role';
        const right = expected === 'let in' ? wasLetIn(met, route) : classOf(met) === expected;
        if (!right) wrong.push(`${person} ${route.method} ${route.path}: ${met.status}, ${classOf(met)}, expected ${expected}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('what a role may not do is said within the workspace’s frame, so that every way stays open', async () => {
    const agent = await server.as('agent');
    const { status, text } = await agent.get(`/w/${server.workspace}/bots/new`);
    assert.equal(status, 403);
    assert.match(text, new RegExp(`<nav class="ways"[^]*href="/w/${server.workspace}/inbox">To the inbox`));
  });

  it('a workspace that does not exist looks like one of somebody else', async () => {
    const owner = await server.as('owner');
    const outsider = await server.as('outsider');
    const missing = await owner.get('/w/w_22222222222222222222/settings');
    const foreign = await outsider.get(`/w/${server.workspace}/settings`);
    assert.equal(missing.status, 404);
    assert.equal(foreign.status, 404);
    assert.equal(foreign.text, missing.text);
  });

  it('who is not signed in is sent to sign in, from every page that is not public', async () => {
    const stranger = server.stranger();
    const wrong: string[] = [];
    for (const route of routes) {
      const { permission } = route;
      if (!permission || permission === 'public' || permission === 'visitor' || permission === 'webhook') continue;
      const met = await call(stranger, route, server.workspace);
      if (classOf(met) !== 'asked to sign in') wrong.push(`${route.method} ${route.path}: ${met.status} ${met.location}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('what only the operator does is not found by others', async () => {
    const wrong: string[] = [];
    for (const route of routes.filter(({ permission }) => permission === 'operator')) {
      const met = await call(await server.as('admin'), route, server.workspace);
      if (classOf(met) !== 'not found') wrong.push(`${route.method} ${route.path}: ${met.status}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('no posted form takes a field it does not know', async () => {
    const owner = await server.as('owner');
    const taken: string[] = [];
    for (const route of routes) {
      const { permission, method, path } = route;
      if (!permission || permission === 'visitor' || permission === 'webhook' || method === 'GET') continue;
      const met = await call(owner, route, server.workspace);
      if (met.status < 400 || met.status >= 500) taken.push(`${method} ${path}: ${met.status}`);
    }
    assert.deepEqual(taken, []);
  });

  it('keys and channels ask for the password again after ten minutes, and then let in', async () => {
    const owner = server.stranger();
    await owner.post('/sign-in', { email: 'mira@aurora.example', password: 'four quiet brass bells' });
    server.clock.move(11 * 60_000);
    const guarded = routes.filter(({ permission }) => permission && isWorkspaceAction(permission) && 'stepUp' in matrix[permission]);
    for (const route of guarded)
      assert.equal(classOf(await call(owner, route, server.workspace)), 'asked for the password', `${route.method} ${route.path}`);
    const back = await owner.post('/account/confirm', { password: 'four quiet brass bells', next: '/account' });
    assert.equal(back.location, '/account');
    for (const route of guarded) assert.ok(wasLetIn(await call(owner, route, server.workspace), route), `${route.method} ${route.path}`);
  });
});
