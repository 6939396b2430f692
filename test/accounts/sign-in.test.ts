import assert from 'node:assert/strict';
import { sweepSignInFailures } from '../../src/accounts/index.ts';
import { beginTry, tryWasRight } from '../../src/accounts/lockout.ts';
import { cast, PASSWORD, startServer, type Answer, type TestServer } from '../support/http.ts';

const MINUTE = 60_000;

describe('sign-in', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ env: { TRUST_PROXY: '1' } });
  });
  afterEach(() => server.end());

  const tryIn = (email: string, password: string, ip = '203.0.114.1'): Promise<Answer> =>
    server.stranger().post('/sign-in', { email, password }, { 'X-Forwarded-For': ip });

  it('leads back to where one wanted to go', async () => {
    const client = server.stranger();
    const asked = await client.get(`/w/${server.workspace}/settings/members`);
    assert.equal(asked.location, `/sign-in?next=${encodeURIComponent(`/w/${server.workspace}/settings/members`)}`);
    const page = await client.get(asked.location ?? '');
    const [, next = ''] = /name="next" value="([^"]*)"/.exec(page.text) ?? [];
    const answer = await client.post('/sign-in', { email: '  MIRA@aurora.example', password: PASSWORD, next });
    assert.equal((await client.get(answer.location ?? '')).location, `/w/${server.workspace}/settings/members`);
  });

  it('says the same of a wrong password and of an address nobody has', async () => {
    const wrong = await tryIn(cast.owner.email, 'wrong wrong wrong');
    const unknown = await tryIn('nobody@aurora.example', 'wrong wrong wrong');
    assert.equal(wrong.status, 422);
    assert.equal(unknown.status, 422);
    assert.equal(unknown.text.replaceAll('nobody@aurora.example', cast.owner.email), wrong.text);
    assert.match(wrong.text, /don’t belong together/);
  });

  it('takes as long for an address nobody has', async () => {
    const time = async (email: string): Promise<number> => {
      const began = performance.now();
      await tryIn(email, 'wrong wrong wrong', '203.0.114.9');
      return performance.now() - began;
    };
    await time('warm@aurora.example');
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      known.push(await time(cast.owner.email));
      unknown.push(await time(`nobody${i}@aurora.example`));
    }
    // A look-up without a hash takes a tenth of the time.
    assert.ok(Math.min(...unknown) > Math.min(...known) * 0.4, `${unknown.join()} against ${known.join()}`);
  });

  it('after five wrong passwords one waits, longer each time, even with the right one', async () => {
    for (let i = 0; i < 5; i += 1) assert.equal((await tryIn(cast.owner.email, 'wrong')).status, 422);
    const locked = await tryIn(cast.owner.email, PASSWORD);
    assert.equal(locked.status, 429);
    assert.equal(locked.headers.get('Retry-After'), '30');
    assert.match(locked.text, /Wait 30 seconds, then try again\./);
    server.clock.move(30_000);
    assert.equal((await tryIn(cast.owner.email, 'wrong')).status, 422);
    assert.equal((await tryIn(cast.owner.email, PASSWORD)).headers.get('Retry-After'), '60');
    for (let i = 0; i < 10; i += 1) {
      server.clock.move(16 * MINUTE);
      await tryIn(cast.owner.email, 'wrong');
    }
    assert.equal((await tryIn(cast.owner.email, PASSWORD)).headers.get('Retry-After'), '900');
    server.clock.move(15 * MINUTE);
    assert.equal((await tryIn(cast.owner.email, PASSWORD)).status, 303);
    for (let i = 0; i < 4; i += 1) assert.equal((await tryIn(cast.owner.email, 'wrong')).status, 422);
    assert.equal((await tryIn(cast.owner.email, PASSWORD)).status, 303);
  });

  it('an address nobody has is locked the same way', async () => {
    for (let i = 0; i < 5; i += 1) await tryIn('nobody@aurora.example', 'wrong');
    assert.equal((await tryIn('nobody@aurora.example', 'wrong')).status, 429);
  });

  it('twenty tries at once are counted before any has failed', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => tryIn(cast.owner.email, 'wrong')));
    assert.equal(answers.filter(({ status }) => status === 422).length, 5);
    assert.equal(answers.filter(({ status }) => status === 429).length, 15);
  });

  it('one network can’t try one password on everybody', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 31; i += 1) statuses.push((await tryIn(`person${i}@aurora.example`, 'wrong', `2a01:4f8:1:2::${i}`)).status);
    assert.equal(statuses.filter((status) => status === 422).length, 30);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await tryIn(cast.owner.email, PASSWORD, '2a01:4f8:1:3::1')).status, 303);
  });

  it('right sign-ins of one office never lock it', () => {
    for (let n = 0; n < 100; n += 1) {
      assert.equal(beginTry(server.installation, `person${n}@aurora.example`, '203.0.114.1'), 0);
      tryWasRight(server.installation, `person${n}@aurora.example`, '203.0.114.1');
    }
  });

  it('the table of failures names nobody, and forgets after a day', async () => {
    await tryIn(cast.owner.email, 'wrong');
    const rows = (): unknown[] => server.installation.control.sql.prepare('SELECT * FROM sign_in_failures').all();
    assert.equal(rows().length, 2);
    assert.doesNotMatch(JSON.stringify(rows()), /mira|aurora|203/);
    server.clock.move(24 * 60 * MINUTE);
    assert.equal(sweepSignInFailures(server.installation), 2);
    assert.equal(rows().length, 0);
  });

  it('a browser that keeps no cookie is told why it isn’t signed in', async () => {
    const answer = await server.stranger().get('/sign-in/done?next=%2F');
    assert.equal(answer.status, 200);
    assert.match(answer.text, /Your browser kept no cookie/);
  });

  it('the password asked again counts its failures too', async () => {
    const client = await server.as('owner');
    for (let i = 0; i < 5; i += 1) assert.equal((await client.post('/account/confirm', { password: 'wrong', next: '/' })).status, 422);
    assert.equal((await client.post('/account/confirm', { password: PASSWORD, next: '/' })).status, 429);
  });
});
