/**
 * Every field that a customer, a far side or a member fills holds markup that would run, load, link or submit by itself.
 * Then every page, fragment and stream is read as a browser would: nothing of it became an element or an attribute.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DOMParser } from 'linkedom';
import { publishedOf } from '../../src/bots/index.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import { listSources } from '../../src/knowledge/knowledge.queries.ts';
import { startWork, type Work } from '../../src/work.ts';
import type { Workspace } from '../../src/workspace.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import type { Dom } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type Answer, type Client, type TestServer } from '../support/http.ts';
import { request } from '../support/request.ts';
import { routesOf } from '../support/routes.ts';

/** Ends whatever it stands in, and begins something. `p` tells which field it was. */
const hostile = (p: string): string => `${p}"'></p></script></title></textarea><x-hit onhit=1 hx-get=/hit src=//hit ${p}>`;
const SHORT = '"><x-hit>';
/** As Markdown and as HTML inside it. */
const MARKDOWN = `${hostile('md')} [a](javascript:hit) ![b](https://hit.example/x.png) [c](//hit) <https://hit.example> \`<x-hit>\` [1]<x-hit>`;

/** A browser makes a document of it: not of JSON, nor of what it must save and may not guess at. */
function isShown(headers: Headers): boolean {
  const saved = headers.get('Content-Disposition')?.startsWith('attachment') && headers.get('X-Content-Type-Options') === 'nosniff';
  return !saved && headers.get('Content-Type')?.includes('json') !== true;
}

/** What became of it: elements and attributes that only our input can have made. */
function hits(html: string): string[] {
  const document: Dom = new DOMParser().parseFromString(html, 'text/html');
  const selectors = [
    'x-hit',
    '[onhit]',
    '[hx-get="/hit"]',
    '[src*="hit"]',
    '[onerror]',
    '[href^="javascript:"]',
    '[href^="//"]',
    'img[src^="http"]',
  ];
  return selectors.filter((selector) => document.querySelector(selector) !== null);
}

describe('fields that hold markup', function () {
  this.timeout(30_000);
  let server: TestServer;
  let work: Work;
  let ws: Workspace;
  let ai: AiSimulator;
  let far: TelegramSimulator;
  let owner: Client;
  let base: string;
  let widgetId = '';
  const answers: [what: string, answer: Answer][] = [];

  const post = async (path: string, fields: Record<string, string>, status = 303): Promise<Answer> => {
    const answer = await owner.post(path, fields);
    assert.equal(answer.status, status, `${path}: ${answer.text.replace(/<[^>]+>|\s+/g, ' ').slice(-300)}`);
    answers.push([`POST ${path}`, answer]);
    return answer;
  };

  before(async () => {
    far = await new TelegramSimulator({ username: 'aurora_cafe_bot' }).start();
    far.account.first_name = SHORT;
    ai = await openaiSimulator({ dialect: 'compatible', models: [SHORT, 'good'] });
    ai.says = MARKDOWN;
    server = await startServer({ env: { TELEGRAM_API_ROOT: far.url } });
    work = await startWork(server.installation);
    ws = server.installation.workspaces.hold(server.workspace).workspace;
    owner = await server.as('owner');
    base = `/w/${server.workspace}`;
  });
  after(async () => {
    await work.stop(500);
    await server.end();
    await Promise.all([ai.close(), far.stop()]);
  });

  it('are filled by members', async () => {
    const place = { language: 'en', timezone: 'Europe/Berlin', currency: 'EUR' };
    await post('/account', { firstName: hostile('first').slice(0, 80), lastName: SHORT, company: SHORT, phone: '', country: '' });
    await post(`${base}/settings`, { name: hostile('business').slice(0, 120), website: 'https://aurora.example/?a="><x-hit>', ...place });
    await post(`${base}/settings/members/invitations`, { role: 'agent', email: '"x-hit"@aurora.example' }, 422);
    await post(`${base}/keys`, { provider: 'compatible', key: ai.key ?? '', baseUrl: ai.url, name: SHORT });
    const { location: bot = '' } = await post(`${base}/bots`, { name: SHORT });
    const voice = {
      part: 'voice',
      name: hostile('bot').slice(0, 40),
      avatar: '<',
      greeting: hostile('greeting'),
      instructions: hostile('instructions'),
    };
    const more = {
      tone: 'plain',
      language: 'customer',
      length: 'short',
      fallback: hostile('fallback'),
      starters: hostile('starter').slice(0, 110),
    };
    await post(`${bot}/draft`, { ...voice, ...more });
    await post(`${bot}/draft`, { part: 'model', model: `1:${SHORT}`, typedModel: '', temperature: '' });
    await post(`${bot}/versions`, {});
    await post(`${bot}/draft`, { ...voice, ...more, greeting: `${hostile('greeting')} changed` });
    const botId = bot.split('/').at(-1) ?? '';
    assert.ok(publishedOf(ws, Number(botId)));
    await post(`${base}/knowledge/new/text`, {
      title: hostile('title'),
      text: `# ${hostile('heading')}\n\nWe open at nine on Sunday. ${MARKDOWN}`,
    });
    await post(`${base}/knowledge/new/questions`, { title: SHORT, question: `When do you open? ${hostile('q')}`, answer: MARKDOWN });
    const form = new FormData();
    form.append('csrf', owner.csrf ?? '');
    for (const name of [`${SHORT}.html`, '../../../x-hit.txt', '/etc/passwd', `C:\\x\\${SHORT}.pdf`])
      form.append('files', new Blob([`<h1>${hostile('file')}</h1><script>hit</script><p>We open at nine.</p>`]), name);
    answers.push(['upload', await owner.send('POST', `${base}/knowledge/new/files`, { body: form, headers: { Origin: server.url } })]);
    await eventually(() => assert.ok(listSources(ws).every(({ state }) => state === 'ready' || state === 'failed')), 10_000);
    const { location = '' } = await post(`${base}/channels/new/widget`, { colour: '#aa3311', origins: '', language: 'en', botId });
    widgetId = String(ws.sql.prepare("SELECT public_id FROM channels WHERE kind = 'widget'").pluck().get());
    answers.push([location, await owner.get(location)]);
    await post(`${base}/channels/new/widget`, { colour: '"><x-hit>', origins: '"><x-hit>', language: '<', botId: '<' }, 422);
    await post(`${base}/channels/new/telegram`, { token: far.token, botId });
    const asked = { question: `When do you open? ${hostile('asked')}`, who: 'both', runs: '', place: 'voice' };
    answers.push(['playground', await owner.post(`${bot}/trials`, asked, { 'HX-Request': 'true' })]);
    answers.push(['playground page', await owner.post(`${bot}/trials`, asked)]);
  });

  it('are filled by customers, on the website and on Telegram', async () => {
    const stream = new AbortController();
    const live = await fetch(`${server.url}${base}/live?list=1&conversation=1&after=0`, {
      headers: { Cookie: owner.cookie ?? '', 'HX-Request': 'true', Accept: 'text/event-stream' },
      signal: stream.signal,
    });
    const post = (text: string, headers: Record<string, string> = {}) =>
      request('POST', `${server.url}/widget/${widgetId}/messages`, {
        body: JSON.stringify({ text, clientId: randomUUID() }),
        headers: { 'Content-Type': 'application/json', 'Accept-Language': SHORT, ...headers },
      });
    assert.equal((await post(`When do you open on Sunday? ${hostile('visitor')}`)).status, 200);
    far.say({ chat: 5, name: hostile('name'), language: 'en' }, `When do you open? ${hostile('telegram')}`);
    await receiveEvents(ws, 1, [
      {
        type: 'message',
        thread: SHORT,
        sender: { externalId: SHORT, displayName: SHORT, username: SHORT, language: SHORT },
        externalId: SHORT,
        saidAt: 1,
        parts: [{ kind: 'file', text: hostile('caption'), file: { reference: SHORT, name: SHORT, mime: SHORT } }],
      },
      { type: 'unrecognised', body: hostile('unrecognised') },
    ]);
    await eventually(() => assert.ok(Number(ws.sql.prepare("SELECT count(*) FROM runs WHERE state <> 'open'").pluck().get()) >= 5), 10_000);
    await eventually(() => assert.equal(ws.sql.prepare("SELECT count(*) FROM messages WHERE text LIKE '%telegram%'").pluck().get(), 1));
    server.clock.move(2000);
    server.installation.jobs.tick();
    await eventually(() => assert.ok(far.sent.some(({ text }) => text.includes('md'))));
    for (const { text, parseMode } of far.sent) if (parseMode) assert.doesNotMatch(text, /<x-hit|href="javascript:/);
    let heard = '';
    const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!heard.includes('visitor') && reader) heard += (await reader.read()).value ?? '';
    stream.abort();
    const sent = heard.replace(/^(data|event|id): ?/gm, '');
    answers.push(['live', { status: 200, headers: new Headers(), text: sent, location: undefined }]);
  });

  it('are filled by people who answer', async () => {
    const ids = ws.sql.prepare('SELECT id FROM conversations').pluck().all() as number[];
    for (const id of ids) {
      await post(`${base}/conversations/${id}/messages`, { text: MARKDOWN, draft: randomUUID() });
      await post(`${base}/conversations/${id}/notes`, { text: hostile('note') });
      answers.push(['htmx', await owner.post(`${base}/conversations/${id}/notes`, { text: MARKDOWN }, { 'HX-Request': 'true' })]);
    }
  });

  it('make no element and no attribute, on any page, in any fragment or stream', async () => {
    const visited: string[] = [];
    for (const { method, path } of routesOf(server.app)) {
      if (method !== 'GET' || /live|stream|assets|\*|widget\.js|favicon|invitation/.test(path)) continue;
      for (const id of [1, 2, 3, 4, 5]) {
        const place = path.replace(':workspace', server.workspace).replace(':widget', widgetId).replace(':kind', 'widget');
        const address = place.replace(/:\w+/g, String(id));
        for (const query of [
          '',
          `?q=${encodeURIComponent(hostile('query'))}&tab=${encodeURIComponent(SHORT)}&next=${encodeURIComponent(SHORT)}`,
        ]) {
          const answer = await owner.get(address + query, { 'User-Agent': hostile('agent'), 'Accept-Language': SHORT });
          answers.push([address + query.slice(0, 3), answer]);
          visited.push(`${answer.status}`);
        }
        if (address === place) break;
      }
    }
    assert.ok(visited.filter((status) => status === '200').length > 50, visited.join());
    assert.ok(!visited.some((status) => status.startsWith('5')), visited.join());
    // The demo of the sample aside, every page is here; where a field is shown, it is as text.
    const shown = answers.map(([, { text }]) => text).join('\n');
    for (const field of [
      'first',
      'business',
      'bot',
      'greeting',
      'instructions',
      'title',
      'heading',
      'visitor',
      'telegram',
      'name',
      'caption',
      'note',
      'asked',
    ])
      assert.ok(
        shown.includes(`${field}&quot;`) || shown.includes(`${field}"&#x27;`) || shown.includes(`${field}\\"`),
        `${field} is shown somewhere`,
      );
    const wrong = answers.flatMap(([what, { text, headers }]) => (isShown(headers) ? hits(text).map((hit) => `${what}: ${hit}`) : []));
    assert.deepEqual([...new Set(wrong)], []);
  });

  it('name no file, and reach no folder', () => {
    const names = ws.sql.prepare('SELECT file_path FROM sources WHERE file_path IS NOT NULL').pluck().all() as string[];
    assert.ok(names.length > 0);
    for (const name of names) assert.match(name, /^[\w-]+(\.\w+)?$/);
  });
});
