import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startWork, type Work } from '../../src/work.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { TelegramSimulator } from '../simulators/telegram.ts';
import { TestClock } from '../support/clock.ts';
import { pageOf, words, type Dom } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import { startServer, type Client, type Fields, type TestServer } from '../support/http.ts';
import { listenTo } from '../visitors/support/events.ts';

/** Quiet times pass by themselves here. */
class RunningClock extends TestClock {
  override now(): number {
    return systemClock.now();
  }
}

const SAYS = 'Yes, on **Sunday** from ten to four.[1] We bake until noon.';
const ayse = { chat: 501, name: 'Ayşe Demir', language: 'en' };

/** Everything by the pages' own forms, as a browser without JavaScript posts them. */
describe('the whole path with an AI', function () {
  this.timeout(20_000);
  let server: TestServer;
  let work: Work;
  let ai: AiSimulator;
  let far: TelegramSimulator;
  let mira: Client;
  let at: string;

  async function open(host: AiSimulator): Promise<void> {
    ai = host;
    ai.says = SAYS;
    far = await new TelegramSimulator().start();
    server = await startServer({ clock: new RunningClock(), env: { TELEGRAM_API_ROOT: far.url } });
    work = await startWork(server.installation);
    mira = await server.as('owner');
    at = `/w/${server.workspace}`;
  }
  afterEach(async () => {
    await work.stop(1000);
    await server.end();
    await Promise.all([ai.close(), far.stop()]);
  });

  async function post(path: string, fields: Fields): Promise<string> {
    const { status, location, text } = await mira.post(`${at}/${path}`, fields);
    assert.equal(status, 303, text);
    return location ?? '';
  }

  async function page(path: string): Promise<Dom> {
    return pageOf(await mira.get(`${at}/${path}`));
  }

  /** A key, a bot that answers with it, and something to know. */
  async function furnish(provider: 'openai' | 'anthropic', model: string): Promise<void> {
    await post('keys', { provider, key: ai.key ?? '', baseUrl: ai.url, name: '' });
    const bot = (await post('bots', { name: 'Aurora' })).split('/').at(-1) ?? '';
    const offered = [...(await page(`bots/${bot}/model`)).querySelectorAll('#f-model option')];
    const option = offered.find((each) => each.getAttribute('value') === `1:${model}`);
    assert.match(option?.textContent ?? '', /, about \$0\.0\d+ an answer$/);
    await post(`bots/${bot}/versions`, { part: 'model', model: `1:${model}`, temperature: '' });
    await post('knowledge/new/text', { title: 'Opening hours', text: 'On Sunday we are open from ten to four.' });
    await eventually(async () => assert.match(words(await page('knowledge'), 'tbody')[0] ?? '', /In use/));
  }

  /** The conversation as the inbox shows it, once it shows that. */
  function shows(selector: string, what: RegExp): Promise<Dom> {
    return eventually(async () => {
      const inbox = await page('conversations/1');
      assert.match(words(inbox, selector).join('\n'), what);
      return inbox;
    });
  }

  async function act(name: 'takeover' | 'handback' | 'messages', fields: Fields = {}): Promise<void> {
    await post(`conversations/1/${name}`, fields);
  }

  const hosts = [
    ['openai', 'gpt-5-mini', () => openaiSimulator({ tokenMs: 30 })],
    ['anthropic', 'claude-haiku-5-5', () => anthropicSimulator({ tokenMs: 30 })],
  ] as const;

  for (const [provider, model, start] of hosts) {
    it(`${provider}: key, bot, text, widget, a streamed answer, what it cost, a person, and the bot again`, async () => {
      await open(await start());
      await furnish(provider, model);
      await post('channels/new/widget', { ...(await firstFields('widget')), botId: '1' });
      const widget = /data-deskbell="(\w+)"/.exec(words(await page('channels/1'), '.code')[0] ?? '')?.[1] ?? '';
      const { ask, stream } = await visitor(widget, 'Are you open on Sunday?');

      const { data } = await stream.until(({ event, data: said }) => event === 'message' && said['author'] === 'bot');
      assert.equal(String(data['text']).replaceAll(/\s*\[1\]/g, ''), 'Yes, on **Sunday** from ten to four. We bake until noon.');
      assert.equal((data['sources'] as { title: string }[])[0]?.title, 'Opening hours');
      const drafts = stream.seen.filter(({ event }) => event === 'draft');
      assert.ok(drafts.length > 3, 'it streamed');
      assert.ok(drafts.every(({ id }) => id === undefined));

      const inbox = await shows('#thread > .is-bot', /Yes, on Sunday from ten to four\./);
      assert.match(words(inbox, '#thread .receipt').join('\n'), /Delivered .*\$0\.0\d+.*How it was made/);
      assert.deepEqual(words(inbox, '#thread .sources a'), ['Opening hours']);
      const how = await page('conversations/1/runs/1');
      assert.match(words(how, '.page-head .line')[0] ?? '', /The bot answered\. It took .*, from one passage, for \$0\.0/);
      assert.match(words(how, 'tbody tr')[0] ?? '', new RegExp(`${model} ?${provider}, 127\\.0\\.0\\.1.*Answered.*\\$0\\.0`));
      assert.match(words(how, '.code pre').join('\n'), /On Sunday we are open from ten to four\./);

      await act('takeover');
      await act('messages', { text: 'Mira here. Shall I keep you a table?' });
      await stream.until(({ data: said }) => said['author'] === 'person');
      await ask('Yes please. Are you open on Sunday?');
      await shows('#thread > .is-customer', /Yes please/);
      assert.equal(ai.calls.length, 1, 'the bot is silent');
      await act('handback');
      await ask('And until when on Sunday?');
      await eventually(() =>
        assert.equal(stream.seen.filter(({ event, data: said }) => event === 'message' && said['author'] === 'bot').length, 2),
      );
      stream.close();
    });
  }

  it('Telegram: in, typing, an answer with its markup, and silence once a person has taken over', async () => {
    await open(await openaiSimulator({ tokenMs: 30, firstTokenMs: 50 }));
    await furnish('openai', 'gpt-5-mini');
    await post('channels/new/telegram', { token: far.token, botId: '1' });
    await post('channels/1/answers', { botId: '1', quietMs: '0' });
    far.say(ayse, 'Are you open on Sunday?');
    await far.until(() => far.sent.length === 2);
    assert.match(far.sent[0]?.visible ?? '', /You’re writing with an AI/);
    assert.ok(far.typing.includes(ayse.chat), 'they saw that it was being answered');
    assert.equal(far.sent[1]?.parseMode, 'HTML');
    assert.match(far.sent[1]?.text ?? '', /<b>Sunday<\/b>/);
    assert.equal(far.sent[1]?.visible, 'Yes, on Sunday from ten to four. We bake until noon.');
    await shows('#thread .receipt', /Aurora, bot.*Sent.*\$0\.0/);

    await act('takeover');
    far.say(ayse, 'Is there a table by the window?');
    await shows('#thread > .is-customer', /by the window/);
    await act('messages', { text: 'There is one. Mira here.' });
    await far.until(() => far.sent.length === 3);
    assert.equal(far.sent[2]?.visible, 'There is one. Mira here.');
    await act('handback');
    far.say(ayse, 'And on Sunday?');
    await far.until(() => far.sent.length === 4);
    assert.equal(ai.calls.length, 2, 'what came while a person had it was not answered by the bot');
  });

  /** What the connect page proposes. */
  async function firstFields(kind: string): Promise<Fields> {
    const form = await page(`channels/new/${kind}`);
    const fields: Fields = {};
    for (const field of form.querySelectorAll('main form [name]')) {
      const chosen = field.querySelector('option[selected]') ?? field.querySelector('option');
      fields[field.getAttribute('name') ?? ''] = chosen?.getAttribute('value') ?? field.getAttribute('value') ?? field.textContent ?? '';
    }
    return fields;
  }

  async function visitor(widget: string, first: string) {
    const url = `${server.url}/widget/${widget}`;
    let token: string | undefined;
    const ask = async (text: string): Promise<void> => {
      const response = await fetch(`${url}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text, clientId: randomUUID(), ...(token === undefined ? {} : { token }) }),
      });
      assert.equal(response.status, 200, await response.clone().text());
      token ??= ((await response.json()) as { token: string }).token;
    };
    await ask(first);
    return { ask, stream: await listenTo(`${url}/stream`, { Authorization: `Bearer ${token}`, 'Last-Event-ID': '0' }) };
  }
});
