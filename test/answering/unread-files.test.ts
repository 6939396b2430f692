import assert from 'node:assert/strict';
import { receiveEvents } from '../../src/conversations/index.ts';
import type { InPart } from '../../src/channels/index.ts';
import { textsIn } from '../../src/lib/catalogue.ts';
import { castOf, type Cast } from './cast.ts';

const voice: InPart = { kind: 'audio', file: { reference: 'v1', mime: 'audio/ogg' }, detail: { voice: true } };
const photo: InPart = { kind: 'image', file: { reference: 'p1' } };

describe('what a bot can’t open', () => {
  let cast: Cast;
  beforeEach(async () => {
    cast = await castOf();
    cast.set({ hearsVoice: false, readsDocuments: false, seesPictures: false });
  });
  afterEach(() => cast.end());

  let next = 1;
  async function send(parts: InPart[], language?: string): Promise<void> {
    await receiveEvents(cast.ws, cast.widget, [
      {
        type: 'message',
        thread: 'v',
        sender: { externalId: 'v', displayName: 'Leyla', ...(language ? { language } : {}) },
        externalId: `f${next++}`,
        saidAt: cast.ws.clock.now(),
        parts,
      },
    ]);
    // Files are fetched by another job, which doesn't run here.
    cast.ws.durable(() => cast.ws.sql.prepare("DELETE FROM jobs WHERE kind = 'fetch-attachment'").run());
    await cast.quiet();
  }
  const lastSaid = () => cast.said().at(-1);
  const wanted = () => cast.ws.sql.prepare('SELECT wanted_why FROM conversations WHERE wanted_since IS NOT NULL').pluck().get();

  it('a voice note alone is declined politely in the customer’s language, no model is asked, and a person is called', async () => {
    await send([voice], 'de');
    assert.deepEqual(lastSaid(), { author: 'bot', text: textsIn('de').cannotOpen, cut: false });
    assert.equal(wanted(), 'The customer sent something that the bot can’t open.');
    assert.deepEqual(cast.runs(), []);
  });

  for (const kind of ['image', 'video', 'file', 'unknown'] as const) {
    it(`so is a message of nothing but: ${kind}`, async () => {
      await send([{ kind, file: { reference: 'x' } }], 'tr');
      assert.equal(lastSaid()?.text, textsIn('tr').cannotOpen);
      assert.ok(wanted());
    });
  }

  it('words beside it are answered, searched without what isn’t words, and the rest is said, too', async () => {
    cast.ai.says = 'Yes, from nine to seven.[1]';
    await send([{ ...photo, text: 'Are you open on Sunday?' }]);
    assert.equal(lastSaid()?.text, `Yes, from nine to seven.[1]\n\n${textsIn('en').cannotOpen}`);
    assert.ok(wanted());
    assert.equal(cast.ws.sql.prepare('SELECT question FROM runs').pluck().get(), 'Are you open on Sunday?');
  });

  it('a place, a contact and a typed "[image]" are words', async () => {
    cast.ai.says = 'Noted.';
    await send([{ kind: 'text', text: 'What does [image] mean?' }]);
    await send([{ kind: 'location', text: 'Café Aurora, Berlin', detail: { latitude: 52.5, longitude: 13.4 } }]);
    assert.doesNotMatch(
      cast
        .said()
        .map(({ text }) => text)
        .join(' '),
      /can’t open/,
    );
  });
});
