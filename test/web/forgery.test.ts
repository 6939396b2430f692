import assert from 'node:assert/strict';
import { openCafe } from '../support/cafe.ts';
import { cast, PASSWORD } from '../support/http.ts';

const details = { firstName: 'Mira', lastName: 'Changed', company: '', phone: '', country: '' };

describe('posts from elsewhere', () => {
  const cafe = openCafe(before, after);
  afterEach(async () => {
    assert.ok(!(await cafe.owner.get('/account')).text.includes('Changed'), 'the post changed something');
  });

  const refused: [string, Record<string, string>, Record<string, string>][] = [
    ['by another site’s page', {}, { Origin: 'https://evil.example' }],
    ['by a page without an origin', {}, { Origin: 'null' }],
    ['by another port of this machine', {}, { Origin: 'http://127.0.0.1:1' }],
    ['that the browser calls cross-site', {}, { 'Sec-Fetch-Site': 'cross-site' }],
    ['that the browser calls same-site, from a neighbouring name', {}, { 'Sec-Fetch-Site': 'same-site' }],
    ['with no token', { csrf: '' }, {}],
    ['with a token that was made up', { csrf: 'x'.repeat(43) }, {}],
  ];
  for (const [what, fields, headers] of refused) {
    it(`a post ${what} changes nothing`, async () => {
      const answer = await cafe.owner.post('/account', { ...details, ...fields }, headers);
      assert.equal(answer.status, 403);
      assert.match(answer.text, /[Nn]othing was changed/);
    });
  }

  it('another session’s token changes nothing', async () => {
    const other = await cafe.server.as('admin');
    assert.equal((await cafe.owner.post('/account', { ...details, csrf: other.csrf ?? '' })).status, 403);
  });

  it('the token of the session before a fresh sign-in changes nothing', async () => {
    const client = cafe.server.stranger();
    await client.post('/sign-in', { email: cast.owner.email, password: PASSWORD });
    const before = client.csrf ?? '';
    await client.post('/sign-in', { email: cast.owner.email, password: PASSWORD });
    assert.equal((await client.post('/account', { ...details, csrf: before })).status, 403);
  });

  it('nobody can be signed in by a page of somebody else’s', async () => {
    const answer = await cafe.server
      .stranger()
      .post('/sign-in', { email: cast.owner.email, password: PASSWORD }, { Origin: 'https://evil.example' });
    assert.equal(answer.status, 403);
    assert.deepEqual(answer.headers.getSetCookie(), []);
  });

  it('a file form without the token must prove where it comes from', async () => {
    const send = (headers: Record<string, string>): Promise<{ status: number }> => {
      const body = new FormData();
      body.set('file', new Blob(['x']), 'x.txt');
      return cafe.owner.send('POST', '/account', { body, headers });
    };
    assert.equal((await send({})).status, 403);
    assert.equal((await send({ Origin: 'https://evil.example' })).status, 403);
    // It gets past the door, where this route then wants a plain form.
    assert.equal((await send({ Origin: cafe.server.url })).status, 415);
  });

  it('the same post from our own page goes through', async () => {
    assert.equal((await cafe.owner.post('/account', { ...details, lastName: 'Kept' })).status, 303);
    assert.match((await cafe.owner.get('/account')).text, /value="Kept"/);
    assert.equal(
      (await cafe.owner.post('/account', { ...details, csrf: '', lastName: 'Aydın' }, { 'X-CSRF-Token': cafe.owner.csrf ?? '' })).status,
      303,
    );
  });

  it('reads change nothing, so any page may link to them', async () => {
    assert.equal((await cafe.owner.get('/account', { 'Sec-Fetch-Site': 'cross-site' })).status, 200);
  });
});
