import assert from 'node:assert/strict';
import { eq } from '../../src/db/drizzle.ts';
import { createBot, draftOf, publishDraft, publishedOf, saveDraft } from '../../src/bots/index.ts';
import { bots, channels, providerKeys } from '../../src/db/schema/workspace.ts';
import { openCafe } from '../support/cafe.ts';

const HTMX = { 'HX-Request': 'true' };

describe('the pages of bots', () => {
  const cafe = openCafe(before, after);
  const at = () => `${cafe.base}/bots`;

  const voice = {
    part: 'voice',
    name: 'Aurora',
    avatar: '',
    greeting: 'Hello',
    instructions: 'Be warm.',
    tone: 'warm',
    language: 'customer',
    length: 'short',
    fallback: '',
    starters: 'Open on Sunday?\n\nWhere are you?',
    groundedOnly: 'on',
  };

  function bot(): number {
    return createBot(cafe.ws, { settings: { name: 'Aurora', greeting: 'Hello' }, userId: cafe.server.people.owner }).botId;
  }

  it('an empty list leads on to the first bot', async () => {
    const { text } = await cafe.owner.get(at());
    assert.match(text, /Nobody answers for you yet\./);
    assert.match(text, /Make the first one/);
  });

  it('a bot is made by its name and opens in the editor', async () => {
    const { status, location } = await cafe.owner.post(at(), { name: '  Aurora ' });
    assert.equal(status, 303);
    assert.match(location ?? '', /\/bots\/\d+$/);
    const { text } = await cafe.owner.get(location ?? '');
    assert.match(text, /<h1>Aurora<\/h1>/);
    assert.match(text, /Not live yet/);
    assert.match(text, /I answer for Café Aurora/);
  });

  it('a bot without a name is not made', async () => {
    const before = cafe.ws.db.select().from(bots).all().length;
    const { status, text } = await cafe.owner.post(at(), { name: ' \u200b ' });
    assert.equal(status, 422);
    assert.match(text, /The name is missing\./);
    assert.equal(cafe.ws.db.select().from(bots).all().length, before);
  });

  it('the form is kept in the draft, field by field', async () => {
    const id = bot();
    const { status } = await cafe.owner.post(`${at()}/${id}/draft`, voice);
    assert.equal(status, 303);
    const settings = draftOf(cafe.ws, id)?.settings;
    assert.deepEqual(settings?.starters, ['Open on Sunday?', 'Where are you?']);
    assert.equal(settings?.tone, 'warm');
    assert.equal(settings?.groundedOnly, true);
    assert.equal(publishedOf(cafe.ws, id), undefined);
  });

  it('a switch that is off is off', async () => {
    const id = bot();
    const { groundedOnly: _on, ...off } = voice;
    await cafe.owner.post(`${at()}/${id}/draft`, off);
    assert.equal(draftOf(cafe.ws, id)?.settings.groundedOnly, false);
  });

  it('htmx gets the form and the head back, not a page', async () => {
    const id = bot();
    publishDraft(cafe.ws, { botId: id, userId: cafe.server.people.owner });
    const { status, text } = await cafe.owner.post(`${at()}/${id}/draft`, voice, HTMX);
    assert.equal(status, 200);
    assert.match(text, /^<form/);
    assert.match(text, /<hx-partial hx-target="#bench-head"/);
    assert.match(text, /Draft differs from live in three places/);
    assert.doesNotMatch(text, /<html/);
  });

  it('huge instructions are refused beside their field, and what was typed stays', async () => {
    const id = bot();
    const { status, text } = await cafe.owner.post(`${at()}/${id}/draft`, {
      ...voice,
      instructions: `kept ${'x'.repeat(20_001)}`,
      greeting: 'Kept too',
    });
    assert.equal(status, 422);
    assert.match(text, /The instructions can have 20000 characters at most\./);
    assert.match(text, /kept x/);
    assert.match(text, /Kept too/);
    assert.equal(draftOf(cafe.ws, id)?.settings.instructions, '');
  });

  it('a megabyte of text does no harm', async () => {
    const { status } = await cafe.owner.post(`${at()}/${bot()}/draft`, { ...voice, fallback: '🙂'.repeat(250_000) });
    assert.equal(status, 422);
  });

  it('500 emoji are 500 characters, in the form and in the draft', async () => {
    const id = bot();
    assert.equal((await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, greeting: '🙂'.repeat(500) })).status, 303);
    assert.equal((await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, greeting: '🙂'.repeat(501) })).status, 422);
  });

  for (const [what, field, value] of [
    ['a tone that is not offered', 'tone', 'rude'],
    ['a language that is not offered', 'language', 'xx'],
    ['seven starter questions', 'starters', 'a\nb\nc\nd\ne\nf\ng'],
    ['a starter question of 121 characters', 'starters', 'x'.repeat(121)],
    ['three letters for an avatar', 'avatar', 'abc'],
  ] as const) {
    it(`${what} is refused`, async () => {
      const id = bot();
      const { status, text } = await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, [field]: value });
      assert.equal(status, 422);
      assert.match(text, /class="wrong"/);
      assert.equal(draftOf(cafe.ws, id)?.settings.instructions, '');
    });
  }

  it('a family emoji is one sign and fits', async () => {
    const id = bot();
    assert.equal((await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, avatar: '👩‍👩‍👧‍👦' })).status, 303);
    assert.equal(draftOf(cafe.ws, id)?.settings.avatar, '👩‍👩‍👧‍👦');
  });

  it('a field that no form has is refused', async () => {
    const id = bot();
    assert.equal((await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, published_version_id: '1' })).status, 400);
    assert.equal((await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, part: 'everything' })).status, 400);
  });

  it('what is written stays text on the page', async () => {
    const id = bot();
    await cafe.owner.post(`${at()}/${id}/draft`, { ...voice, name: '"><script>x</script>', instructions: '</textarea><script>y</script>' });
    for (const path of ['', '/model', '/differences'])
      assert.doesNotMatch((await cafe.owner.get(`${at()}/${id}${path}`)).text, /<script>[xy]/);
    assert.doesNotMatch((await cafe.owner.get(at())).text, /<script>x/);
  });

  it('publishing takes what the form holds, without a save before', async () => {
    const id = bot();
    const { status } = await cafe.owner.post(`${at()}/${id}/versions`, { ...voice, greeting: 'Straight out' });
    assert.equal(status, 303);
    assert.equal(publishedOf(cafe.ws, id)?.settings.greeting, 'Straight out');
  });

  it('what publishing would change is listed, and published from there', async () => {
    const id = bot();
    publishDraft(cafe.ws, { botId: id, userId: cafe.server.people.owner });
    saveDraft(cafe.ws, { botId: id, changes: { greeting: 'Good evening', instructions: 'One\nTwo' }, userId: cafe.server.people.owner });
    const { text } = await cafe.owner.get(`${at()}/${id}/differences`);
    assert.match(text, /Publishing changes two things\./);
    assert.match(text, /<del>Hello<\/del>/);
    assert.match(text, /<ins>Good evening<\/ins>/);
    assert.match(text, /<ins>Two<\/ins>/);
    await cafe.owner.post(`${at()}/${id}/versions`);
    assert.equal(publishedOf(cafe.ws, id)?.number, 2);
  });

  it('an archived bot is gone from the list and its page', async () => {
    const id = bot();
    assert.equal((await cafe.owner.post(`${at()}/${id}/archive`)).status, 303);
    assert.equal((await cafe.owner.get(`${at()}/${id}`)).status, 404);
    assert.doesNotMatch((await cafe.owner.get(at())).text, new RegExp(`/bots/${id}"`));
  });

  it('a bot that answers on a channel stays, and the page says where', async () => {
    const id = bot();
    cafe.ws.db
      .insert(channels)
      .values({ publicId: `ch_${id}`, kind: 'widget', name: 'Website chat', botId: id, status: 'connected', settings: {}, createdAt: 1 })
      .run();
    const { status, text } = await cafe.owner.post(`${at()}/${id}/archive`);
    assert.equal(status, 409);
    assert.match(text, /Website chat answers with this bot\. Give it another bot first\./);
    assert.match((await cafe.owner.get(at())).text, /Aurora answers on Website chat\./);
    cafe.ws.db.delete(channels).where(eq(channels.botId, id)).run();
  });

  it('a bot whose key doesn’t work says so in the list and beside its model, and keeps the model', async () => {
    const id = bot();
    const { keyId } = cafe.ws.db
      .insert(providerKeys)
      .values({
        provider: 'openai',
        name: 'OpenAI',
        models: [{ id: 'gpt-5-mini' }],
        refusedFields: [],
        status: 'broken',
        says: 'OpenAI says there is no credit left.',
        checkedAt: 1,
        createdAt: 1,
      })
      .returning({ keyId: providerKeys.id })
      .get();
    saveDraft(cafe.ws, { botId: id, changes: { providerKeyId: keyId, model: 'gpt-5-mini' }, userId: cafe.server.people.owner });
    publishDraft(cafe.ws, { botId: id, userId: cafe.server.people.owner });
    cafe.ws.db
      .insert(channels)
      .values({ publicId: `ch_${id}`, kind: 'widget', name: 'Website chat', botId: id, status: 'connected', settings: {}, createdAt: 1 })
      .run();
    const { text } = await cafe.owner.get(at());
    assert.match(text, /Aurora can’t answer: its key doesn’t work\./);
    assert.match(text, /Can’t answer<\/span><small>OpenAI says there is no credit left\./);
    assert.match((await cafe.owner.get(`${at()}/${id}/model`)).text, /no credit left\. Until that is mended it calls a person/);
    cafe.ws.db.update(providerKeys).set({ removedAt: 2 }).where(eq(providerKeys.id, keyId)).run();
    assert.match((await cafe.owner.get(at())).text, /Its key was removed\./);
    assert.match((await cafe.owner.get(`${at()}/${id}/model`)).text, new RegExp(`value="${keyId}:gpt-5-mini" selected>`));
    cafe.ws.db.delete(channels).where(eq(channels.botId, id)).run();
  });

  it('who only reads sees the list and no way in', async () => {
    bot();
    const viewer = await cafe.server.as('viewer');
    const { text } = await viewer.get(at());
    assert.match(text, /Aurora/);
    assert.doesNotMatch(text, /\/bots\/\d+"|New bot/);
  });

  it('another workspace’s bot is not there', async () => {
    const other = cafe.server.installation.workspaces.create({
      name: 'Haus Lind',
      language: 'de',
      timezone: 'Europe/Vienna',
      currency: 'EUR',
      website: null,
    });
    const { workspace, release } = cafe.server.installation.workspaces.hold(other);
    for (let n = 0; n < 60; n++) createBot(workspace, { userId: null });
    const { botId } = createBot(workspace, { settings: { name: 'Canary of Lind' }, userId: null });
    release();
    const met = await cafe.owner.get(`${at()}/${botId}`);
    assert.equal(met.status, 404);
    assert.doesNotMatch(met.text, /Canary/);
  });
});
