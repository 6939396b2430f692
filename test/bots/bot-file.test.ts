import assert from 'node:assert/strict';
import { createBot, draftOf, publishDraft, saveDraft, type BotSettings } from '../../src/bots/index.ts';
import { bots, channels, labels, providerKeys } from '../../src/db/schema/workspace.ts';
import { addText } from '../../src/knowledge/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { removeTool } from '../../src/tools/index.ts';
import { openCafe } from '../support/cafe.ts';
import { formOf } from '../support/files.ts';
import { addTool } from '../support/tools.ts';

const OFF = { on: false, says: '' };
const handoff: BotSettings['handoff'] = {
  keywords: { on: true, says: 'One moment.', words: ['refund'] },
  failures: { on: true, says: '', after: 3 },
  unsure: { ...OFF, below: 0.5 },
  places: { on: true, says: '', channels: [], labels: [] },
  outsideHours: OFF,
  sumsUp: true,
};

describe('a bot as a file', () => {
  const cafe = openCafe(beforeEach, afterEach);
  const importing = () => `${cafe.base}/bots/import`;

  function key(ws: Workspace, name = 'Our OpenAI', models = [{ id: 'gpt-5-mini' }, { id: 'gpt-5' }]): number {
    const values = {
      provider: 'openai',
      name,
      models,
      lastFour: 'x7Q2',
      refusedFields: [],
      status: 'works',
      checkedAt: 1,
      createdAt: 1,
    } as const;
    return ws.db
      .insert(providerKeys)
      .values({ ...values, refusedFields: [] })
      .returning({ id: providerKeys.id })
      .get().id;
  }

  function place(ws: Workspace): BotSettings['handoff'] {
    const channel = { publicId: 'ch_1', kind: 'widget', name: 'Website chat', status: 'connected', settings: {}, createdAt: 1 } as const;
    const { id } = ws.db.insert(channels).values(channel).returning({ id: channels.id }).get();
    const label = ws.db.insert(labels).values({ name: 'VIP', hue: 'pine', createdAt: 1 }).returning({ id: labels.id }).get();
    return { ...handoff, places: { ...handoff.places, channels: [id], labels: [label.id] } };
  }

  function whole(ws: Workspace): number {
    const providerKeyId = key(ws);
    const settings: Partial<BotSettings> = {
      name: 'Aurora',
      avatar: '☕',
      greeting: 'Hello </textarea><script>x</script>',
      instructions: 'Be warm.\nSay prices in euros.',
      tone: 'warm',
      providerKeyId,
      model: 'gpt-5-mini',
      backups: [{ providerKeyId, model: 'gpt-5' }],
      temperature: 0.3,
      starters: ['Open on Sunday?'],
      groundedOnly: false,
      handoff: place(ws),
    };
    return createBot(ws, { settings, userId: cafe.server.people.owner }).botId;
  }

  async function fileOf(id: number, path = 'file'): Promise<string> {
    const { status, headers, text } = await cafe.owner.get(`${cafe.base}/bots/${id}/${path}`);
    assert.equal(status, 200);
    assert.match(headers.get('Content-Disposition') ?? '', /^attachment; filename="?Aurora.*\.deskbell\.json"?$/);
    return text;
  }

  function upload(content: string, base = cafe.base) {
    const body = formOf({ csrf: cafe.owner.csrf ?? '' }, [
      { name: 'Aurora.deskbell.json', content: Buffer.from(content), type: 'application/json' },
    ]);
    return cafe.owner.send('POST', `${base}/bots/import`, { body, headers: { Accept: 'text/html', Origin: cafe.server.url } });
  }

  it('goes out and comes in again the same', async () => {
    const id = whole(cafe.ws);
    const file = await fileOf(id);
    const { status, text } = await upload(file);
    assert.equal(status, 200);
    assert.doesNotMatch(text, /Not found here/);
    assert.doesNotMatch(text, /<script>x/);
    const { location } = await cafe.owner.post(`${importing()}/keep`, { content: file });
    const made = Number(/\/bots\/(\d+)$/.exec(location ?? '')?.[1]);
    assert.notEqual(made, id);
    assert.deepEqual(draftOf(cafe.ws, made)?.settings, draftOf(cafe.ws, id)?.settings);
  });

  it('holds no key, no part of one and no number that means nothing elsewhere', async () => {
    const file = await fileOf(whole(cafe.ws));
    assert.doesNotMatch(file, /x7Q2|[kK]eyId|baseUrl|secret/);
    const { bot, format, schema } = JSON.parse(file) as { bot: Record<string, unknown>; format: string; schema: number };
    assert.deepEqual([format, schema], ['deskbell-bot', 1]);
    assert.deepEqual(bot['model'], { provider: 'openai', key: 'Our OpenAI', model: 'gpt-5-mini' });
    assert.deepEqual((bot['handoff'] as typeof handoff).places, { on: true, says: '', channels: ['Website chat'], labels: ['VIP'] });
  });

  it('names the knowledge it was made with, without its texts', async () => {
    addText(cafe.ws, { title: 'Opening hours', text: 'On Sunday from nine to five.', by: null });
    const file = await fileOf(whole(cafe.ws));
    assert.match(file, /"title": "Opening hours"/);
    assert.doesNotMatch(file, /nine to five/);
  });

  it('takes a published version as it was', async () => {
    const id = whole(cafe.ws);
    publishDraft(cafe.ws, { botId: id, userId: null });
    saveDraft(cafe.ws, { botId: id, changes: { instructions: 'Later.' }, userId: null });
    assert.match(await fileOf(id, 'versions/1/file'), /Be warm\./);
    assert.match(await fileOf(id), /Later\./);
  });

  it('says before anything is kept what another workspace lacks, and leaves that out', async () => {
    addText(cafe.ws, { title: 'Opening hours', text: 'On Sunday from nine to five.', by: null });
    const file = await fileOf(whole(cafe.ws));
    const { installation, people } = cafe.server;
    const other = installation.workspaces.create({
      name: 'Haus Lind',
      language: 'de',
      timezone: 'Europe/Vienna',
      currency: 'EUR',
      website: null,
    });
    installation.control
      .prepare("INSERT INTO memberships (workspace_id, user_id, role, created_at) VALUES (?, ?, 'owner', 1)")
      .run(other, people.owner);
    const { workspace, release } = installation.workspaces.hold(other);
    const { status, text } = await upload(file, `/w/${other}`);
    assert.equal(status, 200);
    for (const said of ['gpt-5-mini, by a key of OpenAI', 'The channel “Website chat”', 'The label “VIP”', 'Opening hours', 'Not here yet'])
      assert.match(text, new RegExp(said));
    assert.equal(workspace.db.select().from(bots).all().length, 0);
    await cafe.owner.post(`/w/${other}/bots/import/keep`, { content: file });
    const made = draftOf(workspace, workspace.db.select().from(bots).all()[0]?.id ?? 0)?.settings;
    release();
    assert.deepEqual([made?.name, made?.providerKeyId, made?.model, made?.backups], ['Aurora', null, '', []]);
    assert.deepEqual(made?.handoff.places, { ...handoff.places, channels: [], labels: [] });
    assert.equal(made?.handoff.keywords.on, true);
  });

  it('finds a key of the same provider under another name', async () => {
    const id = whole(cafe.ws);
    const file = (await fileOf(id)).replaceAll('Our OpenAI', 'Theirs');
    await cafe.owner.post(`${importing()}/keep`, { content: file });
    assert.equal(draftOf(cafe.ws, id + 1)?.settings.providerKeyId, draftOf(cafe.ws, id)?.settings.providerKeyId);
  });

  for (const [what, change, says] of [
    ['that is cut off', (file: string) => file.slice(0, 90), /can’t be read as JSON/],
    ['of something else', () => '{"format":"n8n"}', /This is no file of a bot/],
    ['of a list', () => '[1]', /This is no file of a bot/],
    ['of a newer release', (file: string) => file.replace('"schema": 1', '"schema": 2'), /a newer release of Deskbell/],
    ['with a field nobody knows', (file: string) => file.replace('"avatar"', '"apiKey": "sk-1", "avatar"'), /“bot\.apiKey”/],
    ['with a value that doesn’t fit', (file: string) => file.replace('"warm"', '"rude"'), /“bot\.tone”/],
    ['that is too large', (file: string) => file.replace('Be warm.', 'x'.repeat(1_100_000)), /larger than 1 MB/],
  ] as const) {
    it(`a file ${what} is refused in plain words, and nothing is made`, async () => {
      const file = change(await fileOf(whole(cafe.ws)));
      const { status, text } = await upload(file);
      assert.equal(status, 422);
      assert.match(text, says);
      if (file.length < 200_000) assert.equal((await cafe.owner.post(`${importing()}/keep`, { content: file })).status, 422);
      assert.equal(cafe.ws.db.select().from(bots).all().length, 1);
    });
  }

  it('is only for those who may change bots', async () => {
    const id = whole(cafe.ws);
    const agent = await cafe.server.as('agent');
    for (const path of [`${cafe.base}/bots/${id}/file`, importing()]) assert.equal((await agent.get(path)).status, 403);
  });

  it('names the tools it may call, which stay where they are: here it calls those of the same name alone', async () => {
    const tool = addTool(cafe.ws, 'https://orders.example/{order}', {
      title: 'Order status',
      headers: [['Authorization', 'Bearer top-secret-1']],
    });
    const other = addTool(cafe.ws, 'https://orders.example/x/{order}', { title: 'Other' });
    const { botId } = createBot(cafe.ws, { settings: { name: 'Aurora', tools: [tool, other], builtIns: ['hours'] }, userId: null });
    const { text } = await cafe.owner.get(`${cafe.base}/bots/${botId}/file`);
    assert.deepEqual((JSON.parse(text) as { bot: { tools: string[] } }).bot.tools, ['order_status', 'other']);
    assert.doesNotMatch(text, /top-secret|orders\.example/);
    removeTool(cafe.ws, other, 1);
    const kept = await cafe.owner.post(`${importing()}/keep`, { content: text });
    const made = draftOf(cafe.ws, Number(/\d+$/.exec(kept.location ?? '')?.[0]))?.settings;
    assert.deepEqual([made?.tools, made?.builtIns], [[tool], ['hours']]);
  });
});
