import assert from 'node:assert/strict';
import { totpCode } from '../../src/accounts/second-step/totp.ts';
import { openCafe } from '../support/cafe.ts';
import { cast, PASSWORD, type Answer, type Client } from '../support/http.ts';

const STEP_MS = 30_000;
const PAGE = '/account/second-step';
const signIn = { email: cast.owner.email, password: PASSWORD };

describe('the second step', () => {
  const cafe = openCafe(beforeEach, afterEach);
  let letters: string;

  /** The code that the app shows `later` steps from now. */
  const codeNow = (later = 0): string => totpCode(letters, Math.floor(cafe.server.clock.now() / STEP_MS) + later);
  const nextCode = (): string => {
    cafe.server.clock.move(STEP_MS);
    return codeNow();
  };

  const begin = async (client: Client = cafe.owner): Promise<void> => {
    await client.post(`${PAGE}/app`);
    const page = await client.get(PAGE);
    letters = (/id="app-letters">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '');
    assert.equal(letters.length, 32);
  };

  const turnOn = async (): Promise<string[]> => {
    await begin();
    const shown = await cafe.owner.post(`${PAGE}/app/confirm`, { code: codeNow() });
    assert.equal(shown.status, 201);
    return shown.text.match(/\b[2-9a-z]{5}-[2-9a-z]{5}\b/g)?.slice(0, 10) ?? [];
  };

  const afterPassword = async (client: Client): Promise<string> => {
    const asked = await client.post('/sign-in', signIn);
    assert.equal(asked.status, 200);
    return /name="step" value="([\w-]{43})"/.exec(asked.text)?.[1] ?? '';
  };

  const giveCode = (client: Client, step: string, code: string): Promise<Answer> =>
    client.post('/sign-in/code', { step, code, next: `${cafe.base}/settings` });

  it('codes are those of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const seconds = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
    assert.deepEqual(
      seconds.map((at) => totpCode(secret, Math.floor(at / 30))),
      ['287082', '081804', '050471', '005924', '279037', '353130'],
    );
  });

  it('asks nobody for a code until the app has shown that it has the secret', async () => {
    await begin();
    const wrong = await cafe.owner.post(`${PAGE}/app/confirm`, { code: totpCode(letters, 1) });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /This isn’t the code that belongs to the picture/);
    assert.equal((await cafe.server.stranger().post('/sign-in', signIn)).status, 303);
  });

  it('once on, a password alone opens nothing; with the code one goes on where one was', async () => {
    const elsewhere = cafe.server.stranger();
    await elsewhere.post('/sign-in', signIn);
    await turnOn();
    assert.equal((await elsewhere.get('/account')).status, 303);
    const client = cafe.server.stranger();
    const step = await afterPassword(client);
    assert.equal(client.cookie, undefined);
    assert.equal((await giveCode(client, step, '000000')).status, 422);
    const spaced = nextCode().replace(/^(...)/, '$1 ');
    const inside = await giveCode(client, step, spaced);
    assert.equal(inside.location, `/sign-in/done?next=${encodeURIComponent(`${cafe.base}/settings`)}`);
    assert.equal((await client.get('/account')).status, 200);
    assert.match((await client.get('/account')).text, /10 recovery codes left/);
  });

  it('a code is taken once, also at the same instant, and none from before it', async () => {
    await turnOn();
    const same = codeNow();
    const client = cafe.server.stranger();
    const first = await afterPassword(client);
    assert.equal((await giveCode(client, first, same)).status, 422, 'the code that confirmed the app');
    const fresh = nextCode();
    const steps = [first, await afterPassword(client), await afterPassword(client)];
    const answers = await Promise.all(steps.map((step) => giveCode(cafe.server.stranger(), step, fresh)));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    const again = await afterPassword(client);
    assert.equal((await giveCode(client, again, codeNow(-1))).status, 422);
    assert.equal((await giveCode(client, again, codeNow(1))).status, 303);
  });

  it('a phone whose clock is a minute wrong gets no further', async () => {
    await turnOn();
    cafe.server.clock.move(10 * STEP_MS);
    const client = cafe.server.stranger();
    const step = await afterPassword(client);
    for (const wrong of [-2, 2]) assert.equal((await giveCode(client, step, codeNow(wrong))).status, 422);
    assert.equal((await giveCode(client, step, codeNow(-1))).status, 303);
  });

  it('after five wrong codes one waits, and giving the password again gives no further tries', async () => {
    await turnOn();
    const client = cafe.server.stranger();
    const step = await afterPassword(client);
    for (let n = 0; n < 5; n += 1) assert.equal((await giveCode(client, step, '000000')).status, 422);
    const again = await afterPassword(client);
    const locked = await giveCode(client, again, nextCode());
    assert.equal(locked.status, 303, 'thirty seconds went by');
    const other = cafe.server.stranger();
    const third = await afterPassword(other);
    for (let n = 0; n < 5; n += 1) await giveCode(other, third, '000000');
    const refused = await giveCode(other, await afterPassword(other), codeNow(1));
    assert.equal(refused.status, 429);
    assert.match(refused.text, /too many wrong codes\. Wait 30 seconds/);
  });

  it('each recovery code stands in for the app once; new ones end those before', async () => {
    const codes = await turnOn();
    assert.equal(new Set(codes).size, 10);
    const stored = JSON.stringify(cafe.server.installation.control.sql.prepare('SELECT * FROM recovery_codes').all());
    for (const code of codes) assert.ok(!stored.includes(code) && !stored.includes(code.replace('-', '')));
    const [used = '', kept = ''] = codes;
    const client = cafe.server.stranger();
    assert.equal((await giveCode(client, await afterPassword(client), used.toUpperCase())).status, 303);
    assert.match((await client.get('/account')).text, /9 recovery codes left/);
    const other = cafe.server.stranger();
    assert.equal((await giveCode(other, await afterPassword(other), used)).status, 422);
    const fresh = await client.post(`${PAGE}/codes`);
    assert.equal(fresh.status, 201);
    assert.equal((await giveCode(other, await afterPassword(other), kept)).status, 422);
    const [replaced = ''] = fresh.text.match(/\b[2-9a-z]{5}-[2-9a-z]{5}\b/g) ?? [];
    assert.equal((await giveCode(other, await afterPassword(other), replaced)).status, 303);
  });

  it('the codes are in one answer alone, to be downloaded, and the page’s forms still work', async () => {
    await begin();
    const before = cafe.owner.cookie;
    const shown = await cafe.owner.post(`${PAGE}/app/confirm`, { code: codeNow() });
    assert.notEqual(cafe.owner.cookie, before);
    assert.match(shown.text, /href="data:text\/plain;charset&#x3D;utf-8,Deskbell[^"]*" download="deskbell-recovery-codes\.txt"/);
    assert.ok(shown.text.includes(`name="csrf" value="${cafe.owner.csrf ?? ''}"`));
    assert.doesNotMatch((await cafe.owner.get(PAGE)).text, /\b[2-9a-z]{5}-[2-9a-z]{5}\b/);
    assert.equal(shown.headers.get('Cache-Control'), 'no-store');
  });

  it('turning it off needs the password once more, and is written down in the workspace', async () => {
    await turnOn();
    cafe.server.clock.move(11 * 60_000);
    const asked = await cafe.owner.post(`${PAGE}/app/off`);
    assert.match(asked.location ?? '', /^\/account\/confirm/);
    assert.equal((await cafe.owner.post('/account/confirm', { password: PASSWORD, next: PAGE })).location, PAGE);
    assert.equal((await cafe.owner.post(`${PAGE}/app/off`)).location, '/account');
    assert.equal((await cafe.server.stranger().post('/sign-in', signIn)).status, 303);
    const left = cafe.server.installation.control.sql.prepare('SELECT count(*) FROM recovery_codes').pluck().get();
    assert.equal(left, 0);
    const actions = cafe.ws.sql.prepare('SELECT action FROM audit_events ORDER BY id').pluck().all();
    assert.deepEqual(actions, ['second-step.turned-on', 'second-step.turned-off']);
  });

  it('a code of the app counts as asked again for ten minutes', async () => {
    await turnOn();
    cafe.server.clock.move(11 * 60_000);
    assert.match((await cafe.owner.get('/account/confirm')).text, /Or a code of your app/);
    assert.equal((await cafe.owner.post('/account/confirm/code', { code: '000000', next: PAGE })).status, 422);
    assert.equal((await cafe.owner.get(PAGE)).status, 303);
    assert.equal((await cafe.owner.post('/account/confirm/code', { code: codeNow(), next: PAGE })).location, PAGE);
    assert.equal((await cafe.owner.get(PAGE)).status, 200);
  });

  it('what waits for its code ends after ten minutes, with another password, and once it is done', async () => {
    await turnOn();
    const client = cafe.server.stranger();
    const slow = await afterPassword(client);
    cafe.server.clock.move(10 * 60_000);
    const late = await giveCode(client, slow, codeNow());
    assert.equal(late.status, 422);
    assert.match(late.text, /More than ten minutes went by/);
    const waiting = await afterPassword(client);
    await cafe.owner.post('/account/password', { current: PASSWORD, password: 'a much longer sentence' });
    assert.match((await giveCode(client, waiting, nextCode())).text, /More than ten minutes went by/);
  });

  it('the secret is sealed for its user’s row', async () => {
    await begin();
    const { installation } = cafe.server;
    const sealed = installation.control.sql.prepare('SELECT secret_sealed FROM authenticators').pluck().get() as Buffer;
    assert.ok(!sealed.includes(letters));
    assert.throws(() => installation.vault.open({ table: 'authenticators', column: 'secret_sealed', row: 999 }, sealed));
  });
});
