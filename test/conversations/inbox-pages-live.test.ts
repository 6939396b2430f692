import assert from 'node:assert/strict';
import type { Client } from '../support/http.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

interface Listening {
  /** Waits for the next event that holds `text`; returns that event. */
  next(text: string): Promise<{ id: string | undefined; data: string }>;
  /** Every event so far. */
  all: string[];
  close(): void;
}

describe('the inbox, live', () => {
  let cast: InboxCast;
  let mira: Client;
  const open: Listening[] = [];
  beforeEach(async () => {
    cast = await inboxCast();
    mira = await cast.server.as('owner');
  });
  afterEach(async () => {
    for (const listening of open.splice(0)) listening.close();
    await cast.end();
  });

  async function listen(query: string, headers: Record<string, string> = {}): Promise<Listening> {
    const closing = new AbortController();
    const answer = await fetch(`${mira.url}${cast.base}/live?${query}`, {
      headers: { Cookie: mira.cookie ?? '', 'HX-Request': 'true', Accept: 'text/html, text/event-stream', ...headers },
      signal: closing.signal,
    });
    assert.equal(answer.status, 200);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Error('no body');
    const events: string[] = [];
    let taken = 0;
    let rest = '';
    const listening: Listening = {
      all: events,
      close: () => closing.abort(),
      async next(text) {
        for (;;) {
          while (taken < events.length) {
            const event = events[taken++] ?? '';
            if (event.includes(text)) return { id: /^id: (\d+)$/m.exec(event)?.[1], data: event.replace(/^data: ?/gm, '') };
          }
          const { value, done } = await reader.read();
          if (done) throw new Error(`the stream ended before “${text}”`);
          const pieces = (rest + value).split('\n\n');
          rest = pieces.pop() ?? '';
          events.push(...pieces);
        }
      },
    };
    open.push(listening);
    return listening;
  }

  const where = (id: number): string => `list=1&conversation=${id}&after=${cast.ws.revision}`;

  it('brings a new message, its row and the bell', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const live = await listen(where(id));
    await live.next('hx-target="#bell"');
    await cast.write('Jonas', 'Is <anybody> there?');
    const { data, id: revision } = await live.next('anybody');
    assert.match(data, /<hx-partial hx-target="#thread" hx-swap="upsert key:data-order">\s*<li class="msg is-customer[^"]*" id="m\d+"/);
    assert.match(data, /Is &lt;anybody&gt; there\?/);
    assert.match(data, /<hx-partial hx-target="#list"/);
    assert.match(data, /<title>Inbox, Café Aurora<\/title>/);
    assert.equal(Number(revision), cast.ws.revision);
  });

  it('reads what comes while the page is open, for who answers', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const live = await listen(where(id));
    await cast.write('Jonas', 'Second');
    await live.next('Second');
    assert.equal(cast.ws.sql.prepare('SELECT unread FROM conversations WHERE id = ?').pluck().get(id), 0);
  });

  it('brings a receipt that changed, in place', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const messageId = cast.botSays(id, 'Hello');
    const live = await listen(where(id));
    await live.next('hx-target="#bell"');
    await mira.post(`${cast.base}/deliveries/${cast.delivery(messageId, 'uncertain')}/settle`, { how: 'arrived' });
    const { data } = await live.next('Delivered');
    assert.ok(data.includes(`id="m${messageId}"`));
  });

  it('streams what the bot writes, without an id, and ends it with the message', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const live = await listen(where(id));
    await live.next('hx-target="#bell"');
    cast.ws.bus.publish({ type: 'draft', conversationId: id, runId: 5, text: 'We open <at>' });
    const first = await live.next('We open &lt;at&gt;');
    assert.equal(first.id, undefined);
    assert.match(first.data, /<div class="rich" id="draft-5"><p dir="auto">We open &lt;at&gt;<\/p>/);
    cast.ws.bus.publish({ type: 'draft', conversationId: id, runId: 5, text: ' **nine' });
    const { data } = await live.next('nine');
    assert.match(data, /<hx-partial hx-target="#draft-5" hx-swap="innerHTML"><p dir="auto">We open &lt;at&gt; <strong>nine<\/strong><\/p>/);
    cast.ws.durable(() => {
      cast.ws.afterCommit(() => cast.ws.bus.publish({ type: 'draft-ended', conversationId: id, runId: 5, messageId: 1 }));
    });
    cast.botSays(id, 'We open at nine.');
    const end = await live.next('hx-target="#drafts" hx-swap="innerHTML"></hx-partial>');
    assert.match(end.data, /We open at nine\./, 'the draft goes as the message comes');
  });

  it('shows no draft whose beginning it missed, nor one of another conversation', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const other = await cast.write('Hana', 'Hi');
    const runId = cast.run(id, 'Hi');
    cast.ws.durable(() => cast.ws.sql.prepare("UPDATE runs SET state = 'open' WHERE id = ?").run(runId));
    const live = await listen(where(id));
    await live.next('hx-target="#bell"');
    cast.ws.bus.publish({ type: 'draft', conversationId: id, runId, text: 'and the end of it' });
    cast.ws.bus.publish({ type: 'draft', conversationId: other, runId: runId + 1, text: 'for Hana' });
    await cast.write('Jonas', 'a mark');
    await live.next('a mark');
    assert.ok(!live.all.some((event) => event.includes('and the end of it') || event.includes('for Hana')));
  });

  it('a page that comes back gets what it missed, by its last event', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const page = cast.ws.revision;
    await cast.write('Jonas', 'missed before the stream');
    const seen = cast.ws.revision;
    await cast.write('Jonas', 'missed while away');
    const first = await listen(`list=1&conversation=${id}&after=${page}`);
    const all = await first.next('missed while away');
    assert.match(all.data, /missed before the stream/);
    const again = await listen(`list=1&conversation=${id}&after=${page}`, { 'Last-Event-ID': String(seen) });
    const rest = await again.next('missed while away');
    assert.doesNotMatch(/hx-target="#thread"[\s\S]*?<\/hx-partial>/.exec(rest.data)?.[0] ?? '', /missed before the stream/);
  });

  it('a page that slept for hours gets all that came, and is told in one line how much that was', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const other = await cast.write('Hana', 'Hi');
    const page = cast.ws.revision;
    cast.server.clock.move(8 * 3600_000);
    const came = Array.from({ length: 250 }, (_, n) => cast.botSays(id, `said ${n}`));
    cast.botSays(other, 'Elsewhere');
    cast.botSays(id, 'mine', { author: 'person', userId: cast.server.people.owner });
    const live = await listen(`list=1&conversation=${id}&after=${page}`);
    await live.next('said 249<');
    const told = live.all.join('').match(/ id="m\d+"/g) ?? [];
    assert.equal(new Set(told).size, came.length + 1);
    const slept = (query: string) => mira.get(`${cast.base}/live/slept?${query}`);
    assert.equal(
      (await slept(`ms=60000&conversation=${id}`)).text,
      '251 messages came while this page was asleep, 250 of them in this conversation.',
    );
    assert.equal((await slept('ms=60000')).text, '251 messages came while this page was asleep.');
    cast.server.clock.move(120_000);
    assert.equal((await slept('ms=60000')).status, 204, 'nothing is said where nothing came');
    await cast.write('Hana', 'One more');
    assert.equal(
      (await slept(`ms=60000&conversation=${id}`)).text,
      'One message came while this page was asleep, none of them in this conversation.',
    );
  });

  it('tells the other pages only how many wait', async () => {
    const id = await cast.write('Jonas', 'Hi');
    const live = await listen('');
    await live.next('No one waits');
    await mira.post(`${cast.base}/conversations/${id}/notes`, { text: 'secret among us' });
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE conversations SET wanted_since = 1 WHERE id = ?').run(id));
    await cast.write('Hana', 'secret of Hana');
    const { data } = await live.next('1 waiting');
    assert.doesNotMatch(data, /secret|#list|#thread/);
  });

  it('is closed to who isn’t a member', async () => {
    const olga = await cast.server.as('outsider');
    const answer = await fetch(`${olga.url}${cast.base}/live`, { headers: { Cookie: olga.cookie ?? '', Accept: 'text/event-stream' } });
    assert.equal(answer.status, 404);
    await answer.body?.cancel();
  });
});
