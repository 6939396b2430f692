import assert from 'node:assert/strict';
import { eq } from '../../src/db/drizzle.ts';
import { auditEvents, bots, channels, providerKeys } from '../../src/db/schema/workspace.ts';
import { archiveBot, createBot, draftOf, publishDraft, publishedOf, saveDraft, versionById } from '../../src/bots/index.ts';
import type { Held } from '../../src/workspaces.ts';
import type { Workspace } from '../../src/workspace.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

describe('a bot', () => {
  let test: TestInstallation;
  let held: Held;
  let aurora: Workspace;

  before(async () => {
    test = await testInstallation();
    held = test.installation.workspaces.hold(cafeAurora(test.installation));
    aurora = held.workspace;
  });
  after(async () => {
    held.release();
    await test.end();
  });

  function key(models: { id: string; embeds?: boolean }[], provider: 'openai' | 'compatible' = 'openai'): number {
    return aurora.db
      .insert(providerKeys)
      .values({ provider, name: 'OpenAI', models, refusedFields: [], status: 'works', checkedAt: 1, createdAt: 1 })
      .returning({ id: providerKeys.id })
      .get().id;
  }

  it('starts as a draft that answers only from knowledge, needs no key and is not live', () => {
    const { botId, settings, number } = createBot(aurora, { settings: { name: 'Aurora' }, userId: 1 });
    assert.equal(number, 0);
    assert.equal(settings.groundedOnly, true);
    assert.equal(settings.providerKeyId, null);
    assert.equal(publishedOf(aurora, botId), undefined);
  });

  it('greets in the language of its business', () => {
    const german = test.installation.workspaces.create({
      name: 'Haus Lind',
      language: 'de-AT',
      timezone: 'Europe/Vienna',
      currency: 'EUR',
      website: null,
    });
    const { workspace, release } = test.installation.workspaces.hold(german);
    assert.match(createBot(workspace, { userId: null }).settings.greeting, /Guten Tag! Ich antworte für Haus Lind/);
    release();
  });

  it('keeps what customers see until the draft is published', () => {
    const { botId } = createBot(aurora, { settings: { name: 'Aurora', greeting: 'Hello' }, userId: 1 });
    publishDraft(aurora, { botId, userId: 1 });
    saveDraft(aurora, { botId, changes: { greeting: 'Good evening', name: 'Luna' }, userId: 1 });
    assert.equal(publishedOf(aurora, botId)?.settings.greeting, 'Hello');
    assert.equal(aurora.db.select().from(bots).where(eq(bots.id, botId)).get()?.name, 'Aurora');
    const published = publishDraft(aurora, { botId, userId: 2 });
    assert.equal(published.version?.number, 2);
    assert.equal(publishedOf(aurora, botId)?.settings.greeting, 'Good evening');
    assert.equal(aurora.db.select().from(bots).where(eq(bots.id, botId)).get()?.name, 'Luna');
  });

  it('changes only the fields that were given', () => {
    const { botId } = createBot(aurora, { settings: { name: 'Aurora', tone: 'warm' }, userId: 1 });
    saveDraft(aurora, { botId, changes: { instructions: 'Be short.' }, userId: 1 });
    assert.equal(draftOf(aurora, botId)?.settings.tone, 'warm');
    assert.equal(draftOf(aurora, botId)?.settings.instructions, 'Be short.');
  });

  it('leaves a published version as it was, so that a run can show what it ran', () => {
    const { botId } = createBot(aurora, { settings: { name: 'Aurora', greeting: 'One' }, userId: 1 });
    const first = publishDraft(aurora, { botId, userId: 1 }).version;
    assert.ok(first);
    saveDraft(aurora, { botId, changes: { greeting: 'Two' }, userId: 1 });
    publishDraft(aurora, { botId, userId: 1 });
    assert.equal(versionById(aurora, first.id)?.settings.greeting, 'One');
  });

  it('publishes nothing when nothing changed', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    const first = publishDraft(aurora, { botId, userId: 1 });
    assert.deepEqual(publishDraft(aurora, { botId, userId: 1 }), first);
  });

  it('notes who published which version', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    publishDraft(aurora, { botId, userId: 7 });
    const noted = aurora.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subject, `bot ${botId}`))
      .all();
    assert.deepEqual(
      noted.map((event) => [event.action, event.actorId, event.detail]),
      [
        ['bot.created', 1, null],
        ['bot.published', 7, { version: 1 }],
      ],
    );
  });

  it('refuses a model that the key does not open, and changes nothing', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    const providerKeyId = key([{ id: 'gpt-5-mini' }, { id: 'text-embedding-3-small', embeds: true }]);
    for (const model of ['gpt-9', 'text-embedding-3-small', '']) {
      const saved = saveDraft(aurora, { botId, changes: { providerKeyId, model }, userId: 1 });
      assert.ok(saved.problems?.model, model);
    }
    assert.equal(draftOf(aurora, botId)?.settings.providerKeyId, null);
    assert.equal(saveDraft(aurora, { botId, changes: { providerKeyId, model: 'gpt-5-mini' }, userId: 1 }).problems, undefined);
  });

  it('takes a model by its name where a host may open more than it lists', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    const saved = saveDraft(aurora, {
      botId,
      changes: { providerKeyId: key([{ id: 'llama' }], 'compatible'), model: 'my-llama' },
      userId: 1,
    });
    assert.equal(saved.draft?.settings.model, 'my-llama');
  });

  it('refuses a key that was removed or never was, and won’t publish with one', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    assert.match(saveDraft(aurora, { botId, changes: { providerKeyId: 9999, model: 'x' }, userId: 1 }).problems?.model ?? '', /removed/);
    const providerKeyId = key([{ id: 'gpt-5-mini' }]);
    saveDraft(aurora, { botId, changes: { providerKeyId, model: 'gpt-5-mini' }, userId: 1 });
    aurora.db.update(providerKeys).set({ removedAt: 2 }).where(eq(providerKeys.id, providerKeyId)).run();
    assert.match(publishDraft(aurora, { botId, userId: 1 }).problems?.model ?? '', /removed/);
    assert.equal(publishedOf(aurora, botId), undefined);
  });

  it('takes no value that does not fit, wherever it comes from', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    for (const changes of [
      { name: ' ' },
      { greeting: 'x'.repeat(501) },
      { temperature: 3 },
      { starters: Array<string>(7).fill('Open?') },
      { colour: 'red' },
    ]) {
      assert.throws(() => saveDraft(aurora, { botId, changes, userId: 1 }), { name: 'ZodError' });
    }
    assert.equal(draftOf(aurora, botId)?.settings.name, 'Assistant');
  });

  it('can’t be archived while a channel answers with it, and says which', () => {
    const { botId } = createBot(aurora, { userId: 1 });
    const { id } = aurora.db
      .insert(channels)
      .values({ publicId: `ch_${botId}`, kind: 'widget', name: 'aurora.example', botId, status: 'connected', settings: {}, createdAt: 1 })
      .returning({ id: channels.id })
      .get();
    assert.equal(archiveBot(aurora, { botId, userId: 1 }).says, 'aurora.example answers with this bot. Give it another bot first.');
    aurora.db.update(channels).set({ disconnectedAt: 2 }).where(eq(channels.id, id)).run();
    assert.deepEqual(archiveBot(aurora, { botId, userId: 1 }), {});
    assert.ok(aurora.db.select().from(bots).where(eq(bots.id, botId)).get()?.archivedAt);
  });
});
