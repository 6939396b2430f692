import assert from 'node:assert/strict';
import { createBot, publishDraft, saveDraft } from '../../src/bots/index.ts';
import { runs } from '../../src/db/schema/workspace.ts';
import { addText, closeReading, closeSearch, readSource } from '../../src/knowledge/index.ts';
import { addKey } from '../../src/providers/index.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { openCafe } from '../support/cafe.ts';
import { eventually } from '../support/eventually.ts';

const HTMX = { 'HX-Request': 'true', Accept: 'text/html, text/event-stream' };

describe('the playground', () => {
  const cafe = openCafe(before, after);
  let openai: AiSimulator;
  let keyId: number;

  before(async () => {
    openai = await openaiSimulator();
    const added = await addKey(
      cafe.ws,
      { provider: 'openai', name: 'OpenAI', key: openai.key ?? '', baseUrl: openai.url },
      cafe.server.people.owner,
    );
    assert.ok(added.ok);
    keyId = added.keyId;
    await cafe.server.installation.jobs.start({ 'read-source': readSource });
    addText(cafe.ws, { title: 'Hours', text: 'On Sunday we are open from nine to five.', by: cafe.server.people.owner });
    await eventually(() => assert.ok(cafe.ws.prepare('SELECT 1 FROM chunks').get()));
  });
  after(async () => {
    await openai.close();
    await closeReading();
    await closeSearch();
  });

  function bot(model = 'gpt-5-mini'): number {
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: cafe.server.people.owner });
    saveDraft(cafe.ws, { botId, changes: { providerKeyId: keyId, model }, userId: cafe.server.people.owner });
    return botId;
  }

  function ask(botId: number, fields: Record<string, string>, headers?: Record<string, string>) {
    return cafe.owner.post(
      `${cafe.base}/bots/${botId}/trials`,
      { question: 'Are you open on Sunday?', who: 'draft', runs: '', place: 'voice', ...fields },
      headers,
    );
  }

  it('streams the answer and then shows how it was made', async () => {
    openai.says = 'Yes, from nine to five.[1]';
    const { status, headers, text } = await ask(bot(), {}, HTMX);
    assert.equal(status, 200);
    assert.match(headers.get('Content-Type') ?? '', /text\/event-stream/);
    assert.match(text, /Are you open on Sunday\?/);
    assert.match(text, /class="cite" href="#run\d+-1"/);
    assert.match(text, /How this answer was made/);
    assert.match(text, /gpt-5-mini/);
    assert.match(text, /On Sunday we are open from nine to five\./);
    assert.match(text, /\$0\.00/);
    assert.match(text, /Answer only from the numbered passages/);
  });

  it('shows the prompt byte for byte as the provider got it', async () => {
    openai.calls.length = 0;
    const { text } = await ask(bot(), {}, HTMX);
    const sent = (openai.calls[0]?.body['messages'] as { content: string }[]).map(({ content }) => content);
    const shown = [...text.replace(/^data: ?/gm, '').matchAll(/<pre dir="auto">([\s\S]*?)<\/pre>/g)].map(([, part = '']) => unescape(part));
    assert.equal(shown.join('\n\n'), sent.join('\n\n'));
  });

  it('carries on the conversation: what was asked and answered before goes along', async () => {
    const id = bot();
    openai.says = 'Yes.[1]';
    const first = await ask(id, {});
    const before = /runs=([\d,]+)/.exec(first.location ?? '')?.[1] ?? '';
    openai.calls.length = 0;
    openai.says = 'From nine.[1]';
    const second = await ask(id, { question: 'From when?', runs: before });
    const turns = (openai.calls[0]?.body['messages'] as { role: string; content: string }[]).filter(
      ({ role }) => role !== 'system' && role !== 'developer',
    );
    assert.deepEqual(
      turns.slice(0, 2).map(({ content }) => content),
      ['Are you open on Sunday?', 'Yes.[1]'],
    );
    assert.match(turns.at(-1)?.content ?? '', /From when\?/);
    assert.match(second.location ?? '', new RegExp(`runs=${before},\\d+#pg`));
  });

  it('works without JavaScript: the page comes back with the answer', async () => {
    openai.says = 'Yes, on Sunday too.[1]';
    const { status, location } = await ask(bot(), { place: 'model' });
    assert.equal(status, 303);
    assert.match(location ?? '', /\/model\?who=draft&runs=\d+#pg$/);
    const { text } = await cafe.owner.get(location ?? '');
    assert.match(text, /Yes, on Sunday too\./);
    assert.match(text, /How this answer was made/);
  });

  it('asks draft and live side by side, each by its own settings', async () => {
    const id = bot();
    saveDraft(cafe.ws, { botId: id, changes: { instructions: 'LIVE WORDS' }, userId: cafe.server.people.owner });
    publishDraft(cafe.ws, { botId: id, userId: cafe.server.people.owner });
    saveDraft(cafe.ws, { botId: id, changes: { instructions: 'DRAFT WORDS' }, userId: cafe.server.people.owner });
    openai.says = (body) => (JSON.stringify(body).includes('DRAFT WORDS') ? 'As drafted.' : 'As published.');
    const { text } = await ask(id, { who: 'both' }, HTMX);
    assert.match(text, /Draft<\/p>[\s\S]*As drafted\./);
    assert.match(text, /Version 1<\/p>[\s\S]*As published\./);
  });

  it('says that nothing is live yet instead of asking the draft in its place', async () => {
    const { status, text } = await ask(bot(), { who: 'live' });
    assert.equal(status, 409);
    assert.match(text, /Nothing is live yet/);
  });

  it('shows the fallback sentence, and why, when the knowledge holds no answer', async () => {
    openai.says = '[[no answer]]';
    const { text } = await ask(bot(), { question: 'Do you sell bicycles?' }, HTMX);
    assert.match(text, /I’ve asked a person to look at it/);
    assert.match(text, /Nothing in the knowledge answers this/);
    assert.doesNotMatch(text, /class="rich">[^<]*<p[^>]*>\[\[no answer/);
  });

  it('says in plain words what the provider refused, never its own error', async () => {
    openai.fail('no-credit');
    const { text } = await ask(bot(), {}, HTMX);
    assert.match(text, /credit/);
    assert.doesNotMatch(text, /insufficient_quota|You exceeded your current quota/);
  });

  it('stops the provider when whoever asked leaves', async () => {
    openai.fail('hang');
    const leaving = new AbortController();
    const before = openai.abandoned;
    const body = new URLSearchParams({
      csrf: cafe.owner.csrf ?? '',
      question: 'Are you open?',
      who: 'draft',
      runs: '',
      place: 'voice',
    }).toString();
    const asking = cafe.owner.send('POST', `${cafe.base}/bots/${bot()}/trials`, {
      body,
      signal: leaving.signal,
      headers: { ...HTMX, Origin: cafe.server.url, 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    await eventually(() =>
      assert.ok(
        cafe.ws.db
          .select()
          .from(runs)
          .all()
          .some((run) => run.state === 'open'),
      ),
    );
    leaving.abort();
    await assert.rejects(asking);
    await eventually(() => assert.equal(openai.abandoned, before + 1));
    await eventually(() => assert.equal(cafe.ws.db.select().from(runs).all().at(-1)?.state, 'dropped'));
  });

  it('quotes the knowledge when the bot has no key', async () => {
    const { botId } = createBot(cafe.ws, { userId: cafe.server.people.owner });
    const { text } = await ask(botId, {}, HTMX);
    assert.match(text, /the knowledge itself, word for word/);
    assert.match(text, /nine to five/);
  });

  it('refuses an empty question, a huge one, and a field it does not know', async () => {
    const id = bot();
    assert.equal((await ask(id, { question: ' \u200b ' })).status, 422);
    assert.equal((await ask(id, { question: 'x'.repeat(4001) })).status, 422);
    assert.equal((await ask(id, { versionId: '1' })).status, 400);
    assert.equal((await ask(999_999, {})).status, 404);
  });

  it('shows no run of another bot, or of a conversation, whatever numbers the address holds', async () => {
    openai.says = 'A secret of the other bot.';
    const other = await ask(bot(), {});
    const secret = /runs=(\d+)/.exec(other.location ?? '')?.[1] ?? '';
    const { text } = await cafe.owner.get(`${cafe.base}/bots/${bot()}?runs=${secret},abc,-1,999999`);
    assert.doesNotMatch(text, /A secret of the other bot/);
  });

  it('lets nothing run that a model wrote', async () => {
    openai.says = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(1)</script>';
    const { text } = await ask(bot(), {}, HTMX);
    assert.doesNotMatch(text, /<img|<script|href="javascript/);
  });
});

function unescape(html: string): string {
  return html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&#x60;/g, '`')
    .replace(/&#x3D;/g, '=')
    .replace(/&amp;/g, '&');
}
