/** Where the bot answers in its owner’s own chats. */
import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { ayse, QUESTION, runningTelegram } from './running-telegram.ts';

const mirasAccount = { chat: 601, name: 'Mira Aydın' };

describe('for business accounts on Telegram, with everything that runs', function () {
  this.timeout(20_000);
  const aurora = runningTelegram(beforeEach, afterEach);

  it('for a business account it answers in the account’s own chat, and is quiet once the owner answers there', async () => {
    aurora.far.connectBusiness('bc_1', mirasAccount);
    aurora.far.sayToBusiness('bc_1', ayse, QUESTION);
    await aurora.answered(1);
    assert.deepEqual([aurora.answers()[0]?.chat, aurora.answers()[0]?.business], [501, 'bc_1']);
    aurora.far.ownerSays('bc_1', ayse, 'Mira here, come at eleven.');
    await aurora.heard();
    assert.deepEqual(aurora.all('SELECT turn FROM conversations'), [{ turn: 'person' }]);
    assert.equal(aurora.one<string>("SELECT text FROM messages WHERE author = 'person'"), 'Mira here, come at eleven.');
    aurora.far.sayToBusiness('bc_1', ayse, QUESTION);
    await aurora.heard();
    assert.equal(aurora.answers().length, 1, 'the bot is silent now');
  });

  for (const [what, rights, says] of [
    ['was let go', { enabled: false }, /no longer lets this bot answer/],
    ['may read only', { canReply: false }, /no longer lets this bot answer/],
  ] as const) {
    it(`a business account that ${what}: the answer isn’t sent, it says why, and a person is called`, async () => {
      aurora.far.connectBusiness('bc_1', mirasAccount);
      aurora.far.connectBusiness('bc_1', mirasAccount, rights);
      aurora.far.sayToBusiness('bc_1', ayse, QUESTION);
      await eventually(() =>
        assert.match(aurora.one<string>("SELECT says FROM deliveries WHERE state = 'failed' ORDER BY id DESC") ?? '', says),
      );
      assert.ok(aurora.one<number>('SELECT wanted_since FROM conversations'));
    });
  }

  it('what a customer deletes in a business chat is taken back, and nothing of the same number elsewhere', async () => {
    aurora.far.say(ayse, 'private');
    aurora.far.connectBusiness('bc_1', mirasAccount);
    aurora.far.sayToBusiness('bc_1', ayse, 'oops');
    await aurora.heard();
    const chat = { id: 501, type: 'private', first_name: 'Ayşe' };
    aurora.far.push({ deleted_business_messages: { business_connection_id: 'bc_1', chat, message_ids: [1] } });
    await aurora.heard();
    assert.deepEqual(
      aurora.all<{ text: string }>('SELECT text FROM messages WHERE revoked_at IS NOT NULL').map(({ text }) => text),
      ['oops'],
    );
  });
});
