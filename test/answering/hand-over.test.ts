import assert from 'node:assert/strict';
import { tryBot } from '../../src/answering/index.ts';
import { keywordIn, publishedOf, type BotSettings } from '../../src/bots/index.ts';
import { handBack, rateAnswer } from '../../src/conversations/index.ts';
import { editHours, hoursOf } from '../../src/conversations/hours/hours.ts';
import { castOf, type Cast } from './cast.ts';

const CALLED = 'I’ve asked a person to join. They will answer here.';

type Rule = Exclude<keyof BotSettings['handoff'], 'sumsUp'>;

describe('when a bot hands over by a rule of its own', () => {
  let cast: Cast;
  before(async () => {
    cast = await castOf();
  });
  beforeEach(() => {
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    seen = cast.said().length;
  });
  after(() => cast.end());

  let seen = 0;
  const set = (handoff: { [R in Rule]?: Partial<BotSettings['handoff'][R]> }): void => {
    const now = publishedOf(cast.ws, cast.botId)?.settings.handoff;
    assert.ok(now);
    const { sumsUp, ...rules } = now;
    const off = Object.fromEntries(Object.entries(rules).map(([rule, set]) => [rule, { ...set, on: false, says: '' }]));
    const on = Object.entries(handoff).map(([rule, changes]) => [rule, { ...off[rule], on: true, ...changes }]);
    cast.set({ handoff: { ...off, ...Object.fromEntries(on), sumsUp } as BotSettings['handoff'] });
  };
  const said = (): string[] =>
    cast
      .said()
      .slice(seen)
      .filter(({ author }) => author === 'bot')
      .map(({ text }) => text);
  const state = () =>
    cast.ws.sql.prepare('SELECT turn, wanted_why AS why FROM conversations ORDER BY id DESC LIMIT 1').get() as {
      turn: string;
      why: string | null;
    };
  const ask = async (text: string) => {
    const received = await cast.write(text);
    await cast.quiet();
    return received;
  };

  it('finds keywords as whole words in any script', () => {
    for (const [text, word, found] of [
      ['I want a REFUND.', 'refund', true],
      ['refunds take long', 'refund', false],
      ['Rückerstattung?', 'rückerstattung', true],
      ['cafeteria', 'cafe', false],
      ['我要退款', '退款', true],
      ['ขอคืนเงินค่ะ', 'คืนเงิน', true],
      ['هل يمكن استرجاع المبلغ؟', 'استرجاع', true],
      ['gift  card lost', 'Gift card', true],
      ['C++ or C#', 'c#', true],
      ['ok 👍🏽 now', '👍🏽', true],
    ] as const)
      assert.equal(keywordIn(text, [word]) !== undefined, found, `${text} / ${word}`);
    assert.equal(keywordIn('anything', ['', ' ']), undefined);
  });

  it('at a word: in the owner’s sentence, without asking the model, and then it is silent', async () => {
    set({ keywords: { words: ['allergy'], says: 'Our cook will answer this.' } });
    const asked = cast.runs().length;
    await ask('Is there something for my allergy?');
    assert.deepEqual(said(), ['Our cook will answer this.']);
    assert.deepEqual(state(), { turn: 'person', why: 'The customer wrote “allergy”.' });
    await ask('Are you open on Sunday?');
    assert.equal(said().length, 1, 'a person is to answer');
    assert.equal(cast.runs().length, asked);
    cast.ws.sql.exec("UPDATE conversations SET status = 'resolved'");
    seen = cast.said().length;
    await ask('Ich habe eine allergy gegen Nüsse, können Sie mir bitte helfen?');
    assert.match(said().join(), /^Ich habe einen Menschen|^Ein Mensch|Mensch/, 'their own language, not the owner’s sentence');
  });

  it('after answers that didn’t help, one after the other; one that helped begins anew', async () => {
    set({ failures: { after: 2 } });
    cast.ai.says = '[[no answer]]';
    await ask('Do you sell bicycles?');
    assert.equal(state().turn, 'bot', 'one is not two');
    cast.ai.says = 'From nine to seven. [1]';
    const { conversationId = 0 } = await ask('Are you open on Sunday?');
    cast.ai.says = '[[no answer]]';
    await ask('Do you sell boats?');
    assert.equal(state().turn, 'bot');
    cast.ai.says = '[[no answer]]';
    await ask('Do you sell planes?');
    assert.equal(state().turn, 'person');
    assert.equal(said().filter((text) => text === CALLED).length, 0, 'the fallback sentence says it already');
    const owner = 1;
    handBack(cast.ws, conversationId, owner);
    cast.ai.says = '[[no answer]]';
    await ask('Do you sell trains?');
    assert.equal(state().turn, 'bot', 'handed back: counted anew');
  });

  it('after a customer said of an answer that it didn’t help', async () => {
    set({ failures: { after: 1, says: 'Somebody has a look.' } });
    cast.ai.says = 'From nine to seven. [1]';
    const { conversationId } = await ask('Are you open on Sunday?');
    const { id, identityId } = cast.ws.sql
      .prepare(
        "SELECT m.id, c.identity_id AS identityId FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.id = ? AND m.author = 'bot' ORDER BY m.id DESC",
      )
      .get(conversationId) as { id: number; identityId: number };
    assert.ok(rateAnswer(cast.ws, { identityId, messageId: id, rating: 'bad' }));
    await cast.quiet();
    assert.equal(said().at(-1), 'Somebody has a look.');
    assert.equal(state().turn, 'person');
    rateAnswer(cast.ws, { identityId, messageId: id, rating: 'bad' });
    await cast.quiet();
    assert.equal(said().length, 2, 'no loop');
  });

  it('when what fits hardly fits, but not at a greeting', async () => {
    set({ unsure: { below: 0.9 } });
    cast.ai.says = 'Hello.';
    await ask('Hello!');
    assert.equal(state().turn, 'bot');
    await ask('Is there a terrace on Sunday?');
    assert.deepEqual([said().at(-1), state().turn], [CALLED, 'person']);
    assert.match(state().why ?? '', /^The bot was unsure: what fits best fits 0\.\d\d, and 0\.9 is asked for\.$/);
  });

  it('on a channel, or with a label, at once', async () => {
    set({ places: { channels: [cast.widget], labels: [] } });
    await ask('Are you open on Sunday?');
    assert.equal(state().turn, 'person');
    cast.ws.sql.exec(
      "UPDATE conversations SET status = 'resolved'; INSERT INTO labels (id, name, hue, created_at) VALUES (9, 'Press', 'pine', 0)",
    );
    set({ places: { channels: [], labels: [9] } });
    cast.ai.says = 'From nine to seven. [1]';
    const { conversationId } = await ask('Are you open on Sunday?');
    assert.equal(state().turn, 'bot');
    cast.ws.sql.prepare('INSERT INTO conversation_labels VALUES (?, 9)').run(conversationId);
    await ask('And on Monday?');
    assert.equal(state().turn, 'person');
  });

  it('outside the opening hours, and says when somebody comes', async () => {
    set({ outsideHours: {} });
    editHours(cast.ws, 1, { ...hoursOf(cast.ws), inUse: true, week: Array.from({ length: 7 }, () => []) });
    await ask('Are you open on Sunday?');
    assert.match(said().join(), /^We’re closed just now/);
    assert.equal(state().turn, 'person');
    editHours(cast.ws, 1, { ...hoursOf(cast.ws), inUse: false });
  });

  it('says in the playground that customers would get a person, and why, beside what the model says', async () => {
    set({ keywords: { words: ['allergy'] } });
    const version = publishedOf(cast.ws, cast.botId);
    const why = async (question: string) => {
      cast.ai.says = 'Ask us.';
      for await (const event of tryBot(cast.ws, {
        versionId: version?.id ?? 0,
        turns: [{ role: 'user', text: question }],
        signal: new AbortController().signal,
      }))
        if (event.type === 'done') return [event.run?.answer, event.run?.why];
      return undefined;
    };
    assert.deepEqual(await why('An allergy!'), ['Ask us.', 'hands over: The customer wrote “allergy”.']);
    assert.deepEqual((await why('Can I talk to a person?'))?.[1], 'hands over: The customer asked for a person.');
    assert.deepEqual(await why('Hello'), ['Ask us.', null]);
  });
});
