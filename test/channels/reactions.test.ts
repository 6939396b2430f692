import assert from 'node:assert/strict';
import { pageOf } from '../support/dom.ts';
import { ayse, onWhatsapp } from './on-whatsapp.ts';

const HOUR_MS = 3600_000;

describe('a member reacts to what a customer said', function () {
  this.timeout(20_000);
  const on = onWhatsapp(before, after);
  let path = '';

  const pressed = async (message: number, emoji: string) =>
    (await on.server.as('agent')).post(`${path}/messages/${message}/reaction`, { emoji });
  const said = async (text: string): Promise<number> => {
    await on.post(on.far.says(ayse, text));
    path = `/w/${on.ws.id}/conversations/${on.one<{ id: number }>('SELECT max(id) AS id FROM conversations').id}`;
    return on.one<{ id: number }>("SELECT max(id) AS id FROM messages WHERE author = 'customer'").id;
  };
  const known = (message: number) => on.one<{ id: string }>('SELECT external_id AS id FROM messages WHERE id = ?', message).id;
  /** What the page offers at a message, and what it says of the reaction there. */
  const shown = async (message: number) => {
    const item = pageOf(await (await on.server.as('agent')).get(path)).querySelector(`#m${message}`) ?? assert.fail('it is shown');
    return {
      offered: [...item.querySelectorAll('.react button')].map((each) => each.getAttribute('value')),
      says: /You reacted: (\S+)/.exec(item.textContent ?? '')?.[1] ?? null,
    };
  };

  it('by a touch at the message; the customer sees it there, and it is taken back by the same touch', async () => {
    const message = await said('Thank you for the cake');
    assert.deepEqual(await shown(message), { offered: ['👍', '❤️', '😁', '🎉', '🙏', '👏'], says: null });
    await pressed(message, '❤️');
    assert.deepEqual(await shown(message), { offered: ['👍', '', '😁', '🎉', '🙏', '👏'], says: '❤️' });
    await pressed(message, '');
    assert.equal((await shown(message)).says, null);
    assert.deepEqual(on.far.reactions, [
      { messageId: known(message), emoji: '❤️' },
      { messageId: known(message), emoji: '' },
    ]);
    assert.equal(on.one<{ turn: string }>('SELECT turn FROM conversations').turn, 'bot', 'nothing was taken over');
  });

  it('what the channel doesn’t take is said in words, and isn’t shown as done', async () => {
    const message = await said('And one more thing');
    on.far.fail('messages', { code: 131026 });
    const answer = await (
      await on.server.as('agent')
    ).post(`${path}/messages/${message}/reaction`, { emoji: '👍' }, { 'HX-Request': 'true' });
    assert.match(answer.text, /can’t reach this customer/);
    assert.equal((await shown(message)).says, null);
  });

  it('what the customer puts at their own words isn’t taken for ours', async () => {
    const message = await said('Hello');
    await pressed(message, '👍');
    await on.post(on.far.says(ayse, { type: 'reaction', reaction: { message_id: known(message), emoji: '🙏' } }));
    assert.equal((await shown(message)).says, '👍');
  });

  it('only at a customer’s message, with what is offered, by who may answer', async () => {
    const message = await said('Hi');
    assert.equal((await pressed(message, '🥐')).status, 422);
    assert.equal((await pressed(message + 100, '👍')).status, 404);
    const viewer = await on.server.as('viewer');
    assert.equal((await viewer.post(`${path}/messages/${message}/reaction`, { emoji: '👍' })).status, 403);
    assert.doesNotMatch((await viewer.get(path)).text, /class="react"/);
  });

  it('isn’t offered where it can’t be: outside the channel’s window, and to what was taken back', async () => {
    const [first, second] = [await said('One'), await said('Two')];
    await on.post(on.far.says(ayse, { type: 'revoke', revoke: { original_message_id: known(first) } }));
    assert.deepEqual([(await shown(first)).offered.length, (await shown(second)).offered.length], [0, 6]);
    on.ws.sql.prepare('UPDATE messages SET said_at = said_at - ?').run(25 * HOUR_MS);
    assert.equal((await shown(second)).offered.length, 0);
    const before = on.far.reactions.length;
    await pressed(second, '👍');
    assert.deepEqual([on.far.reactions.length, (await shown(second)).says], [before, null]);
  });
});
