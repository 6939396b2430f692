import assert from 'node:assert/strict';
import { openCafe } from '../support/cafe.ts';
import { cast, PASSWORD, type Client } from '../support/http.ts';

const BETTER = 'a much longer sentence';

describe('my account', () => {
  const cafe = openCafe(beforeEach, afterEach);

  const elsewhere = async (
    userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1',
  ): Promise<Client> => {
    const client = cafe.server.stranger();
    await client.post('/sign-in', { email: cast.owner.email, password: PASSWORD }, { 'User-Agent': userAgent });
    return client;
  };

  it('its fields can be changed and emptied', async () => {
    const saved = await cafe.owner.post('/account', {
      firstName: 'Mira',
      lastName: 'Yıldız',
      company: 'Aurora GmbH',
      phone: '+49 30 88',
      country: 'DE',
    });
    assert.equal(saved.location, '/account');
    const page = await cafe.owner.get('/account');
    for (const shown of [
      'value="Yıldız"',
      'value="Aurora GmbH"',
      'value="+49 30 88"',
      '<option value="DE" selected>',
      'Your details are saved.',
    ])
      assert.ok(page.text.includes(shown), shown);
    assert.ok(!(await cafe.owner.get('/account')).text.includes('Your details are saved.'), 'a toast is shown once');
    await cafe.owner.post('/account', { firstName: 'Mira', lastName: 'Yıldız', company: '', phone: '', country: '' });
    const row = cafe.server.installation.control.sql
      .prepare('SELECT company, phone, country FROM users WHERE id = ?')
      .get(cafe.server.people.owner);
    assert.deepEqual(row, { company: null, phone: null, country: null });
  });

  it('a country that isn’t one, and a phone number of letters, are named', async () => {
    const answer = await cafe.owner.post('/account', {
      firstName: 'Mira',
      lastName: 'Aydın',
      company: '',
      phone: 'call me',
      country: 'XX',
    });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /A phone number has digits/);
    assert.match(answer.text, /Choose a country from the list/);
  });

  it('the theme is kept and every page has it', async () => {
    await cafe.owner.post('/account/theme', { theme: 'dark' });
    assert.match((await cafe.owner.get('/workspaces')).text, /<html lang="en" data-theme="dark">/);
    assert.equal((await cafe.owner.post('/account/theme', { theme: 'pink' })).status, 422);
  });

  it('a new password needs the present one, signs out everywhere else, and stays signed in here', async () => {
    const phone = await elsewhere();
    assert.equal((await cafe.owner.post('/account/password', { current: 'wrong', password: BETTER })).status, 422);
    assert.equal((await cafe.owner.post('/account/password', { current: PASSWORD, password: 'short' })).status, 422);
    const before = cafe.owner.cookie;
    const changed = await cafe.owner.post('/account/password', { current: PASSWORD, password: BETTER });
    assert.equal(changed.location, '/account');
    assert.notEqual(cafe.owner.cookie, before);
    assert.match((await cafe.owner.get('/account')).text, /signed out everywhere else/);
    assert.equal((await phone.get('/account')).status, 303);
    const again = cafe.server.stranger();
    assert.equal((await again.post('/sign-in', { email: cast.owner.email, password: PASSWORD })).status, 422);
    assert.equal((await again.post('/sign-in', { email: cast.owner.email, password: BETTER })).status, 303);
  });

  it('a password is never in the answer, right or wrong', async () => {
    for (const fields of [
      { current: 'my-wrong-secret', password: BETTER },
      { current: PASSWORD, password: 'my-short' },
    ]) {
      assert.doesNotMatch(
        (await cafe.owner.post('/account/password', fields)).text,
        /my-wrong-secret|my-short|quiet brass|longer sentence/,
      );
    }
  });

  it('lists where one is signed in, with device and last seen, and ends one or all others', async () => {
    const phone = await elsewhere();
    const laptop = await elsewhere('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    const page = await cafe.owner.get('/account');
    assert.match(page.text, /Safari on iPhone/);
    assert.match(page.text, /Firefox on Linux/);
    assert.equal((page.text.match(/this one/g) ?? []).length, 1);
    const [, phoneSession = ''] = /sessions\/(\d+)\/end">(?:(?!<\/form>).)*Safari on iPhone/s.exec(page.text) ?? [];
    await cafe.owner.post(`/account/sessions/${phoneSession}/end`);
    assert.equal((await phone.get('/account')).status, 303);
    assert.equal((await laptop.get('/account')).status, 200);
    await cafe.owner.post('/account/sessions/end-others');
    assert.equal((await laptop.get('/account')).status, 303);
    assert.equal((await cafe.owner.get('/account')).status, 200);
  });

  it('nobody ends somebody else’s session', async () => {
    const admin = await cafe.server.as('admin');
    const id = cafe.server.installation.control.sql
      .prepare('SELECT id FROM sessions WHERE user_id = ?')
      .pluck()
      .get(cafe.server.people.owner);
    await admin.post(`/account/sessions/${String(id)}/end`);
    assert.equal((await cafe.owner.get('/account')).status, 200);
  });

  it('the operator makes a further workspace and owns it; nobody else can', async () => {
    const fields = { name: 'Bar Borealis', language: 'en', timezone: 'Europe/Oslo', currency: 'NOK' };
    const made = await cafe.owner.post('/workspaces', fields);
    const id = /^\/w\/(w_\w+)\/setup$/.exec(made.location ?? '')?.[1] ?? '';
    assert.equal((await cafe.owner.get(`/w/${id}/settings`)).status, 200);
    assert.equal((await cafe.owner.get('/')).location, '/workspaces');
    assert.match((await cafe.owner.get('/workspaces')).text, /Bar Borealis/);
    const admin = await cafe.server.as('admin');
    assert.equal((await admin.post('/workspaces', fields)).status, 404);
    assert.equal((await admin.get(`/w/${id}/settings`)).status, 404);
    assert.equal((await admin.get('/')).location, `${cafe.base}/inbox`);
  });

  it('the business is edited, its name follows into the list, and it is written down', async () => {
    const saved = await cafe.owner.post(`${cafe.base}/settings`, {
      name: 'Café Borealis',
      website: 'borealis.example',
      language: 'de',
      timezone: 'Europe/Oslo',
      currency: 'NOK',
    });
    assert.equal(saved.status, 303);
    assert.match((await cafe.owner.get(`${cafe.base}/settings`)).text, /value="https:\/\/borealis\.example"/);
    assert.match((await cafe.owner.get('/workspaces')).text, /Café Borealis/);
    assert.deepEqual(cafe.ws.sql.prepare('SELECT action, actor_id FROM audit_events').all(), [
      { action: 'business.edited', actor_id: cafe.server.people.owner },
    ]);
    const wrong = await cafe.owner.post(`${cafe.base}/settings`, {
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
