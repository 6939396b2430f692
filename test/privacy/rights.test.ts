import assert from 'node:assert/strict';
import { deliverMessages, sayAsPerson } from '../../src/conversations/index.ts';
import { rightIn, yesOrNo } from '../../src/conversations/rights/right-in.ts';
import { RIGHTS_ANSWERS } from '../../src/conversations/rights/rights-answers.ts';
import { RIGHTS_QUESTIONS } from '../../src/conversations/rights/rights-questions.ts';
import { RIGHTS_WORDS, type Right } from '../../src/conversations/rights/rights-words.ts';
import { wordToSay } from '../../src/conversations/rights/take-right.ts';
import { languages } from '../../src/lib/catalogue.ts';
import { doRight } from '../../src/privacy/index.ts';
import { castOf, MIRA, type Cast } from '../conversations/cast.ts';
import { eventually } from '../support/eventually.ts';

describe('what people ask for by right, in their channel', () => {
  let cast: Cast;
  let answered: string[];
  beforeEach(async () => {
    cast = await castOf();
    answered = [];
    await cast.test.installation.jobs.start({
      'do-right': { run: doRight },
      deliver: { run: deliverMessages },
      answer: {
        async run(_, job) {
          answered.push(job.key);
          job.finishQuietly();
        },
      },
      'tell-team': { run: async (_, job) => job.finishQuietly() },
    });
  });
  afterEach(() => cast.test.end());

  const sent = (): string[] => cast.far.sent.map(({ text }) => text ?? '');
  const contact = () =>
    cast.one<Record<'restricted' | 'stopped' | 'people', number | null>>(
      'SELECT restricted_at AS restricted, stopped_at AS stopped, people_only_at AS people FROM contacts',
    );
  async function says(text: string, answer: RegExp | string, choice?: string): Promise<void> {
    const before = cast.far.sent.length;
    await cast.write(text, choice === undefined ? {} : { parts: [{ kind: 'text', text, detail: { choice } }] });
    await eventually(() => {
      cast.clock.move(2000);
      cast.test.installation.jobs.tick();
      assert.equal(cast.far.sent.length, before + 1);
    });
    const last = sent().at(-1) ?? '';
    if (typeof answer === 'string') assert.equal(last, answer);
    else assert.match(last, answer);
  }
  const settle = async (): Promise<void> => {
    await eventually(() => {
      cast.clock.move(2000);
      cast.test.installation.jobs.tick();
      assert.deepEqual(cast.all("SELECT kind, key FROM jobs WHERE kind IN ('answer', 'deliver', 'do-right')"), []);
    });
  };

  it('is known in thirteen languages, by whole messages alone, with and without accents, marks and a courtesy', () => {
    for (const language of languages)
      for (const right of ['delete', 'data', 'people', 'stop', 'keep', 'bot', 'start'] as Right[])
        for (const word of RIGHTS_WORDS[language][right].split('|')) {
          const meant = rightIn(`${word.toUpperCase()}.`) ?? rightIn(`${word}.`);
          assert.deepEqual([meant?.right, meant?.languages.includes(language)], [right, true], word);
        }
    for (const language of languages)
      assert.deepEqual([yesOrNo(wordToSay(language, 'yes')), yesOrNo(wordToSay(language, 'no'))], [true, false], language);
    assert.equal(rightIn('Please delete my data')?.right, 'delete');
    assert.equal(rightIn('supprimez mes donnees, s’il vous plaît')?.right, 'delete');
    for (const other of ['How do I delete my data from the app?', 'Stop by at nine', 'Don’t stop', 'my data plan is slow', 'delete', ''])
      assert.equal(rightIn(other), undefined, other);
  });

  for (const language of languages)
    it(`[P10.1-c] “${wordToSay(language, 'delete')}” is asked back, done by one word, and taken back by one: no bot is asked`, async () => {
      await says(wordToSay(language, 'delete'), new RegExp(`^${RIGHTS_QUESTIONS[language].delete.replace(/[?]/g, '\\?')}`));
      assert.equal(contact().restricted, null, 'nothing is done before it is confirmed');
      await says(wordToSay(language, 'yes'), new RegExp(wordToSay(language, 'keep')));
      assert.notEqual(contact().restricted, null);
      const request = cast.one<Record<string, unknown>>('SELECT kind, state, asked_by AS askedBy FROM privacy_requests');
      assert.deepEqual(request, { kind: 'erase', state: 'grace', askedBy: 'contact' });
      await says(wordToSay(language, 'keep'), RIGHTS_ANSWERS[language].keep);
      assert.equal(contact().restricted, null);
      assert.deepEqual(answered, []);
    });

  it('“people only” silences the bot at once and in what they begin later, until they let it answer again', async () => {
    await says('People only', /only people answer you/);
    await says('Yes', /people alone answer you/);
    assert.deepEqual(cast.one('SELECT bot_id, turn FROM conversations'), { bot_id: null, turn: 'person' });
    await cast.write('Are you open?', { thread: '8' });
    await settle();
    assert.deepEqual(answered, []);
    assert.deepEqual(cast.one("SELECT bot_id, wanted_why FROM conversations WHERE thread = '8'"), {
      bot_id: null,
      wanted_why: 'No bot answers here.',
    });
    await says('Bot again', /answers you again/);
    assert.equal(contact().people, null);
    await cast.write('Are you open?');
    await settle();
    assert.equal(answered.length, 1);
  });

  it('after “stop” nothing goes out, neither the bot’s nor a person’s, but what they ask by right; “start” ends it', async () => {
    const { conversationId = 0 } = await cast.write('Are you open?');
    await settle();
    await says('STOP', /no more messages/);
    await says('yes', /“Start”/);
    answered.length = 0;
    await cast.write('Hello?');
    sayAsPerson(cast.ws, { conversationId, userId: MIRA, text: 'Special offer' });
    await settle();
    assert.deepEqual([answered, sent().includes('Special offer')], [[], false]);
    assert.equal(
      cast.one<{ says: string }>("SELECT says FROM deliveries WHERE state = 'cancelled'").says,
      'This contact gets no more messages.',
    );
    await says('Delete me', /be deleted/);
    await says('No', 'All stays as it is.');
    await says('start', 'You get messages from us again.');
    assert.equal(contact().stopped, null);
  });

  it('“my data” calls a person and says by when there is an answer', async () => {
    await says('My data', /copy/);
    await says('Yes', /by .* 20\d\d at the latest/);
    assert.equal(
      cast.one<{ why: string }>('SELECT wanted_why AS why FROM conversations').why,
      'The customer asked for a copy of their data.',
    );
    assert.deepEqual(answered, []);
  });

  it('takes a touch of the button for a day and from whom it was offered to; a “yes” to anything else deletes nobody', async () => {
    await says('Delete me', /be deleted/);
    const [yes] = cast.far.sent.at(-1)?.choices ?? [];
    const id = cast.one<{ id: number }>('SELECT id FROM rights_asked').id;
    assert.deepEqual(yes, { id: `right-${id}-yes`, title: 'Yes' });
    await cast.write('Yes', {
      thread: '9',
      sender: { externalId: '9' },
      parts: [{ kind: 'text', text: 'Yes', detail: { choice: yes?.id ?? '' } }],
    });
    await cast.write('Wait, where is my cake?');
    await cast.write('Yes');
    await settle();
    assert.equal(cast.all('SELECT 1 FROM privacy_requests').length, 0);
    await says('Yes', /will be deleted on/, yes?.id);
    assert.equal(cast.all('SELECT 1 FROM privacy_requests').length, 1);
  });

  it('“start” and “bot again” are any words to those who stopped nothing', async () => {
    await cast.write('Start');
    await settle();
    assert.deepEqual([answered.length, sent()], [1, []]);
  });
});
