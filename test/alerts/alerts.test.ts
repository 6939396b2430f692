import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { callHook, mailMember, pushDevice, tellLead, tellTeam } from '../../src/alerts/index.ts';
import { receiveEvents, takeOver } from '../../src/conversations/index.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { sendMail } from '../../src/mail/index.ts';
import { saveMailServer } from '../../src/mail/mail-server.ts';
import { Secret } from '../../src/lib/secret.ts';
import { openCafe } from '../support/cafe.ts';
import { eventually } from '../support/eventually.ts';
import { standInChannel } from '../support/stand-in-channel.ts';
import { httpSimulator, type HttpSimulator } from '../simulators/http.ts';
import { PushSimulator } from '../simulators/push-service.ts';
import { SmtpSimulator } from '../simulators/smtp.ts';

const MINUTE = 60_000;

describe('the team is told that a customer waits', () => {
  const cafe = openCafe(beforeEach, afterEach, () => ({ env: { ALLOW_PRIVATE_ADDRESSES: '1' } }));
  const open: { stop(): Promise<void> }[] = [];
  beforeEach(() => {
    cafe.server.installation.jobs.begin({
      'tell-team': tellTeam,
      'mail-member': mailMember,
      'push-device': pushDevice,
      'call-hook': callHook,
      'tell-lead': tellLead,
      'send-mail': sendMail,
    });
  });
  afterEach(async () => {
    await cafe.server.installation.jobs.stop(0);
    for (const one of open.splice(0)) await one.stop();
  });

  /** A customer asks for a person by the channel's own means. */
  async function ask(thread = '7'): Promise<number> {
    const channel = standIn();
    const sender = { externalId: thread, displayName: `Ayşe ${thread}` };
    const [received] = await receiveEvents(cafe.ws, channel, [
      { type: 'command', thread, sender, externalId: `h${thread}`, command: 'human', saidAt: cafe.server.clock.now() },
    ]);
    return received?.conversationId ?? assert.fail('nothing was received');
  }
  let channelId: number | undefined;
  beforeEach(() => void (channelId = undefined));
  const standIn = (): number => (channelId ??= standInChannel(cafe.ws, { botId: null }).id);
  const settled = () =>
    eventually(() =>
      assert.equal(
        cafe.ws.sql.prepare('SELECT count(*) FROM jobs WHERE due_at <= ? AND parked_at IS NULL').pluck().get(cafe.server.clock.now()),
        0,
      ),
    );
  const pass = async (ms: number): Promise<void> => {
    await settled();
    cafe.server.clock.move(ms);
    cafe.server.installation.jobs.wake(cafe.ws.id, cafe.server.clock.now());
  };

  describe('by mail', () => {
    let far: SmtpSimulator;
    beforeEach(async () => {
      far = await new SmtpSimulator().start();
      open.push(far);
      const password = new Secret(far.password);
      const server = {
        host: '127.0.0.1',
        port: far.port,
        security: 'none',
        user: far.user,
        password,
        fromName: 'Aurora',
        fromAddress: far.user,
      } as const;
      saveMailServer(cafe.ws, server, 1);
    });
    const told = () => far.letters.map(({ to }) => to.join()).sort();

    it('after a minute in which nobody came: all who may answer, and nobody else', async () => {
      const id = await ask();
      await settled();
      assert.deepEqual(told(), []);
      await pass(MINUTE);
      await eventually(() => assert.deepEqual(told(), ['ana@aurora.example', 'jonas@aurora.example', 'mira@aurora.example']));
      const [letter] = far.letters;
      assert.equal(letter?.subject, 'A customer of Café Aurora waits for a person');
      assert.match(letter?.text ?? '', new RegExp(`/w/${cafe.ws.id}/conversations/${id}`));
      assert.doesNotMatch(letter?.text ?? '', /Ay/, 'no customer’s name lies about on mail servers');
    });

    it('not when somebody came within that minute', async () => {
      takeOver(cafe.ws, await ask(), cafe.server.people.agent);
      await pass(MINUTE);
      await settled();
      assert.deepEqual(told(), []);
    });

    it('once for all who wait, and not again within five minutes', async () => {
      await ask('1');
      await ask('2');
      await pass(MINUTE);
      await eventually(() => assert.equal(far.letters.length, 3));
      assert.equal(far.letters[0]?.subject, '2 customers of Café Aurora wait for a person');
      await ask('3');
      await pass(MINUTE);
      await settled();
      assert.equal(far.letters.length, 3);
      await pass(4 * MINUTE);
      await eventually(() => assert.equal(far.letters.length, 6));
    });

    it('not who doesn’t want it', async () => {
      const ana = await cafe.server.as('agent');
      assert.equal((await ana.post(`${cafe.base}/alerts/mail`, {})).status, 303);
      await ask();
      await pass(MINUTE);
      await eventually(() => assert.deepEqual(told(), ['jonas@aurora.example', 'mira@aurora.example']));
    });
  });

  describe('in their browser', () => {
    let browser: PushSimulator;
    beforeEach(async () => {
      browser = await new PushSimulator().start();
      open.push(browser);
      const ana = await cafe.server.as('agent');
      browser.agreedTo = /data-key="([\w-]+)"/.exec((await ana.get(`${cafe.base}/alerts`)).text)?.[1] ?? '';
      assert.equal((await ana.post(`${cafe.base}/alerts/devices`, browser.subscription)).status, 303);
    });
    const devices = () => cafe.ws.sql.prepare('SELECT count(*) FROM push_devices').pluck().get();

    it('at once, sealed for that browser, with the way to the conversation', async () => {
      const id = await ask();
      await eventually(() => assert.equal(browser.notices.length, 1));
      const [notice] = browser.notices;
      assert.deepEqual([notice?.title, notice?.path], ['Ayşe 7 waits for a person', `/w/${cafe.ws.id}/conversations/${id}`]);
    });

    it('once though the browser was added twice, and again after its service was away', async () => {
      const ana = await cafe.server.as('agent');
      await ana.post(`${cafe.base}/alerts/devices`, browser.subscription);
      browser.statuses.push(503);
      await ask();
      await settled();
      assert.equal(browser.notices.length, 0);
      await pass(2 * MINUTE);
      await eventually(() => assert.equal(browser.notices.length, 1));
    });

    it('no more once the browser is gone: its service says so, and it is forgotten', async () => {
      browser.statuses.push(410);
      await ask();
      await eventually(() => assert.equal(devices(), 0));
    });

    it('no more once they may not answer any more', async () => {
      await cafe.owner.post(`${cafe.base}/settings/members/${cafe.server.people.agent}/role`, { role: 'viewer' });
      await ask();
      await settled();
      assert.equal(browser.notices.length, 0);
    });

    it('only at the services that browsers use: nothing is sent where a form says', async () => {
      const ana = await cafe.server.as('agent');
      for (const endpoint of ['https://evil.example/x', 'https://fcm.googleapis.com.evil.example/x', 'http://169.254.169.254/x'])
        assert.equal((await ana.post(`${cafe.base}/alerts/devices`, { ...browser.subscription, endpoint })).status, 422, endpoint);
      assert.equal((await (await cafe.server.as('viewer')).post(`${cafe.base}/alerts/devices`, browser.subscription)).status, 403);
    });

    it('also on a phone’s home screen: the desk has a manifest with icons, and a worker that is asked for anew', async () => {
      const manifest = JSON.parse((await cafe.owner.get('/manifest.webmanifest')).text) as { display: string; icons: { src: string }[] };
      assert.equal(manifest.display, 'standalone');
      for (const { src } of manifest.icons) assert.equal((await cafe.owner.get(src)).headers.get('content-type'), 'image/png');
      const worker = await cafe.server.stranger().get('/service-worker.js');
      assert.deepEqual([worker.status, worker.headers.get('cache-control')], [200, 'no-cache']);
    });

    it('by an address that is kept sealed', () => {
      const { sealed } = cafe.ws.sql.prepare('SELECT subscription_sealed AS sealed FROM push_devices').get() as { sealed: Buffer };
      assert.equal(sealed.includes(browser.subscription.auth), false);
    });
  });

  describe('by another program', () => {
    let program: HttpSimulator;
    let answers: number[];
    let calls: { headers: Record<string, string | string[] | undefined>; body: string }[];
    beforeEach(async () => {
      answers = [];
      calls = [];
      program = await httpSimulator((request, response) => {
        let body = '';
        request.on('data', (piece: Buffer) => (body += piece.toString()));
        request.on('end', () => {
          calls.push({ headers: request.headers, body });
          response.writeHead(answers.shift() ?? 200).end();
        });
      });
      open.push({ stop: () => program.close() });
    });
    async function add(): Promise<string> {
      const answer = await cafe.owner.post(`${cafe.base}/settings/hooks`, { name: 'Our chat', url: `${program.url}/in/token-4711` });
      assert.equal(answer.status, 200);
      return /id="hook-secret">([\w-]+)</.exec(answer.text)?.[1] ?? assert.fail('no secret was shown');
    }

    it('by a signed post, whose signature shows that it is ours and from now', async () => {
      const secret = await add();
      const id = await ask();
      await eventually(() => assert.equal(calls.length, 1));
      const [call] = calls;
      const [, time = '', signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(call?.headers['deskbell-signature'])) ?? [];
      assert.equal(signature, createHmac('sha256', secret).update(`${time}.${call?.body}`).digest('hex'));
      const body = JSON.parse(call?.body ?? '') as { event: string; conversation: { id: number }; why: string };
      assert.deepEqual([body.event, body.conversation.id], ['person.wanted', id]);
      assert.doesNotMatch(call?.body ?? '', /Ay/);
    });

    it('again under the same name until it takes it', async () => {
      await add();
      answers.push(500);
      await ask();
      await settled();
      await pass(10 * MINUTE);
      await eventually(() => assert.equal(calls.length, 2));
      assert.equal(calls[0]?.headers['deskbell-id'], calls[1]?.headers['deskbell-id']);
      await eventually(() => assert.equal(cafe.ws.sql.prepare('SELECT count(*) FROM hook_calls').pluck().get(), 0));
    });

    it('keeps nothing of what it gave up telling: no customer’s details lie about', async () => {
      await add();
      const id = await ask();
      await settled();
      answers.push(410);
      cafe.ws.durable(() => enqueue(cafe.ws, { kind: 'tell-lead', key: String(id) }));
      await eventually(() => assert.match(calls.at(-1)?.body ?? '', /lead\.collected/));
      const kept = cafe.ws.sql.prepare('SELECT body FROM hook_calls WHERE failed_at IS NOT NULL').pluck();
      await eventually(() => assert.deepEqual(kept.all(), ['{}']));
    });

    it('nothing that a customer told who was blocked since', async () => {
      await add();
      const id = await ask();
      await eventually(() => assert.equal(calls.length, 1));
      cafe.ws.sql.prepare('UPDATE contacts SET blocked_at = 1 WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)').run(id);
      cafe.ws.durable(() => enqueue(cafe.ws, { kind: 'tell-lead', key: String(id) }));
      await settled();
      assert.equal(calls.length, 1);
    });

    it('says on its page what is wrong, keeps its address to itself, and is forgotten with all that waits', async () => {
      await add();
      answers.push(410);
      await ask();
      await eventually(async () => {
        const { text } = await cafe.owner.get(`${cafe.base}/settings/hooks`);
        assert.match(text, /The program answered with 410/);
        assert.equal(text.includes('token-4711'), false);
      });
      const id = /hooks\/(\d+)\/remove/.exec((await cafe.owner.get(`${cafe.base}/settings/hooks`)).text)?.[1] ?? '';
      assert.equal((await cafe.owner.post(`${cafe.base}/settings/hooks/${id}/remove`)).status, 303);
      assert.equal(cafe.ws.sql.prepare('SELECT count(*) FROM hook_calls').pluck().get(), 0);
    });

    it('never at a private address that the operator doesn’t allow, nor at what is no address', async () => {
      for (const url of ['ftp://program.example', 'not an address', 'https://user:word@program.example', 'http://169.254.169.254/latest'])
        assert.equal((await cafe.owner.post(`${cafe.base}/settings/hooks`, { name: 'x', url })).status, 422, url);
    });
  });
});
