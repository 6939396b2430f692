import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editText, FITS, removeSource, rereadSource, search, switchSource } from '../../src/knowledge/index.ts';
import { chooseModel, endMeaning, goOn, takeBackModel } from '../../src/knowledge/vectors/choose-model.ts';
import { estimateMissing } from '../../src/knowledge/vectors/missing.ts';
import { PATIENCE_MS } from '../../src/knowledge/vectors/question-vector.ts';
import { removeKey } from '../../src/providers/index.ts';
import { UNTAKEN } from '../simulators/openai-embeddings.ts';
import { eventually } from '../support/eventually.ts';
import { gone, settled } from './desk.ts';
import { LARGE, openMeaningDesk, servingModel, SMALL, vectorsIn, type MeaningDesk } from './meaning-desk.ts';

const HOURS = 'Sonntags haben wir von neun bis fünf geöffnet.';
const FRENCH = 'Vous ouvrez le dimanche ?';

describe('search by meaning', () => {
  let desk: MeaningDesk;
  beforeEach(async () => (desk = await openMeaningDesk()));
  afterEach(() => desk.end());

  const says = () => desk.ws.sql.prepare("SELECT says FROM embedding_models WHERE state <> 'retired' ORDER BY id DESC").pluck().get();
  const first = async (query: string) => (await search(desk.ws, { query }))[0];

  async function cafe(): Promise<void> {
    await desk.know('Zeiten', HOURS);
    await desk.know('Kuchen', 'Unser Karottenkuchen ist vegan und enthält Walnüsse.');
    await desk.know('Gutscheine', 'Gutscheine gelten drei Jahre.');
  }

  it('a French question finds the German passage, and only so', async () => {
    await cafe();
    assert.ok(((await first(FRENCH))?.score ?? 0) < FITS, 'words alone find it: the test proves nothing');
    await desk.agree();
    const found = await first(FRENCH);
    assert.equal(found?.text, HOURS);
    assert.ok(found.score >= FITS, String(found.score));
    assert.ok((found.why?.vector ?? 0) >= FITS);
    assert.equal(found.why?.words, 0);
  });

  it('what nothing answers still fits nothing, in any language', async () => {
    await cafe();
    await desk.agree();
    for (const question of ['Do you sell motorbikes?', 'Qui est le président de la France ?', 'Wer gewinnt die Weltmeisterschaft?']) {
      const found = await first(question);
      assert.ok((found?.score ?? 0) < FITS, `${question} ${found?.score} ${found?.text}`);
    }
  });

  it('nothing is sent before somebody agrees; what it will cost is told before', async () => {
    await cafe();
    const { texts, tokens } = await estimateMissing(desk.ws, 0);
    await first(FRENCH);
    assert.equal(desk.ai.embedded.length, 0);
    await desk.agree();
    assert.equal(texts, desk.sent().length);
    const cost = desk.ws.sql.prepare('SELECT tokens, cost_micros AS cost, currency FROM embedding_models').get();
    const { tokens: spent, cost: micros, currency } = cost as { tokens: number; cost: number; currency: string };
    assert.ok(Math.abs(desk.sent().join('').length / 4 - tokens) < tokens / 4);
    assert.ok(spent > tokens && micros > 0, 'the examples count, too');
    assert.equal(currency, 'USD');
  });

  it('what says the same is never read again; of a change only what is new', async () => {
    const id = await desk.know('Alles', `# Zeiten\n\n${HOURS}\n\n# Kuchen\n\nDer Kuchen ist vegan.`);
    await desk.agree();
    assert.equal(desk.sent().length, 2);
    rereadSource(desk.ws, id);
    await settled(desk.ws, id);
    await desk.embedded();
    assert.equal(desk.sent().length, 2);
    editText(desk.ws, id, { title: 'Alles', text: `# Zeiten\n\n${HOURS}\n\n# Kuchen\n\nDer Kuchen ist glutenfrei.` });
    await settled(desk.ws, id);
    await desk.embedded();
    assert.deepEqual(desk.sent().slice(2), ['Kuchen\nDer Kuchen ist glutenfrei.']);
    assert.equal((await first('gluten ?'))?.path, 'Kuchen');
    assert.equal(vectorsIn(desk.ws), 2, 'the vector of what it said before is gone');
  });

  it('a vector goes with the last passage that says so, and leaves no byte', async () => {
    const one = await desk.know('Eins', HOURS);
    const two = await desk.know('Zwei', HOURS);
    await desk.agree();
    assert.equal(desk.sent().length, 1);
    const vector = desk.ws.sql.prepare('SELECT vector FROM embeddings').pluck().get() as Buffer;
    const bytes = () => {
      desk.ws.sql.pragma('wal_checkpoint(TRUNCATE)');
      return readFileSync(join(desk.ws.folder, 'workspace.db'));
    };
    assert.ok(bytes().includes(vector.subarray(0, 64)));
    removeSource(desk.ws, one);
    await gone(desk.ws, one);
    assert.equal(vectorsIn(desk.ws), 1);
    assert.equal((await first(FRENCH))?.sourceId, two);
    removeSource(desk.ws, two);
    await gone(desk.ws, two);
    assert.equal(vectorsIn(desk.ws), 0);
    assert.ok(!bytes().includes(vector.subarray(0, 64)), 'the vector is still in the file');
  });

  it('a passage that is removed while a model reads it gets no vector', async () => {
    const id = await desk.know('Zeiten', HOURS);
    await desk.agree();
    const late = await desk.know('Kuchen', 'Der Kuchen ist vegan.');
    desk.ai.embedMs = 150;
    desk.clock.move(2000);
    desk.installation.jobs.tick();
    await eventually(() => assert.equal(desk.sent().length, 2));
    removeSource(desk.ws, late);
    await gone(desk.ws, late);
    await desk.embedded();
    assert.equal(vectorsIn(desk.ws), 1);
    assert.equal((await first(FRENCH))?.sourceId, id);
  });

  it('a switched-off source is not found by meaning either', async () => {
    await cafe();
    await desk.agree();
    switchSource(desk.ws, 1, false);
    assert.notEqual((await first(FRENCH))?.sourceId, 1);
    switchSource(desk.ws, 1, true);
    assert.equal((await first(FRENCH))?.sourceId, 1);
  });

  it('another model is filled while the one before answers; then it answers, and the old vectors go', async () => {
    await cafe();
    await desk.agree(SMALL);
    desk.ai.fail('overloaded');
    const agreed = desk.agree(LARGE);
    await eventually(() => assert.match(String(says()), /overloaded/));
    assert.equal(servingModel(desk.ws), SMALL);
    assert.equal((await first(FRENCH))?.text, HOURS);
    assert.equal(desk.ai.embedded.at(-1)?.['model'], SMALL);
    await agreed;
    assert.equal((await first('Dimanche ouvert ?'))?.text, HOURS);
    assert.equal(desk.ai.embedded.at(-1)?.['model'], LARGE);
    assert.equal(vectorsIn(desk.ws), 3);
    assert.deepEqual(desk.ws.sql.prepare('SELECT DISTINCT length(vector) FROM embeddings').pluck().all(), [2048]);
  });

  it('without credit it stops and says so, and goes on when asked, or after an hour by itself', async () => {
    await cafe();
    desk.ai.fail('no-credit');
    const agreed = desk.agree();
    await eventually(() => assert.match(String(says()), /no credit left.*Add credit there/));
    desk.ai.fail('no-credit');
    goOn(desk.ws);
    await eventually(() => assert.equal(desk.ws.sql.prepare('SELECT due_at - ? > 3500000 FROM jobs').pluck().get(desk.clock.now()), 1));
    desk.clock.move(3_600_000);
    await agreed;
    assert.equal(says(), null);
    assert.equal((await first(FRENCH))?.text, HOURS);
  });

  it('after a kill it goes on where it was; ended, it leaves nothing', async () => {
    const text = Array.from({ length: 300 }, (_, n) => `# Teil ${n}\n\nSatz ${n} sagt etwas.`).join('\n\n');
    await desk.know('Viel', text);
    desk.ai.embedMs = 30;
    const agreed = desk.agree();
    await eventually(() => assert.ok(vectorsIn(desk.ws) >= 128));
    await desk.killed();
    await agreed;
    assert.equal(vectorsIn(desk.ws), 300);
    assert.ok(desk.sent().length <= 300 + 128, `${desk.sent().length} were read: more than one call again`);
    endMeaning(desk.ws, 1);
    await desk.embedded();
    assert.equal(vectorsIn(desk.ws), 0);
  });

  it('what fails for no reason of the provider is left to a person after a while, and goes on when asked', async () => {
    await cafe();
    desk.ws.sql.exec("CREATE TRIGGER ill BEFORE INSERT ON embeddings BEGIN SELECT raise(ABORT, 'ill'); END");
    chooseModel(desk.ws, { keyId: desk.keyId, model: SMALL, by: 1 });
    await eventually(() => {
      desk.clock.move(700_000);
      desk.installation.jobs.tick();
      assert.match(String(says()), /again and again/);
    });
    desk.ws.sql.exec('DROP TRIGGER ill');
    goOn(desk.ws);
    await desk.embedded();
    assert.equal(servingModel(desk.ws), SMALL);
    assert.equal(says(), null);
  });

  it('a text that the model refuses keeps no other from being found', async () => {
    await cafe();
    await desk.know('Schlecht', `Hier steht ${UNTAKEN}.`);
    await desk.agree();
    assert.equal(vectorsIn(desk.ws), 4);
    assert.equal((await first(FRENCH))?.text, HOURS);
    const before = desk.sent().length;
    await desk.know('Mehr', 'Hunde sind willkommen.');
    await desk.embedded();
    assert.equal(desk.sent().length, before + 1, 'the refused text was sent again');
  });

  it('a removed key is said; a model that is taken back leaves nothing', async () => {
    await cafe();
    await desk.agree();
    removeKey(desk.ws, desk.keyId, 1);
    assert.notEqual((await first(FRENCH))?.text, HOURS);
    await desk.know('Mehr', 'Hunde sind willkommen.');
    await desk.embedded();
    assert.match(String(says()), /was removed/);
    takeBackModel(desk.ws, 1);
    assert.equal(servingModel(desk.ws), SMALL, 'only one that does not serve is taken back');
    endMeaning(desk.ws, 1);
    await desk.embedded();
    assert.equal(vectorsIn(desk.ws), 0);
    assert.equal(servingModel(desk.ws), undefined);
  });

  describe('a question', () => {
    beforeEach(async () => {
      await cafe();
      await desk.agree();
      desk.ai.embedded.length = 0;
    });

    it('is answered by words when the provider is slow, and by meaning the next time', async () => {
      desk.ai.embedMs = PATIENCE_MS + 300;
      const began = performance.now();
      assert.notEqual((await first(FRENCH))?.text, HOURS);
      assert.ok(PATIENCE_MS <= 500 && performance.now() - began < PATIENCE_MS + 200);
      await eventually(async () => assert.equal((await first(FRENCH))?.text, HOURS));
      assert.equal(desk.ai.embedded.length, 1, 'the same was asked twice');
    });

    it('is answered by words when the provider fails, which is then left alone for a while', async () => {
      desk.ai.fail('overloaded');
      assert.notEqual((await first(FRENCH))?.text, HOURS);
      assert.ok(((await first('Gutscheine gelten'))?.score ?? 0) >= FITS);
      // The next would be answered, if it were asked for.
      assert.notEqual((await first('Dimanche ouvert ?'))?.text, HOURS);
      assert.equal(desk.ai.embedded.length, 0);
    });

    it('is answered by words when what it cost can’t be written down', async () => {
      desk.ws.sql.exec("CREATE TRIGGER full BEFORE UPDATE ON embedding_models BEGIN SELECT raise(ABORT, 'disk full'); END");
      assert.notEqual((await first(FRENCH))?.text, HOURS);
      assert.equal(desk.ai.embedded.length, 1);
    });

    it('that was asked before is not sent again, nor one whose words say it all', async () => {
      await first(FRENCH);
      await first(FRENCH);
      assert.equal(desk.ai.embedded.length, 1);
      await first('Unser Karottenkuchen ist vegan und enthält Walnüsse');
      assert.equal(desk.ai.embedded.length, 1);
    });

    it('that nobody waits for any more rejects with the reason', async () => {
      desk.ai.embedMs = 200;
      const stop = new AbortController();
      const asked = search(desk.ws, { query: FRENCH, signal: stop.signal });
      setTimeout(() => stop.abort(new Error('gone')), 50);
      await assert.rejects(asked, /gone/);
    });
  });
});
