import assert from 'node:assert/strict';
import { createBot, publishDraft, type BotSettings } from '../../../src/bots/index.ts';
import { recipientsOf, type Recipient } from '../../../src/privacy/documents/state.ts';
import { inboxCast, type InboxCast } from '../../conversations/inbox-cast.ts';

describe('where data goes', () => {
  let cast: InboxCast;
  before(async () => {
    cast = await inboxCast();
  });
  after(() => cast.end());

  const found = (name: string): Recipient | undefined => recipientsOf(cast.ws).find((each) => each.name === name);

  function key(name: string, baseUrl: string): number {
    const insert = cast.ws.prepare(
      "INSERT INTO provider_keys (provider, name, base_url, models, refused_fields, status, checked_at, created_at) VALUES ('compatible', ?, ?, '[]', '[]', 'works', 0, 0)",
    );
    return cast.ws.durable(() => Number(insert.run(name, baseUrl).lastInsertRowid));
  }

  function live(settings: Partial<BotSettings>): number {
    const userId = cast.server.people.owner;
    const { botId } = createBot(cast.ws, { settings, userId });
    publishDraft(cast.ws, { botId, userId });
    return botId;
  }

  it('names the provider of each live bot, and those that it asks where the first fails', () => {
    const first = key('Mistral', 'https://api.mistral.ai/v1');
    const second = key('Groq', 'https://api.groq.com/openai/v1');
    const spare = key('DeepSeek', 'https://api.deepseek.com/v1');
    assert.match(found('Groq')?.what.join() ?? '', /nothing of customers/);
    live({ name: 'Aurora', providerKeyId: first, model: 'small', backups: [{ providerKeyId: second, model: 'fast' }] });
    assert.deepEqual(found('Mistral')?.hosts, ['api.mistral.ai']);
    assert.deepEqual(found('Mistral')?.why, ['Aurora answers with small']);
    assert.deepEqual(found('Groq')?.why, ['Aurora asks it where the model before fails']);
    assert.match(found('Groq')?.what.join() ?? '', /what was said in the conversation/);
    assert.match(found('DeepSeek')?.why.join() ?? '', /no live bot uses it/);
    cast.ws.durable(() => cast.ws.prepare('UPDATE provider_keys SET removed_at = 1 WHERE id = ?').run(spare));
    assert.equal(found('DeepSeek'), undefined, 'a key that was removed gets nothing');
  });

  it('names a tool with its service and policy once a live bot may call it, and programs and the mail server', () => {
    const action = {
      method: 'GET',
      url: 'https://shop.example/orders/{order}',
      inputs: [{ name: 'order', place: 'url', kind: 'text', required: true, about: '' }],
      headers: [],
      pick: [],
    };
    const { ws } = cast;
    const tool = ws.durable(() => {
      ws.prepare(
        "INSERT INTO hooks (name, url_sealed, host, secret_sealed, created_at) VALUES ('Sales', x'', 'crm.example', x'', 0)",
      ).run();
      ws.prepare(
        "INSERT INTO mail_server (id, host, port, security, from_name, from_address) VALUES (1, 'mail.example', 465, 'tls', 'A', 'a@b.example')",
      ).run();
      return Number(
        ws
          .prepare(
            "INSERT INTO tools (name, title, description, changes, action, service, policy_url, created_at, updated_at) VALUES ('order', 'Look up an order', '', 0, ?, 'Shop', 'https://shop.example/privacy', 0, 0)",
          )
          .run(JSON.stringify(action)).lastInsertRowid,
      );
    });
    assert.equal(found('Shop'), undefined, 'no bot may call it');
    live({ name: 'Clerk', tools: [tool] });
    const { hosts, what, policyUrl } = found('Shop') ?? assert.fail('the tool isn’t named');
    assert.deepEqual([hosts, what, policyUrl], [['shop.example'], ['for “Look up an order”: order'], 'https://shop.example/privacy']);
    assert.deepEqual(found('Sales')?.hosts, ['crm.example']);
    assert.deepEqual(found('Your mail server')?.hosts, ['mail.example']);
  });

  it('is a page, led to by the privacy centre, and a file; owners and admins read it', async () => {
    const owner = await cast.server.as('owner');
    assert.match((await owner.get(`${cast.base}/privacy`)).text, /privacy\/recipients/);
    const page = await owner.get(`${cast.base}/privacy/recipients`);
    assert.match(page.text, /is stored on it[^]*Mistral[^]*api\.mistral\.ai[^]*Aurora answers with small/);
    const file = JSON.parse((await owner.get(`${cast.base}/privacy/recipients.json`)).text) as { recipients: Recipient[] };
    assert.deepEqual(file.recipients, recipientsOf(cast.ws));
    assert.equal((await (await cast.server.as('agent')).get(`${cast.base}/privacy/recipients`)).status, 403);
  });
});
