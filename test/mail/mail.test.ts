import assert from 'node:assert/strict';
import { queueMail, sendMail, sendsMail } from '../../src/mail/index.ts';
import { tryServer } from '../../src/mail/transport.ts';
import { openCafe } from '../support/cafe.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer, Fields } from '../support/http.ts';
import { SmtpSimulator } from '../simulators/smtp.ts';

describe('the business’s own mail server', () => {
  const cafe = openCafe(beforeEach, afterEach, () => ({ env: { ALLOW_PRIVATE_ADDRESSES: '1' } }));
  let far: SmtpSimulator;
  beforeEach(async () => {
    far = await new SmtpSimulator().start();
    cafe.server.installation.jobs.begin({ 'send-mail': sendMail });
  });
  afterEach(async () => {
    await cafe.server.installation.jobs.stop(0);
    await far.stop();
  });

  const page = () => `${cafe.base}/settings/mail`;
  const fields = (more: Fields = {}): Fields => ({
    host: '127.0.0.1',
    port: String(far.port),
    security: 'none',
    user: far.user,
    password: far.password,
    fromName: 'Café Aurora',
    fromAddress: 'desk@aurora.example',
    ...more,
  });
  const save = (more: Fields = {}): Promise<Answer> => cafe.owner.post(page(), fields(more));
  const queue = (to = 'ana@aurora.example') =>
    cafe.ws.durable(() => queueMail(cafe.ws, { to, subject: 'Somebody waits – Ayşe', text: 'A customer waits for a person.\n' }));
  const rows = () => cafe.ws.sql.prepare('SELECT to_address AS "to", says, failed_at IS NOT NULL AS failed FROM mails').all();

  it('is tried before it is saved, and then sends', async () => {
    assert.equal((await save()).status, 303);
    assert.ok(queue());
    await eventually(() => assert.equal(far.letters.length, 1));
    const [letter] = far.letters;
    assert.deepEqual([letter?.from, letter?.to], ['desk@aurora.example', ['ana@aurora.example']]);
    assert.match(letter?.raw ?? '', /^From: (=\?UTF-8\?|"?Caf)[^\n]*<desk@aurora\.example>/m);
    assert.match(letter?.raw ?? '', /^Auto-Submitted: auto-generated/m);
    await eventually(() => assert.deepEqual(rows(), [], 'what was sent isn’t kept'));
    assert.match((await cafe.owner.get(page())).text, /Mail goes out by your own server/);
  });

  it('says beside the field what is wrong, and saves nothing', async () => {
    const says = async (more: Fields): Promise<string> => {
      const answer = await save(more);
      assert.equal(answer.status, 422);
      assert.equal(answer.text.includes(far.password), false, 'no password comes back');
      return answer.text;
    };
    assert.match(await says({ password: 'wrong' }), /refuses this user name or password/);
    assert.match(await says({ security: 'starttls' }), /speaks no encryption that way/);
    assert.match(await says({ port: '70000' }), /A port is 65535 at most/);
    assert.match(await says({ host: 'http://mail' }), /no server’s name/);
    await far.stop();
    assert.match(await says({}), /Nothing answers at 127\.0\.0\.1/);
    assert.equal(sendsMail(cafe.ws), false);
  });

  it('[P4.2-c] gives no password to a server whose certificate can’t be verified', async () => {
    await far.stop();
    await far.start({ encrypted: true });
    const answer = await save({ security: 'starttls' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /certificate can’t be verified/);
  });

  it('seals the password, and keeps it when it is left empty, but never for another server', async () => {
    await save();
    const { password_sealed: sealed } = cafe.ws.sql.prepare('SELECT password_sealed FROM mail_server').get() as { password_sealed: Buffer };
    assert.equal(sealed.includes(far.password), false);
    assert.equal((await save({ password: '', fromName: 'The Aurora' })).status, 303);
    assert.equal((await save({ password: '', user: 'ana@aurora.example' })).status, 422);
  });

  it('waits for a server that is away or busy, and loses nothing', async () => {
    await save();
    far.fail({ at: 'data', code: 451 });
    queue();
    await eventually(() =>
      assert.deepEqual(rows(), [{ to: 'ana@aurora.example', says: 'The mail server is busy. Deskbell tries again by itself.', failed: 0 }]),
    );
    assert.match((await cafe.owner.get(page())).text, /Mail can’t be sent just now/);
    cafe.server.clock.move(600_000);
    cafe.server.installation.jobs.wake(cafe.ws.id, cafe.server.clock.now());
    await eventually(() => assert.equal(far.letters.length, 1));
  });

  it('gives up what is refused for good, shows it, and sends it again when asked', async () => {
    await save();
    queue('nobody@aurora.example');
    await eventually(() =>
      assert.deepEqual(rows(), [{ to: 'nobody@aurora.example', says: 'The mail server doesn’t take mail for this address.', failed: 1 }]),
    );
    const shown = await cafe.owner.get(page());
    assert.match(shown.text, /nobody@aurora\.example/);
    const id = /\/mails\/(\d+)\/settle/.exec(shown.text)?.[1] ?? '';
    cafe.ws.durable(() => cafe.ws.prepare("UPDATE mails SET to_address = 'ana@aurora.example' WHERE id = ?").run(id));
    assert.equal((await cafe.owner.post(`${cafe.base}/mails/${id}/settle`, { how: 'again' })).status, 303);
    await eventually(() => assert.equal(far.letters.length, 1));
    assert.equal((await cafe.owner.post(`${cafe.base}/mails/${id}/settle`, { how: 'drop' })).status, 404);
  });

  it('sends a mail once more under the same name after a kill, so that its receiver knows it', async () => {
    await save();
    queue();
    const reference = cafe.ws.sql.prepare('SELECT reference FROM mails').pluck().get() as string;
    await eventually(() => assert.match(far.letters[0]?.raw ?? '', new RegExp(`^Message-ID: <${reference}@aurora\\.example>`, 'm')));
  });

  it('queues nothing while there is no server, and forgets what waits with it', async () => {
    assert.equal(queue(), false);
    await save();
    far.fail({ at: 'data', code: 451 });
    queue();
    assert.equal((await cafe.owner.post(`${page()}/remove`)).status, 303);
    await eventually(() => assert.deepEqual(rows(), []));
    assert.match((await cafe.owner.get(page())).text, /No mail is sent yet/);
  });

  it('waits for a server that hangs no longer than it has to, and says which setting may be wrong', async () => {
    await far.stop();
    await far.start({ hang: true });
    const server = {
      host: '127.0.0.1',
      port: far.port,
      security: 'none',
      user: null,
      password: null,
      fromName: 'A',
      fromAddress: 'a@b.example',
    } as const;
    await assert.rejects(tryServer(cafe.server.installation, server, new AbortController().signal, 50), {
      says: '127.0.0.1 took the connection and then said nothing. Is it a mail server’s port?',
      field: 'port',
      permanent: false,
    });
  });

  it('is for owners and admins, after their password', async () => {
    assert.equal((await (await cafe.server.as('agent')).get(page())).status, 403);
    cafe.server.clock.move(11 * 60_000);
    const answer = await save();
    assert.match(answer.location ?? '', /confirm/);
  });
});
