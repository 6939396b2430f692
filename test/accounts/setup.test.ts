import assert from 'node:assert/strict';
import { createOwner, issueSetupLink } from '../../src/accounts/index.ts';
import { startServer, type TestServer } from '../support/http.ts';

const owner = {
  firstName: 'Mira',
  lastName: 'Aydın',
  email: ' Mira@Aurora.example ',
  password: 'four quiet brass bells',
  age: 'on',
  company: '',
  phone: '',
  country: '',
  businessName: 'Café Aurora',
  language: 'de',
  timezone: 'Europe/Berlin',
  currency: 'EUR',
};

describe('set-up', () => {
  let server: TestServer;
  let token: string;
  const count = (table: string): unknown => server.installation.control.sql.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

  beforeEach(async () => {
    server = await startServer({ empty: true });
    token = new URL(issueSetupLink(server.installation) ?? '').searchParams.get('token') ?? '';
  });
  afterEach(() => server.end());

  it('the link makes the owner, signs them in, and makes the workspace as it was described', async () => {
    const client = server.stranger();
    assert.equal((await client.get(`/setup?token=${token}`)).status, 200);
    const answer = await client.post('/setup', { token, ...owner });
    assert.equal(answer.status, 303);
    const [, id = ''] = /^\/w\/(w_\w+)\/setup$/.exec(answer.location ?? '') ?? [];
    const user = server.installation.control.sql.prepare('SELECT * FROM users').get() as Record<string, unknown>;
    assert.equal(user['email'], 'mira@aurora.example');
    assert.equal(user['is_operator'], 1);
    assert.equal(user['confirmed_age_at'], server.clock.now());
    assert.equal(user['company'], null);
    assert.doesNotMatch(JSON.stringify(user), /brass/);
    const settings = await client.get(`/w/${id}/settings`);
    assert.match(settings.text, /value="Café Aurora"/);
    assert.match(settings.text, /<option value="de" selected>/);
  });

  it('without confirming 16 nobody is made', async () => {
    const { age: _age, ...young } = owner;
    const answer = await server.stranger().post('/setup', { token, ...young });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /for people of 16 and over/);
    assert.equal(count('users'), 0);
  });

  it('names and address are required; company, phone and country are not', async () => {
    const client = server.stranger();
    for (const field of ['firstName', 'lastName', 'email', 'password', 'businessName'] as const) {
      const answer = await client.post('/setup', { token, ...owner, [field]: '' });
      assert.equal(answer.status, 422, field);
      assert.match(answer.text, new RegExp(`id="f-${field}"[^>]*aria-invalid="true"`), field);
    }
    assert.equal(
      (await client.post('/setup', { token, ...owner, company: 'Aurora GmbH', phone: '+49 30 123', country: 'DE' })).status,
      303,
    );
  });

  it('[P3.1-b] nobody is asked for their sex', async () => {
    const columns = server.installation.control.sql.prepare("SELECT name FROM pragma_table_info('users')").pluck().all();
    assert.doesNotMatch(columns.join(' '), /\b(sex|gender|title|salutation)\b/);
    assert.doesNotMatch((await server.stranger().get(`/setup?token=${token}`)).text, /name="(sex|gender|salutation)"/i);
  });

  it('what was typed stands there again, but for the password', async () => {
    const answer = await server.stranger().post('/setup', { token, ...owner, email: 'mira' });
    assert.match(answer.text, /value="Café Aurora"/);
    assert.match(answer.text, /value="mira"/);
    assert.match(answer.text, /This is no whole e-mail address/);
    assert.doesNotMatch(answer.text, /brass/);
  });

  it('of twenty posts at once one makes an owner, and there is one workspace', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => server.stranger().post('/setup', { token, ...owner, email: `owner${n}@aurora.example` })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, ...Array<number>(19).fill(410)]);
    assert.equal(count('users'), 1);
    assert.equal(count('workspaces'), 1);
    assert.equal(count('memberships'), 1);
  });

  it('without a link too, a second owner is not made', async () => {
    const person = { firstName: 'Mira', lastName: 'Aydın', email: 'mira@aurora.example', password: 'four quiet brass bells' };
    const business = { name: 'Café Aurora', language: 'en', timezone: 'UTC', currency: 'EUR' };
    const first = createOwner(server.installation, person, business);
    const second = createOwner(server.installation, { ...person, email: 'eve@evil.example' }, business);
    assert.deepEqual((await Promise.all([first, second])).map(({ outcome }) => outcome).sort(), ['already', 'made']);
    assert.equal(count('users'), 1);
  });

  it('works once: afterwards neither the link nor a replayed post opens anything', async () => {
    await server.stranger().post('/setup', { token, ...owner });
    assert.equal((await server.stranger().get(`/setup?token=${token}`)).location, '/');
    assert.equal((await server.stranger().post('/setup', { token, ...owner, email: 'eve@evil.example' })).status, 410);
    assert.equal(count('users'), 1);
    assert.equal(issueSetupLink(server.installation), undefined);
  });

  it('a wrong link, and the link of the start before, open nothing', async () => {
    const next = issueSetupLink(server.installation);
    assert.ok(next);
    for (const wrong of [token, '', 'x'.repeat(43)]) {
      assert.equal((await server.stranger().get(`/setup?token=${wrong}`)).status, 410);
      assert.equal((await server.stranger().post('/setup', { token: wrong, ...owner })).status, 410);
    }
    assert.equal(count('users'), 0);
  });

  it('the database holds the link’s hash only', () => {
    const row = server.installation.control.sql.prepare('SELECT * FROM installation').get();
    assert.ok(!JSON.stringify(row).includes(token));
  });

  it('until then every way leads to the page that says where the link is', async () => {
    const home = await server.stranger().get('/');
    assert.match(home.text, /Nobody has set up this Deskbell yet/);
  });
});
