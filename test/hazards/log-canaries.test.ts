/**
 * Everything a person can type or bring goes through the whole server as a canary, with what goes wrong on the way, at the
 * log's finest level. Then none is in the log, and no secret is on any page, in any error or any stream.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { httpSimulator, type HttpSimulator } from '../simulators/http.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { eventually } from '../support/eventually.ts';
import { Client, type Answer } from '../support/http.ts';
import { request } from '../support/request.ts';
import { listenTo, type Listening } from '../visitors/support/events.ts';
import { emptyFolders, freePort, ServerProcess } from '../whole-path/support/server-process.ts';

const KEY = 'sk-canary-of-the-provider-key-0123456789';
const PASSWORD = 'canary of the password';
/** Whatever was typed is one of these; the word is in all. */
const canary = (what: string): string => `Canary${what}`;
const CANARY = /canary/i;

/** An AI that fails in every way, and puts all that it was sent into what it says about it. */
function echoingProvider(): Promise<HttpSimulator> {
  let calls = 0;
  return httpSimulator((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const echo = `${incoming.headers.authorization} ${Buffer.concat(chunks).toString()}`;
      if (incoming.url?.endsWith('/models'))
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"canned"}]}');
      const failures: (() => unknown)[] = [
        () => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: echo, code: 'x' } })),
        () => response.writeHead(500, { 'content-type': 'text/html' }).end(`<html>${echo}`),
        () => response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${echo}`),
        () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${echo}\n\n`),
        () =>
          response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify({ error: { message: echo } })}\n\n`),
        () =>
          response
            .writeHead(401, { 'content-type': 'application/json' })
            .end(JSON.stringify({ error: { message: `Incorrect API key provided: ${echo}` } })),
        () => response.destroy(),
      ];
      failures[calls++ % failures.length]?.();
    });
  });
}

describe('canaries', function () {
  this.timeout(40_000);
  const folders = emptyFolders();
  let server: ServerProcess;
  let provider: HttpSimulator;
  let telegram: TelegramSimulator;
  let mira: Client;
  let base: string;
  let widget: string;
  let stream: Listening;
  /** All that anybody was answered. */
  const answers: Answer[] = [];
  const given: string[] = [];
  const tokens: string[] = [];

  const note = (answer: Answer): Answer => {
    answers.push(answer);
    return answer;
  };
  const post = async (path: string, fields: Record<string, string>, status: number): Promise<Answer> => {
    const answer = note(await mira.post(path, fields));
    assert.equal(answer.status, status, `${path}: ${answer.text.replace(/<[^>]+>|\s+/g, ' ').slice(-400)}`);
    return answer;
  };
  const see = async (path: string): Promise<Answer> => note(await mira.get(path));

  before(async () => {
    provider = await echoingProvider();
    telegram = await new TelegramSimulator().start();
    telegram.token = telegram.token.replace(/x+$/, `${canary('TelegramToken')}${'x'.repeat(15)}`);
    const port = await freePort();
    server = new ServerProcess(folders, port, [], { LOG_LEVEL: 'debug', TELEGRAM_API_ROOT: telegram.url });
    const [, link = ''] = await server.says(/Set it up here, once: (\S+)/);
    mira = new Client(server.url);
    const token = new URL(link).searchParams.get('token') ?? '';
    tokens.push(token);
    const person = { firstName: canary('First'), lastName: canary('Last'), email: 'canary-mail@aurora.example', age: 'on' };
    const more = { company: canary('Company'), phone: '+49 30 00 00 00', country: 'DE', businessName: canary('Business') };
    const place = { language: 'en', timezone: 'Europe/Berlin', currency: 'EUR' };
    const { location = '' } = await post('/setup', { token, password: PASSWORD, ...person, ...more, ...place }, 303);
    base = location.replace(/\/setup$/, '');
  });
  after(async () => {
    stream?.close();
    await server.kill();
    await Promise.all([provider.close(), telegram.stop()]);
    folders.remove();
  });

  async function widgetPost(body: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
    const answer = await request('POST', `${widget}/messages`, { body, headers: { 'Content-Type': 'application/json', ...headers } });
    note({ ...answer, location: undefined });
    return JSON.parse(answer.text) as Record<string, unknown>;
  }
  const say = (text: string, more: Record<string, unknown> = {}) =>
    widgetPost(JSON.stringify({ text, clientId: randomUUID(), ...more }), {
      'User-Agent': canary('Agent'),
      Referer: `https://x.example/${canary('Referer')}`,
    });

  it('go through sign-in, accounts and invitations', async () => {
    const stranger = new Client(server.url);
    note(
      await stranger.post('/sign-in', {
        email: 'canary-mail@aurora.example',
        password: canary('WrongPassword'),
        next: `/${canary('Next')}`,
      }),
    );
    note(await stranger.post('/sign-in', { email: `${canary('Nobody')}@x.example`, password: PASSWORD }));
    note(await stranger.get(`/invitation/${canary('InvitationToken')}`));
    note(await stranger.get(`/setup?token=${canary('SetupToken')}`));
    note(await stranger.get(`/${canary('Path')}?q=${canary('Query')}`, { Cookie: `deskbell=${canary('Cookie')}` }));
    note(
      await stranger.send('POST', '/sign-in', {
        body: `{"email":"${canary('Json')}`,
        headers: { 'Content-Type': 'application/json', Origin: server.url },
      }),
    );
    note(
      await mira.post('/account', {
        firstName: canary('First'),
        lastName: 'x'.repeat(900) + canary('TooLong'),
        unknown: canary('Unknown'),
      }),
    );
    const invited = await post(`${base}/settings/members/invitations`, { role: 'agent', email: `${canary('Invited')}@x.example` }, 201);
    const [, token = ''] = /\/invitation\/([\w-]{20,})/.exec(invited.text) ?? [];
    assert.ok(token);
    tokens.push(token);
    note(await stranger.get(`/invitation/${token}`));
  });

  it('go through keys, bots, knowledge and channels', async () => {
    await post(`${base}/keys`, { provider: 'compatible', key: KEY, baseUrl: provider.url, name: canary('KeyName') }, 303);
    await post(`${base}/keys`, { provider: 'openai', key: KEY, baseUrl: `https://${canary('Host')}.invalid`, name: '' }, 422);
    const made = await post(`${base}/bots`, { name: canary('Bot') }, 303);
    const bot = made.location ?? '';
    const botId = bot.split('/').at(-1) ?? '';
    const voice = { part: 'voice', name: canary('Bot'), avatar: 'C', greeting: canary('Greeting'), instructions: canary('Instructions') };
    await post(
      `${bot}/draft`,
      { ...voice, tone: 'plain', language: 'customer', length: 'short', fallback: canary('Fallback'), starters: canary('Starter') },
      303,
    );
    await post(`${bot}/draft`, { part: 'model', model: '1:canned', typedModel: '', temperature: '' }, 303);
    await post(`${bot}/versions`, {}, 303);
    await post(`${base}/knowledge/new/text`, { title: canary('Title'), text: `${canary('Text')} we open at nine.` }, 303);
    await post(`${base}/knowledge/new/questions`, { title: canary('Pairs'), question: canary('Question'), answer: canary('Answer') }, 303);
    const form = new FormData();
    form.append('csrf', mira.csrf ?? '');
    for (const [name, content] of [
      ['pdf', '%PDF-1.7 broken '],
      ['docx', 'PK\x03\x04 broken '],
      ['html', '<p>'],
      ['zip', 'PK\x03\x04'],
    ])
      form.append('files', new Blob([`${content}${canary('File')}`]), `${canary('FileName')}.${name}`);
    note(await mira.send('POST', `${base}/knowledge/new/files`, { body: form, headers: { Origin: server.url } }));
    await see(`${base}/knowledge/try?q=${canary('Search')}`);
    await post(`${base}/channels/new/telegram`, { token: telegram.token, botId }, 303);
    await post(`${base}/channels/new/telegram`, { token: `8123456789:AA${canary('Wrong')}${'z'.repeat(20)}`, botId }, 422);
    const site = { colour: '#aa3311', origins: `https://${canary('Site').toLowerCase()}.example`, language: 'en', botId };
    const { location = '' } = await post(`${base}/channels/new/widget`, site, 303);
    const [, id = ''] = /data-deskbell(?:=|&#x3D;)(?:"|&quot;)(\w+)/.exec((await see(location)).text) ?? [];
    widget = `${server.url}/widget/${id}`;
    assert.match(id, /^wc_/);
  });

  it('go through what visitors write, in every way that an AI can fail, and what they write wrongly', async () => {
    const first = await say(`${canary('Message')} when do you open?`);
    const token = String(first['token']);
    tokens.push(token);
    stream = await listenTo(`${widget}/stream?token=${encodeURIComponent(token)}`);
    given.push(token);
    await eventually(() => assert.ok(stream.seen.length > 0));
    for (let n = 0; n < 7; n++) {
      const visitor = await say(`${canary('Message')} ${n} when do you open?`);
      tokens.push(String(visitor['token']));
    }
    for (const body of [
      `{"text":"${canary('Broken')}`,
      JSON.stringify([canary('List')]),
      JSON.stringify({ text: canary('Unknown'), [canary('Field')]: 1 }),
    ])
      await widgetPost(body);
    await say(canary('Long').repeat(2000));
    await say('Hi', { token: `${token}x${canary('Forged')}` });
    await widgetPost('{}', { Origin: `https://${canary('Origin').toLowerCase()}.example` });
    await request('GET', `${widget}/thread?token=${canary('Token')}`);
    await eventually(() => assert.ok(provider.requests.filter(({ path }) => path.endsWith('/completions')).length >= 8), 15_000);
    await stream.until(({ event, data }) => event === 'message' && data['author'] === 'bot');
  });

  it('go through Telegram, with what goes wrong there', async () => {
    const leyla = { chat: 77, name: canary('Leyla'), language: 'en' };
    telegram.fail('sendMessage', { status: 400, description: `Bad Request: ${canary('Description')}` }, { cut: 'after' });
    telegram.say(leyla, `${canary('ByTelegram')} can I talk to a person?`);
    telegram.push({ message: { [canary('Shape')]: canary('Strange') } });
    await telegram.until(() => telegram.polling && telegram.waiting === 0);
    telegram.say(leyla, canary('Again'));
    await telegram.until(() => telegram.polling && telegram.waiting === 0);
  });

  it('go through the inbox', async () => {
    const { text } = await see(`${base}/inbox?q=${canary('InboxSearch')}`);
    assert.equal(text.includes('</html>'), true);
    const list = await see(`${base}/inbox`);
    const ids = [...new Set([...list.text.matchAll(/\/conversations\/(\d+)/g)].map(([, id]) => id))];
    assert.ok(ids.length > 0);
    for (const id of ids.slice(0, 3)) {
      await see(`${base}/conversations/${id}`);
      await post(`${base}/conversations/${id}/messages`, { text: canary('Reply'), draft: randomUUID() }, 303);
      await post(`${base}/conversations/${id}/notes`, { text: canary('Note') }, 303);
      await post(`${base}/conversations/${id}/handback`, {}, 303);
    }
    await see(`${base}/conversations/${ids[0]}/runs/1`);
    for (const path of [
      '',
      '/setup',
      '/bots',
      '/bots/1',
      '/bots/2',
      '/keys',
      '/keys/new',
      '/prices',
      '/knowledge',
      '/channels',
      '/settings',
      '/members',
      '/conversations/1',
    ])
      await see(`${base}${path}`);
    for (const path of ['/account', '/workspaces']) await see(path);
    await post('/sign-out', {}, 303);
  });

  it('are in no line of the log, nor is a token', async () => {
    assert.equal(await server.stop(), 0, server.said);
    // What the console says to the person at it is no log: the link, once.
    const log = server.said.split('\n').filter((line) => !line.includes('Set it up here'));
    const lines = log.filter((line) => line.startsWith('{'));
    assert.ok(lines.length > 40, `the log has ${lines.length} lines`);
    assert.deepEqual(
      log.filter((line) => CANARY.test(line)),
      [],
    );
    for (const token of tokens) assert.ok(!log.join('\n').includes(token));
    assert.deepEqual(
      log.filter((line) => /127\.0\.0\.1|aurora\.example|Bearer|deskbell=/.test(line) && line.startsWith('{')),
      [],
    );
  });

  it('that are secrets are in no answer, and visitors see nothing of how a provider failed', () => {
    const secrets = [KEY, PASSWORD, telegram.token.split(':')[1] ?? ''];
    for (const { text } of answers) for (const secret of secrets) assert.ok(!text.includes(secret), text.slice(0, 200));
    const seen = JSON.stringify(stream.seen);
    assert.doesNotMatch(seen, /sk-|Bearer|Instructions|CanaryText|error|<html|\{\\"model/i);
    assert.match(seen, /CanaryFallback|asked a person/);
    assert.ok(given.length > 0);
  });
});
