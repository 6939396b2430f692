import assert from 'node:assert/strict';
import { createBot, draftOf, publishDraft, publishedOf, saveDraft } from '../../src/bots/index.ts';
import { auditEvents, providerKeys } from '../../src/db/schema/workspace.ts';
import { eq } from '../../src/db/drizzle.ts';
import { openCafe } from '../support/cafe.ts';

describe('a bot’s history', () => {
  const cafe = openCafe(before, after);
  const at = (id: number, path = '') => `${cafe.base}/bots/${id}/versions${path}`;

  /** Version 1 greets with "One", version 2 with "Two". */
  function bot(): number {
    const userId = cafe.server.people.owner;
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora', greeting: 'One' }, userId });
    publishDraft(cafe.ws, { botId, userId });
    saveDraft(cafe.ws, { botId, changes: { greeting: 'Two' }, userId });
    publishDraft(cafe.ws, { botId, userId });
    return botId;
  }

  it('goes back to an earlier version by one press, as a new version, and the draft follows', async () => {
    const id = bot();
    const { status, location } = await cafe.owner.post(at(id, '/1/live'));
    assert.equal(status, 303);
    assert.equal(publishedOf(cafe.ws, id)?.number, 3);
    assert.equal(publishedOf(cafe.ws, id)?.settings.greeting, 'One');
    assert.equal(draftOf(cafe.ws, id)?.settings.greeting, 'One');
    const { text } = await cafe.owner.get(location ?? '');
    assert.match(text, /Version 3 is live\. It holds what version 1 held\./);
    assert.match(text, new RegExp(`action="${at(id, '/2/live')}"`));
    assert.match(text, /holds what version 1 held<\/small>/);
  });

  it('takes going back back', async () => {
    const id = bot();
    await cafe.owner.post(at(id, '/1/live'));
    await cafe.owner.post(at(id, '/2/live'));
    assert.equal(publishedOf(cafe.ws, id)?.number, 4);
    assert.equal(publishedOf(cafe.ws, id)?.settings.greeting, 'Two');
    assert.equal(draftOf(cafe.ws, id)?.settings.greeting, 'Two');
  });

  it('leaves a draft alone in which something waits to be published', async () => {
    const id = bot();
    saveDraft(cafe.ws, { botId: id, changes: { instructions: 'Half written.' }, userId: cafe.server.people.owner });
    await cafe.owner.post(at(id, '/1/live'));
    assert.equal(publishedOf(cafe.ws, id)?.settings.greeting, 'One');
    assert.equal(draftOf(cafe.ws, id)?.settings.greeting, 'Two');
    assert.equal(draftOf(cafe.ws, id)?.settings.instructions, 'Half written.');
  });

  it('publishes nothing for a version that holds what is live', async () => {
    const id = bot();
    await cafe.owner.post(at(id, '/2/live'));
    assert.equal(publishedOf(cafe.ws, id)?.number, 2);
  });

  it('notes who went back, and to which version', async () => {
    const id = bot();
    await cafe.owner.post(at(id, '/1/live'));
    const [last] = cafe.ws.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subject, `bot ${id}`))
      .all()
      .slice(-1);
    assert.deepEqual([last?.action, last?.actorId, last?.detail], ['bot.published', cafe.server.people.owner, { version: 3, from: 1 }]);
  });

  it('doesn’t go back to a model whose key was removed, and says so', async () => {
    const userId = cafe.server.people.owner;
    const { keyId } = cafe.ws.db
      .insert(providerKeys)
      .values({
        provider: 'openai',
        name: 'OpenAI',
        models: [{ id: 'gpt-5-mini' }],
        refusedFields: [],
        status: 'works',
        checkedAt: 1,
        createdAt: 1,
      })
      .returning({ keyId: providerKeys.id })
      .get();
    const { botId } = createBot(cafe.ws, { settings: { providerKeyId: keyId, model: 'gpt-5-mini' }, userId });
    publishDraft(cafe.ws, { botId, userId });
    saveDraft(cafe.ws, { botId, changes: { providerKeyId: null, model: '' }, userId });
    publishDraft(cafe.ws, { botId, userId });
    cafe.ws.db.update(providerKeys).set({ removedAt: 2 }).where(eq(providerKeys.id, keyId)).run();
    const { status, text } = await cafe.owner.post(at(botId, '/1/live'));
    assert.equal(status, 422);
    assert.match(text, /Version 1 can’t answer\.<\/b> The key of this model was removed\./);
    assert.equal(publishedOf(cafe.ws, botId)?.number, 2);
  });

  it('lists who published what, and shows what going back would change', async () => {
    const id = bot();
    const list = (await cafe.owner.get(at(id))).text;
    assert.match(list, /Version 2 answers customers\./);
    assert.match(list, /<td data-l="Changed">Greeting</);
    assert.match(list, /The first version/);
    const page = (await cafe.owner.get(at(id, '/1'))).text;
    assert.match(page, /Going back to version 1 changes one thing\./);
    assert.match(page, /<dt>Live<\/dt><dd dir="auto"><del>Two<\/del>/);
    assert.match(page, /<dt>Then<\/dt><dd dir="auto"><ins>One<\/ins>/);
  });

  it('shows fifty versions at a time', async () => {
    const id = bot();
    for (let n = 3; n <= 52; n++) {
      saveDraft(cafe.ws, { botId: id, changes: { greeting: `Greeting ${n}` }, userId: null });
      publishDraft(cafe.ws, { botId: id, userId: null });
    }
    const { text } = await cafe.owner.get(at(id));
    assert.equal(text.match(/<th scope="row">/g)?.length, 50);
    assert.match(text, /href="\?before=3"/);
    assert.equal((await cafe.owner.get(at(id, '?before=3'))).text.match(/<th scope="row">/g)?.length, 2);
  });

  it('has no version that never was, and none of another bot; the draft is none', async () => {
    const id = bot();
    for (const number of ['3', '0', '-1', 'x']) {
      assert.equal((await cafe.owner.get(at(id, `/${number}`))).status, 404);
      assert.equal((await cafe.owner.post(at(id, `/${number}/live`))).status, 404);
    }
    assert.equal(publishedOf(cafe.ws, id)?.number, 2);
  });

  it('asks draft and live the same question on a page of its own', async () => {
    const id = bot();
    assert.match((await cafe.owner.get(`${cafe.base}/bots/${id}/compare`)).text, /name="who" value="both"/);
    const fields = { question: 'Are you open?', who: 'both', runs: '', place: 'compare' };
    const { location } = await cafe.owner.post(`${cafe.base}/bots/${id}/trials`, fields);
    assert.match(location ?? '', new RegExp(`/bots/${id}/compare\\?who=both&runs=\\d+,\\d+#pg$`));
    const { text } = await cafe.owner.get(location ?? '');
    assert.equal(text.match(/class="msg is-customer"/g)?.length, 1);
    assert.match(text, /How the answer of Draft was made/);
    assert.match(text, /How the answer of Version 2 was made/);
  });
});
