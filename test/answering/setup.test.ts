import assert from 'node:assert/strict';
import { publishedOf } from '../../src/bots/index.ts';
import { bots, channels, questions, sources } from '../../src/db/schema/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { openCafe } from '../support/cafe.ts';

describe('the set-up of a workspace', () => {
  const cafe = openCafe(beforeEach, afterEach);
  const at = () => `${cafe.base}/setup`;
  let host: AiSimulator;
  before(async () => void (host = await openaiSimulator({ dialect: 'compatible', key: 'sk-a-key-to-a-host-9QxT' })));
  after(() => host.close());

  /** The title of the step that is open. */
  async function open(path = at()): Promise<string> {
    const { text } = await cafe.owner.get(path);
    return /aria-current="step".*?<h2>([^<]*)/s.exec(text)?.[1] ?? '';
  }

  it('begins with the key, and a bot is there to talk to from the first look', async () => {
    assert.equal(await open(), 'Your key to the AI');
    const { text } = await cafe.owner.get(at());
    assert.match(text, /Hello! I answer for Café Aurora\./);
    assert.match(text, /Knows nothing yet/);
    assert.equal(cafe.ws.db.select().from(bots).all().length, 1);
  });

  it('two first looks at once make one bot', async () => {
    await Promise.all(Array.from({ length: 8 }, () => cafe.owner.get(at())));
    assert.equal(cafe.ws.db.select().from(bots).all().length, 1);
  });

  it('takes a key, shows that it works, and puts a model forward', async () => {
    const { location } = await cafe.owner.post(`${at()}/key`, {
      provider: 'compatible',
      key: 'sk-a-key-to-a-host-9QxT',
      baseUrl: host.url,
    });
    const { text } = await cafe.owner.get(location ?? '');
    assert.match(text, /The key works\. Sealed on this server; nobody sees it again\./);
    assert.match(text, /value="…9QxT" readonly/);
    assert.match(text, /:mistral-small" selected/);
    assert.equal(await open(), 'What the bot should know');
  });

  it('a wrong key keeps the step open and says what to do', async () => {
    const { status, text } = await cafe.owner.post(`${at()}/key`, {
      provider: 'compatible',
      key: 'sk-wrong-and-secret',
      baseUrl: host.url,
    });
    assert.equal(status, 422);
    assert.match(text, /know this key/);
    assert.doesNotMatch(text, /sk-wrong-and-secret/);
  });

  it('goes on without AI, and says what the bot does then', async () => {
    const { location } = await cafe.owner.post(`${at()}/key`, { provider: 'quote', key: '' });
    assert.equal(await open(location ?? ''), 'What the bot should know');
    assert.match((await cafe.owner.get(at())).text, /No AI yet: it quotes what it knows/);
  });

  it('refuses a model that the key does not offer', async () => {
    await cafe.owner.post(`${at()}/key`, { provider: 'compatible', key: 'sk-a-key-to-a-host-9QxT', baseUrl: host.url });
    assert.equal((await cafe.owner.post(`${at()}/model`, { part: 'model', model: '999999:mistral-small', temperature: '' })).status, 422);
  });

  it('takes a first text, a question with its answer, and a file', async () => {
    await cafe.owner.post(`${at()}/text`, { text: 'We are open on Sunday.' });
    await cafe.owner.post(`${at()}/question`, { question: 'Where are you?', answer: 'Sonnenallee 12' });
    const form = new FormData();
    form.append('csrf', cafe.owner.csrf ?? '');
    form.append('file', new File(['# Menu\n\nCake'], 'menu.md'));
    const sent = await cafe.owner.send('POST', `${at()}/file`, { body: form, headers: { 'Sec-Fetch-Site': 'same-origin' } });
    assert.match(sent.location ?? '', /step=try/);
    assert.deepEqual(
      cafe.ws.db
        .select()
        .from(sources)
        .all()
        .map(({ kind, title }) => [kind, title]),
      [
        ['text', 'About Café Aurora'],
        ['qa', 'Questions and answers'],
        ['file', 'menu.md'],
      ],
    );
    assert.equal(cafe.ws.db.select().from(questions).get()?.answer, 'Sonnenallee 12');
  });

  it('an empty text, an empty form and no file are told beside their fields', async () => {
    assert.match((await cafe.owner.post(`${at()}/text`, { text: ' \u200b ' })).text, /Write something it should know/);
    assert.match(
      (await cafe.owner.post(`${at()}/question?how=questions`, { question: '', answer: '' })).text,
      /The question is missing[\s\S]*The answer is missing/,
    );
    const form = new FormData();
    form.append('file', new File([], ''));
    const sent = await cafe.owner.send('POST', `${at()}/file?how=file`, { body: form, headers: { 'Sec-Fetch-Site': 'same-origin' } });
    assert.match(sent.text, /Choose a file first/);
    assert.deepEqual(cafe.ws.db.select().from(sources).all(), []);
  });

  it('puts the bot on the website: it is published, and the line is there to copy', async () => {
    const { location } = await cafe.owner.post(`${at()}/website`, { website: 'https://aurora.example' });
    const { text } = await cafe.owner.get(location ?? '');
    const channel = cafe.ws.db.select().from(channels).get();
    assert.equal(channel?.settings['origins'], 'https://aurora.example');
    assert.ok(publishedOf(cafe.ws, channel?.botId ?? 0));
    assert.match(text, new RegExp(`data-deskbell&#x3D;&quot;${channel?.publicId}`));
    assert.match(text, /Café Aurora has a front desk\./);
  });

  it('no website is needed', async () => {
    assert.equal((await cafe.owner.post(`${at()}/website`, { website: '' })).status, 303);
    assert.ok(cafe.ws.db.select().from(channels).get());
  });

  it('what is no web address is told beside its field, and no channel is made', async () => {
    const { status, text } = await cafe.owner.post(`${at()}/website`, { website: 'https://' });
    assert.equal(status, 422);
    assert.match(text, /class="wrong" id="f-website-foot"/);
    assert.equal(cafe.ws.db.select().from(channels).get(), undefined);
  });

  it('every step can be opened at any time', async () => {
    assert.equal(await open(`${at()}?step=place`), 'Put it where customers are');
    assert.equal(await open(`${at()}?step=try`), 'Try it');
    assert.equal(await open(`${at()}?step=knowledge`), 'What the bot should know');
    assert.equal(await open(`${at()}?step=nonsense`), 'Your key to the AI');
  });

  it('asks for the password again where a secret or a channel is at stake, after ten minutes', async () => {
    cafe.server.clock.move(11 * 60_000);
    for (const step of ['key', 'place']) assert.match((await cafe.owner.get(`${at()}?step=${step}`)).text, /Confirm your password/);
    assert.match((await cafe.owner.post(`${at()}/key`, { provider: 'openai', key: 'sk-x' })).location ?? '', /^\/account\/confirm/);
  });

  it('takes no field that it does not know', async () => {
    for (const [path, fields] of [
      ['text', { text: 'x' }],
      ['question', { question: 'x', answer: 'y' }],
      ['website', { website: '' }],
    ] as const) {
      assert.equal((await cafe.owner.post(`${at()}/${path}`, { ...fields, botId: '7' })).status, 400, path);
    }
  });
});
