/** Pages that show what was understood of customers' files, and where it is allowed. */
import assert from 'node:assert/strict';
import { createBot, draftOf } from '../../src/bots/index.ts';
import { differences } from '../../src/bots/differences.ts';
import { exportBot } from '../../src/bots/export-bot.ts';
import { readBotFile } from '../../src/bots/bot-file.ts';
import { indexMessages, keepText, wantText, type AttachmentText } from '../../src/conversations/index.ts';
import { providerKeys } from '../../src/db/schema/workspace.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';
import { pageOf, words } from '../support/dom.ts';
import type { Client } from '../support/http.ts';

describe('the pages of what customers send besides words', () => {
  let cast: InboxCast;
  let mira: Client;
  before(async () => {
    cast = await inboxCast();
    mira = await cast.server.as('owner');
  });
  after(() => cast.end());

  /** A message of a file alone, of which this was understood. */
  async function sent(
    part: 'audio' | 'image' | 'file',
    mime: string,
    kind: AttachmentText['kind'],
    read: Parameters<typeof keepText>[2] | null,
  ) {
    const id = await cast.write('Hana', '');
    return cast.ws.durable(() => {
      const file = Number(
        cast.ws.sql
          .prepare(
            "INSERT INTO attachments (channel_id, name, mime, bytes, state, path, created_at) VALUES (1, 'a file', ?, 900, 'kept', ?, 0)",
          )
          .run(mime, `f${id}-${Math.random()}`).lastInsertRowid,
      );
      cast.ws.sql
        .prepare('UPDATE message_parts SET kind = ?, attachment_id = ? WHERE id = (SELECT max(id) FROM message_parts)')
        .run(part, file);
      wantText(cast.ws, file, kind);
      if (read) keepText(cast.ws, file, read);
      return id;
    });
  }
  const thread = async (id: number): Promise<string> =>
    words(pageOf(await mira.get(`${cast.base}/conversations/${id}`)), '.thread').join(' ');

  it('a transcript stands under its player, leads to how it was made, and is found', async () => {
    const id = await sent('audio', 'audio/ogg', 'voice', { text: 'Do you have buckwheat cake?', runId: 7 });
    const document = pageOf(await mira.get(`${cast.base}/conversations/${id}`));
    assert.match(words(document, '.is-player .heard')[0] ?? '', /Do you have buckwheat cake\?/);
    assert.equal(document.querySelector('.is-player a')?.getAttribute('href'), `${cast.base}/conversations/${id}/runs/7`);
    indexMessages(cast.ws);
    const found = words(pageOf(await mira.get(`${cast.base}/inbox?q=buckwheat`)), '.row');
    assert.equal(found.length, 1, found.join());
    assert.match(found[0] ?? '', /Do you have buckwheat cake/);
  });

  it('what couldn’t be understood, and what is being, is said in words', async () => {
    assert.match(await thread(await sent('audio', 'audio/ogg', 'voice', { says: 'Nothing was said in it.' })), /Nothing was said in it\./);
    assert.match(await thread(await sent('audio', 'audio/ogg', 'voice', null)), /Being written down/);
    assert.match(await thread(await sent('file', 'application/pdf', 'document', { text: 'A secret recipe.' })), /Read by the bot/);
    assert.doesNotMatch(await thread(await sent('file', 'application/pdf', 'document', { text: 'A secret recipe.' })), /secret/);
  });

  it('the run of a transcript shows what was spoken, what it cost, and no search', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const runId = cast.run(id, '');
    cast.ws.durable(() =>
      cast.ws.sql
        .prepare("UPDATE runs SET kind = 'transcription', answer = 'Do you do cakes?', passages = '[]', prompt = ? WHERE id = ?")
        .run(JSON.stringify([{ role: 'user', text: '[voice.ogg, 9 KB]' }]), runId),
    );
    const document = pageOf(await mira.get(`${cast.base}/conversations/${id}/runs/${runId}`));
    const text = words(document, 'main')[0] ?? '';
    assert.match(text, /The bot’s model wrote down a voice note\./);
    assert.match(words(document, '.msg.is-customer')[0] ?? '', /Do you do cakes\?/);
    assert.match(text, /The recording\s*\[voice\.ogg, 9 KB\]/);
    assert.match(text, /Heard, in seconds or tokens as it is charged/);
    assert.doesNotMatch(text, /Nothing was found|What was found/);
  });

  it('the run of an answer names the pictures that were shown, by their place', async () => {
    const id = await cast.write('Jonas', 'What is this?');
    const runId = cast.run(id, 'What is this?');
    const prompt = [
      { role: 'system', text: 'You answer.' },
      { role: 'user', text: 'What is this?', pictures: [{ id: 3, name: 'cake.jpg' }] },
    ];
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE runs SET prompt = ? WHERE id = ?').run(JSON.stringify(prompt), runId));
    const document = pageOf(await mira.get(`${cast.base}/conversations/${id}/runs/${runId}`));
    assert.equal(document.querySelector(`a[href="${cast.base}/attachments/3"]`)?.textContent, 'cake.jpg');
  });

  describe('in a bot’s editor', () => {
    let keyId: number;
    let botId: number;
    const path = () => `${cast.base}/bots/${botId}`;
    const draft = () => draftOf(cast.ws, botId)?.settings ?? assert.fail();
    const save = (fields: Record<string, string>) => mira.post(`${path()}/draft`, { part: 'model', temperature: '', ...fields });
    beforeEach(() => {
      const models = [{ id: 'gpt-5-mini' }, { id: 'gpt-4' }, { id: 'gpt-transcribe', hears: true }];
      const key = {
        provider: 'openai' as const,
        name: 'OpenAI',
        baseUrl: null,
        models,
        refusedFields: [],
        status: 'works' as const,
        checkedAt: 1,
        createdAt: 1,
      };
      keyId = cast.ws.db.insert(providerKeys).values(key).returning({ id: providerKeys.id }).get().id;
      botId = createBot(cast.ws, { userId: null, settings: { name: 'Aurora', providerKeyId: keyId, model: 'gpt-5-mini' } }).botId;
    });

    it('what its models can is said beside each switch, and a model that hears answers nothing', async () => {
      const { text } = await mira.get(`${path()}/model`);
      assert.match(text, /gpt-transcribe writes down what was spoken/);
      assert.match(text, /gpt-5-mini is known to look at pictures/);
      assert.doesNotMatch(text, new RegExp(`value="${keyId}:gpt-transcribe"`));
    });

    it('a switch that nobody touches follows the model; one that somebody does stays', async () => {
      const all = { hearsVoice: 'on', readsDocuments: 'on', seesPictures: 'on', picturesWere: 'on' };
      await save({ model: `${keyId}:gpt-5-mini`, ...all });
      assert.deepEqual([draft().hearsVoice, draft().readsDocuments, draft().seesPictures], [true, true, null]);
      await save({ model: `${keyId}:gpt-4`, ...all });
      assert.equal(draft().seesPictures, null);
      assert.doesNotMatch((await mira.get(`${path()}/model`)).text, /name="seesPictures" checked/);
      await save({ model: `${keyId}:gpt-4`, picturesWere: 'off', seesPictures: 'on' });
      assert.deepEqual([draft().hearsVoice, draft().readsDocuments, draft().seesPictures], [false, false, true]);
    });

    it('a form without the switches changes none of them', async () => {
      await save({ model: `${keyId}:gpt-5-mini` });
      assert.deepEqual([draft().hearsVoice, draft().readsDocuments, draft().seesPictures], [true, true, null]);
    });

    it('they are told among the differences, and go with the bot’s file', async () => {
      const before = draft();
      await save({ model: `${keyId}:gpt-5-mini`, picturesWere: 'on', readsDocuments: 'on' });
      const names = { key: String, language: String, tool: String, field: String };
      assert.deepEqual(
        differences(draft(), before, names).map(({ label, was, is }) => [label, was, is]),
        [
          ['Listens to voice notes', 'on', 'off'],
          ['Looks at pictures', 'if its model is known to see', 'off'],
        ],
      );
      const read = readBotFile(JSON.stringify(exportBot(cast.ws, draftOf(cast.ws, botId) ?? assert.fail())));
      assert.ok(read.ok);
      assert.deepEqual([read.file.bot.hearsVoice, read.file.bot.readsDocuments, read.file.bot.seesPictures], [false, true, false]);
    });
  });
});
