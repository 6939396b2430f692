import assert from 'node:assert/strict';
import { cast, PASSWORD, startServer, type Client, type TestServer } from '../support/http.ts';

const BETTER = 'a much longer sentence';

describe('my account', () => {
  let server: TestServer;
  let owner: Client;
  beforeEach(async () => {
    server = await startServer();
    owner = await server.as('owner');
  });
  afterEach(() => server.end());

  const elsewhere = async (
    userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1',
  ): Promise<Client> => {
    const client = server.stranger();
    await client.post('/sign-in', { email: cast.owner.email, password: PASSWORD }, { 'User-Agent': userAgent });
    return client;
  };

  it('its fields can be changed and emptied', async () => {
    const saved = await owner.post('/account', {
      firstName: 'Mira',
      lastName: 'Yıldız',
      company: 'Aurora GmbH',
      phone: '+49 30 88',
      country: 'DE',
    });
    assert.equal(saved.location, '/account');
    const page = await owner.get('/account');
    for (const shown of [
      'value="Yıldız"',
      'value="Aurora GmbH"',
      'value="+49 30 88"',
      '<option value="DE" selected>',
      'Your details are saved.',
    ])
      assert.ok(page.text.includes(shown), shown);
    assert.ok(!(await owner.get('/account')).text.includes('Your details are saved.'), 'a toast is shown once');
    await owner.post('/account', { firstName: 'Mira', lastName: 'Yıldız', company: '', phone: '', country: '' });
    const row = server.installation.control.sql.prepare('SELECT company, phone, country FROM users WHERE id = ?').get(server.people.owner);
    assert.deepEqual(row, { company: null, phone: null, country: null });
  });

  it('a country that isn’t one, and a phone number of letters, are named', async () => {
    const answer = await owner.post('/account', { firstName: 'Mira', lastName: 'Aydın', company: '', phone: 'call me', country: 'XX' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /A phone number has digits/);
    assert.match(answer.text, /Choose a country from the list/);
  });

  it('the theme is kept and every page has it', async () => {
    await owner.post('/account/theme', { theme: 'dark' });
    assert.match((await owner.get('/workspaces')).text, /<html lang="en" data-theme="dark">/);
    assert.equal((await owner.post('/account/theme', { theme: 'pink' })).status, 422);
  });

  it('a new password needs the present one, signs out everywhere else, and stays signed in here', async () => {
    const phone = await elsewhere();
    assert.equal((await owner.post('/account/password', { current: 'wrong', password: BETTER })).status, 422);
    assert.equal((await owner.post('/account/password', { current: PASSWORD, password: 'short' })).status, 422);
    const before = owner.cookie;
    const changed = await owner.post('/account/password', { current: PASSWORD, password: BETTER });
    assert.equal(changed.location, '/account');
    assert.notEqual(owner.cookie, before);
    assert.match((await owner.get('/account')).text, /signed out everywhere else/);
    assert.equal((await phone.get('/account')).status, 303);
    const again = server.stranger();
    assert.equal((await again.post('/sign-in', { email: cast.owner.email, password: PASSWORD })).status, 422);
    assert.equal((await again.post('/sign-in', { email: cast.owner.email, password: BETTER })).status, 303);
  });

  it('a password is never in the answer, right or wrong', async () => {
    for (const fields of [
      { current: 'my-wrong-secret', password: BETTER },
      { current: PASSWORD, password: 'my-short' },
    ]) {
      assert.doesNotMatch((await owner.post('/account/password', fields)).text, /my-wrong-secret|my-short|quiet brass|longer sentence/);
    }
  });

  it('lists where one is signed in, with device and last seen, and ends one or all others', async () => {
    const phone = await elsewhere();
    const laptop = await elsewhere('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    const page = await owner.get('/account');
    assert.match(page.text, /Safari on iPhone/);
    assert.match(page.text, /Firefox on Linux/);
    assert.equal((page.text.match(/this one/g) ?? []).length, 1);
    const [, phoneSession = ''] = /sessions\/(\d+)\/end">(?:(?!<\/form>).)*Safari on iPhone/s.exec(page.text) ?? [];
    await owner.post(`/account/sessions/${phoneSession}/end`);
    assert.equal((await phone.get('/account')).status, 303);
    assert.equal((await laptop.get('/account')).status, 200);
    await owner.post('/account/sessions/end-others');
    assert.equal((await laptop.get('/account')).status, 303);
    assert.equal((await owner.get('/account')).status, 200);
  });

  it('nobody ends somebody else’s session', async () => {
    const admin = await server.as('admin');
    const id = server.installation.control.sql.prepare('SELECT id FROM sessions WHERE user_id = ?').pluck().get(server.people.owner);
    await admin.post(`/account/sessions/${String(id)}/end`);
    assert.equal((await owner.get('/account')).status, 200);
  });

  it('the operator makes a further workspace and owns it; nobody else can', async () => {
    const fields = { name: 'Bar Borealis', language: 'en', timezone: 'Europe/Oslo', currency: 'NOK' };
    const made = await owner.post('/workspaces', fields);
    const id = /^\/w\/(w_\w+)\/setup$/.exec(made.location ?? '')?.[1] ?? '';
    assert.equal((await owner.get(`/w/${id}/settings`)).status, 200);
    assert.equal((await owner.get('/')).location, '/workspaces');
    assert.match((await owner.get('/workspaces')).text, /Bar Borealis/);
    const admin = await server.as('admin');
    assert.equal((await admin.post('/workspaces', fields)).status, 404);
    assert.equal((await admin.get(`/w/${id}/settings`)).status, 404);
    assert.equal((await admin.get('/')).location, `/w/${server.workspace}/inbox`);
  });

  it('the business is edited, its name follows into the list, and it is written down', async () => {
    const saved = await owner.post(`/w/${server.workspace}/settings`, {
      name: 'Café Borealis',
      website: 'borealis.example',
      language: 'de',
      timezone: 'Europe/Oslo',
      currency: 'NOK',
    });
    assert.equal(saved.status, 303);
    assert.match((await owner.get(`/w/${server.workspace}/settings`)).text, /value="https:\/\/borealis\.example"/);
    assert.match((await owner.get('/workspaces')).text, /Café Borealis/);
    const { workspace, release } = server.installation.workspaces.hold(server.workspace);
    assert.deepEqual(workspace.sql.prepare('SELECT action, actor_id FROM audit_events').all(), [
      { action: 'business.edited', actor_id: server.people.owner },
    ]);
    release();
    const wrong = await owner.post(`/w/${server.workspace}/settings`, {
      name: 'X',
      website: 'javascript:alert(1)',
      language: 'xx',
      timezone: 'Mars/Base',
      currency: 'ZZZ',
    });
    for (const says of ['This is no web address', 'Choose a language', 'Choose a time zone', 'Choose a currency'])
      assert.ok(wrong.text.includes(says), says);
  });
});
