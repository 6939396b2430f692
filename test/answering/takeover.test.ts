import assert from 'node:assert/strict';
import { answerConversation } from '../../src/answering/index.ts';
import { addChannel } from '../../src/channels/index.ts';
import { deliverMessages } from '../../src/conversations/index.ts';
import { setRate } from '../../src/providers/index.ts';
import { closeSearch } from '../../src/knowledge/index.ts';
import { eventually } from '../support/eventually.ts';
import type { Client } from '../support/http.ts';
import { request } from '../support/request.ts';
import { listenTo, type Listening } from '../visitors/support/events.ts';
import { asideCast, type AsideCast } from './aside-cast.ts';

const SAYS = 'On Sundays we are open from nine to seven, and the kitchen takes the last order half an hour before.';

describe('a takeover in the middle of an answer', () => {
  let cast: AsideCast;
  let mira: Client;
  let widget: string;
  before(async () => {
    cast = await asideCast();
    mira = await cast.server.as('owner');
    cast.set({ groundedOnly: false });
    // Prices are in dollars: what is spent is counted in the café's euros.
    assert.ok(setRate(cast.ws, 'USD', '0.9', cast.server.people.owner).ok);
    const channel = await addChannel(cast.ws, { kind: 'widget', settings: {}, botId: cast.botId, userId: cast.server.people.owner });
    widget = `${cast.server.url}/widget/${channel.publicId}`;
    await cast.server.installation.jobs.start({ answer: { run: answerConversation }, deliver: { run: deliverMessages } });
  });
  after(async () => {
    await cast.end();
    await closeSearch();
  });

  const say = async (text: string, token = ''): Promise<{ token: string }> => {
    const { text: answer } = await request('POST', `${widget}/messages`, {
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ clientId: crypto.randomUUID(), text, ...(token ? { token } : {}) }),
    });
    return JSON.parse(answer) as { token: string };
  };
  const newest = () => cast.ws.sql.prepare('SELECT max(id) FROM conversations').pluck().get() as number;
  const told = (stream: Listening, event: string) => stream.seen.filter((seen) => seen.event === event).map(({ data }) => data);

  /** What a member's page is sent of a conversation. */
  async function look(id: number): Promise<{ until(text: string): Promise<string>; close(): void }> {
    const closing = new AbortController();
    const { body } = await fetch(`${mira.url}${cast.base}/live?list=1&conversation=${id}&after=${cast.ws.revision}`, {
      headers: { Cookie: mira.cookie ?? '', Accept: 'text/html, text/event-stream' },
      signal: closing.signal,
    });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let all = '';
    return {
      close: () => closing.abort(),
      async until(text) {
        while (reader && !all.includes(text)) {
          const { value, done } = await reader.read();
          if (done) throw new Error(`the stream ended before “${text}”`);
          all += value;
        }
        return all;
      },
    };
  }

  it('ends the draft on both sides: what the visitor saw stays, marked as cut off, the rest is never said, and what was used is paid', async () => {
    const { token } = await say('Hello');
    const id = newest();
    await eventually(() => assert.equal(cast.runs(id)[0]?.state, 'answered'), 6000);
    const visitor = await listenTo(`${widget}/stream?token=${token}`);
    const member = await look(id);
    cast.ai.says = SAYS;
    const goOn = cast.ai.holdHalfway();
    await say('Are you open on Sunday?', token);
    const draft = await visitor.until(({ event }) => event === 'draft');
    assert.ok(SAYS.startsWith(String(draft.data['text'])));
    await member.until('class="msg is-bot is-draft"');

    await mira.post(`${cast.base}/conversations/${id}/takeover`);
    const ended = await visitor.until(({ event }) => event === 'draft-ended');
    await visitor.until(({ event, data }) => event === 'state' && data['turn'] === 'person' && data['who'] === 'Mira');
    const page = await member.until('hx-target="#drafts" hx-swap="innerHTML"></hx-partial>');
    goOn();
    await eventually(() => assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM jobs').pluck().get(), 0), 6000);

    const shown = told(visitor, 'draft')
      .map(({ text }) => String(text))
      .join('');
    const kept = cast.ws.sql
      .prepare(
        "SELECT id, text, cut_off AS cut, answers_through AS answers FROM messages WHERE conversation_id = ? AND author = 'bot' ORDER BY id DESC LIMIT 1",
      )
      .get(id) as { id: number; text: string; cut: number; answers: number | null };
    assert.deepEqual([kept.cut, kept.answers], [1, null], 'it counts as no answer');
    assert.ok(shown.startsWith(kept.text) && kept.text.length < SAYS.length, 'no more than what was seen');
    assert.equal(ended.data['messageId'], kept.id);
    assert.match(page, /Cut off: this is what was shown/);
    assert.ok(!JSON.stringify(visitor.seen).includes('half an hour') && !(await member.until('')).includes('half an hour'));

    const [, run] = cast.runs(id);
    assert.deepEqual([run?.state, run?.why], ['dropped', 'person']);
    assert.ok((run?.cost ?? 0) > 0);
    const calls = cast.ws.sql.prepare(
      'SELECT state, cost_micros > 0 AS paid, spend_micros > 0 AS spent FROM provider_calls WHERE run_id = ?',
    );
    assert.deepEqual(calls.get(run?.id), { state: 'aborted', paid: 1, spent: 1 });
    visitor.close();
    member.close();
  });

  it('leaves nothing of it where nobody saw it being written', async () => {
    const goOn = cast.ai.holdHalfway();
    cast.ai.says = SAYS;
    cast.ai.calls.length = 0;
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE channels SET bot_id = ? WHERE id = ?').run(cast.botId, cast.channelId));
    const { conversationId } = await cast.write('Ida', 'Are you open on Sunday?');
    cast.server.clock.move(2000);
    cast.server.installation.jobs.wake(cast.ws.id, cast.server.clock.now());
    await eventually(() => assert.equal(cast.ai.calls.length, 1), 6000);
    await mira.post(`${cast.base}/conversations/${conversationId}/takeover`);
    goOn();
    await eventually(() => assert.equal(cast.runs(conversationId)[0]?.state, 'dropped'), 6000);
    assert.equal(
      cast.ws.sql.prepare("SELECT count(*) FROM messages WHERE conversation_id = ? AND author = 'bot'").pluck().get(conversationId),
      0,
    );
    assert.ok((cast.runs(conversationId)[0]?.cost ?? 0) > 0);
  });
});
