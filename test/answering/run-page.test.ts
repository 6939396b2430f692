import assert from 'node:assert/strict';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';
import { pageOf, words } from '../support/dom.ts';
import type { Client } from '../support/http.ts';

describe('the page of a run', () => {
  let cast: InboxCast;
  let mira: Client;
  before(async () => {
    cast = await inboxCast();
    mira = await cast.server.as('owner');
  });
  after(() => cast.end());

  it('tells how an answer was made: passages, prompt, tokens, cost, calls', async () => {
    const id = await cast.write('Jonas', 'Do you do cakes?');
    const runId = cast.run(id, 'Do you do cakes?');
    const document = pageOf(await mira.get(`${cast.base}/conversations/${id}/runs/${runId}`));
    assert.match(words(document, '.page-head .line')[0] ?? '', /The bot answered\. It took 1\.3 s, from one passage, for €0\.0021\./);
    assert.deepEqual(words(document, '.passage b'), ['Cakes and orders, page 2', 'Allergens']);
    assert.deepEqual(words(document, '.passage.is-unused .fine'), ['not used']);
    assert.deepEqual(words(document, '.code pre'), ['You answer for <Café Aurora>.', 'Do you do cakes?']);
    assert.match(words(document, '.ledger')[0] ?? '', /Tokens read1,184/);
    assert.match(words(document, 'tbody tr')[0] ?? '', /gpt-5-mini ?openai, api\.openai\.com.*Answered/);
    const other = await cast.write('Hana', 'Hi');
    assert.equal((await mira.get(`${cast.base}/conversations/${other}/runs/${runId}`)).status, 404, 'a run belongs to its conversation');
  });

  it('says in words why there was no answer', async () => {
    const id = await cast.write('Olu', 'Hi');
    const runId = cast.run(id, 'Hi');
    const ended = async (state: string, why: string): Promise<string> => {
      cast.ws.durable(() => cast.ws.sql.prepare('UPDATE runs SET state = ?, why = ? WHERE id = ?').run(state, why, runId));
      return words(pageOf(await mira.get(`${cast.base}/conversations/${id}/runs/${runId}`)), '.page-head .line')[0] ?? '';
    };
    assert.equal(
      await ended('failed', 'no-credit'),
      'The bot could not answer. There is no credit left with the provider. Add some there.',
    );
    assert.equal(await ended('dropped', 'person'), 'The bot’s answer was not sent. A person had taken over.');
    assert.equal(await ended('failed', 'a word that no page knows'), 'The bot could not answer.');
  });

  it('says what the whole conversation has cost, two currencies as two sums, and what was taken out before sending', async () => {
    const id = await cast.write('Emre', 'Hi, I am emre@example.com');
    const first = cast.run(id, 'Hi, I am [EMAIL_1]');
    cast.run(id, 'And now?');
    const dollars = cast.run(id, 'And then?');
    cast.ws.durable(() => {
      cast.ws.sql.prepare("UPDATE provider_calls SET currency = 'USD', cost_micros = 15000 WHERE run_id = ?").run(dollars);
      cast.ws.sql.prepare('UPDATE runs SET saved_micros = 900 WHERE id = ?').run(first);
    });
    const document = pageOf(await mira.get(`${cast.base}/conversations/${id}/runs/${first}`));
    const facts = words(document, '.ledger')[0] ?? '';
    assert.match(facts, /The conversation so far(?:US)?\$0\.015 and €0\.0042/);
    assert.match(facts, /Saved by what it kept€0\.0009/);
    assert.match(words(document, 'main')[0] ?? '', /Taken out before, and put back in the answer: 1 e-mail address\./);
  });

  it('says that a quoted answer went nowhere and cost nothing', async () => {
    const id = await cast.write('Hana', 'Hi');
    const runId = cast.run(id, 'Hi');
    cast.ws.durable(() => {
      cast.ws.sql.prepare("UPDATE provider_calls SET provider = 'quote' WHERE run_id = ?").run(runId);
      cast.ws.sql.prepare('UPDATE runs SET cost_micros = 0 WHERE id = ?').run(runId);
    });
    const document = pageOf(await mira.get(`${cast.base}/conversations/${id}/runs/${runId}`));
    assert.equal(document.querySelectorAll('.code, table').length, 0);
    assert.match(words(document, 'main')[0] ?? '', /Nothing was sent anywhere: the answer is the passage itself, word for word\./);
    assert.doesNotMatch(words(document, 'main')[0] ?? '', /€|Tokens/);
  });
});
