import assert from 'node:assert/strict';
import { sumUpForPerson } from '../../src/answering/index.ts';
import { publishedOf } from '../../src/bots/index.ts';
import { addNote, handBack, receiveEvents, sayAsPerson, wantPerson } from '../../src/conversations/index.ts';
import { blockContact } from '../../src/conversations/contacts/block-contact.ts';
import { pageOf, words, type Dom } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import type { Client } from '../support/http.ts';
import { asideCast, type AsideCast } from './aside-cast.ts';

const LONG = 'I would like a lemon cake for eleven people on Sunday the 29th, without nuts, with “Happy 40th, Ida” written on it. ';
const SAID = 'Ida wants a lemon cake for eleven on Sunday.\nStill open: the price.';

describe('a conversation summed up for the team', () => {
  let cast: AsideCast;
  let mira: Client;
  let ida: string;
  let id: number;
  let page: string;
  let customers = 0;
  before(async () => {
    cast = await asideCast();
    mira = await cast.server.as('owner');
    await cast.server.installation.jobs.start({ 'sum-up': { run: sumUpForPerson, attempts: 3, longestWaitMs: 10 } });
  });
  after(() => cast.end());
  beforeEach(async () => {
    customers += 1;
    ida = `Ida ${customers}`;
    ({ conversationId: id } = await cast.write(ida, 'Do you make cakes for a birthday?'));
    page = `${cast.base}/conversations/${id}`;
    cast.ai.calls.length = 0;
    cast.ai.says = SAID;
  });

  const open = async (as: Client = mira): Promise<Dom> => pageOf(await as.get(page));
  const ask = (as: Client = mira, headers?: Record<string, string>) => as.post(`${page}/summary`, {}, headers);
  const notes = async (): Promise<string[]> => words(await open(), '.is-note');
  const toast = async (): Promise<string> => words(await open(), '.toast').join();
  const sumsUp = (on: boolean): void => {
    const handoff = publishedOf(cast.ws, cast.botId)?.settings.handoff;
    if (handoff) cast.set({ handoff: { ...handoff, sumsUp: on } });
  };

  describe('when a member asks', () => {
    it('stands in it as a note, with its cost and how it was made, and goes to nobody', async () => {
      sayAsPerson(cast.ws, { conversationId: id, userId: cast.server.people.owner, text: 'Yes, we do.' });
      addNote(cast.ws, { conversationId: id, userId: cast.server.people.owner, text: 'She pays late.' });
      assert.equal((await open()).querySelector('#sum-up')?.getAttribute('action'), `${page}/summary`);
      assert.equal((await ask()).location, page);
      const [, summary = ''] = await notes();
      assert.match(summary, /^Summary by the bot’s model, for the team only, .*\$0\.0.*, how it was made ?Ida wants a lemon cake/);
      const sent = JSON.stringify(cast.ai.calls[0]?.body);
      assert.ok(sent.includes('Customer: Do you make cakes for a birthday?\\nTeam: Yes, we do.') && sent.includes('Write in English'));
      assert.ok(!sent.includes('pays late'), 'the team’s notes stay with the team');
      assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM deliveries WHERE conversation_id = ?').pluck().get(id), 1);
      const [run] = cast.runs(id);
      assert.deepEqual([run?.kind, run?.state], ['summary', 'answered']);
      assert.match(
        pageOf(await mira.get(`${page}/runs/${run?.id}`)).querySelector('main')?.textContent ?? '',
        /summed this up for your team/,
      );
    });

    it('isn’t made again until something new was said, and then knows the last one', async () => {
      await ask();
      await ask();
      assert.equal(cast.ai.calls.length, 1);
      assert.match(await toast(), /Nothing was said since the last summary/);
      for (let line = 0; line < 30; line++) await cast.write(ida, `${line} ${LONG.repeat(15)}`);
      await ask();
      assert.equal((await notes()).length, 2);
      const sent = JSON.stringify(cast.ai.calls[1]?.body);
      assert.ok(sent.includes('What was said before, summed up:\\nIda wants a lemon cake'));
      assert.ok(sent.includes('Customer: 29 I would') && !sent.includes('Customer: 0 I would'), 'what is old is in the summary');
    });

    it('says in words why there is none', async () => {
      cast.ai.fail('overloaded');
      const { text } = await ask(mira, { 'HX-Request': 'true', Accept: 'text/html, text/event-stream' });
      assert.match(text, /hx-target="#notices"/);
      assert.deepEqual(await notes(), []);
      const contact = cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(id) as number;
      blockContact(cast.ws, contact, cast.server.people.owner);
      await ask();
      assert.match(await toast(), /blocked or restricted, so what they wrote goes to no model/);
      assert.equal(cast.runs(id).length, 1);
      assert.equal((await ask(await cast.server.as('viewer'))).status, 403);
      assert.equal((await mira.post(`${cast.base}/conversations/999/summary`)).status, 404);
    });

    it('leaves out what the customer took back', async () => {
      await cast.write(ida, 'My number is 030 1234', 'back');
      await receiveEvents(cast.ws, cast.channelId, [
        { type: 'revoked', thread: ida, sender: { externalId: ida }, externalId: 'back', at: cast.server.clock.now() },
      ]);
      await ask();
      assert.ok(!JSON.stringify(cast.ai.calls[0]?.body).includes('030 1234'));
    });
  });

  describe('when a person is called', () => {
    const call = () => cast.ws.durable(() => wantPerson(cast.ws, { id }, 'The customer asked for a person.'));
    const settled = () =>
      eventually(() => assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM jobs WHERE kind = 'sum-up'").pluck().get(), 0));
    const talk = async () => {
      for (let line = 0; line < 4; line++) await cast.write(ida, `${line} ${LONG}`);
    };
    afterEach(() => sumsUp(false));

    it('is made where the bot is set to, after the call, and once', async () => {
      sumsUp(true);
      await talk();
      const release = cast.ai.holdHalfway();
      call();
      await eventually(() => assert.equal(cast.ai.calls.length, 1));
      const state = cast.ws.sql.prepare('SELECT wanted_since IS NOT NULL FROM conversations WHERE id = ?').pluck().get(id);
      assert.equal(state, 1, 'the person is called, whatever the model does');
      release();
      await settled();
      assert.equal((await notes()).length, 1);
      call();
      await settled();
      assert.equal(cast.ai.calls.length, 1);
    });

    it('isn’t where the bot isn’t set to, where the talk is short, and where the bot has it again', async () => {
      await talk();
      call();
      assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM jobs WHERE kind = 'sum-up'").pluck().get(), 0);
      handBack(cast.ws, id, cast.server.people.owner);
      sumsUp(true);
      ({ conversationId: id } = await cast.write(`${ida} again`, 'A person, please'));
      call();
      await settled();
      assert.equal(cast.ai.calls.length, 0);
    });

    it('is tried again when the provider fails for a moment, and given up in silence otherwise', async () => {
      sumsUp(true);
      await talk();
      cast.ai.fail('overloaded');
      call();
      await eventually(() => {
        cast.server.clock.move(1000);
        assert.equal(cast.runs(id).length, 2);
      });
      await settled();
      assert.equal((await notes()).length, 1);
      assert.deepEqual(
        cast.runs(id).map(({ state }) => state),
        ['failed', 'answered'],
      );
    });
  });

  it('is switched on in the bot’s rules for handing over, off at first', async () => {
    const rules = `${cast.base}/bots/${cast.botId}/handoff`;
    const form = pageOf(await mira.get(rules));
    assert.equal(form.querySelector('[name="sumsUp"]')?.getAttribute('checked') ?? null, null);
  });
});
