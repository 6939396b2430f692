import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { contactCard } from '../../src/contacts/index.ts';
import { wantPerson } from '../../src/conversations/index.ts';
import { TestClock } from '../support/clock.ts';
import { bearer, clientOf, type Answered } from './support/client.ts';
import { houseFor, newestConversation } from './support/house.ts';
import { minutesAhead, secretOf, tokenFor, type SignedPayload } from './support/identity.ts';

describe('who signs in on the website and wrote just before without a name', () => {
  const clock = new TestClock();
  const house = houseFor(before, after, { clock });
  const visitor = clientOf(house);
  let secret = '';
  before(async () => void (secret = await secretOf(house)));

  const signed = (payload: SignedPayload = {}, minutes = 60): string =>
    tokenFor(secret, { sub: '42', exp: minutesAhead(house, minutes), ...payload });
  const say = (text: string, token: string): Promise<Answered> => visitor.post('messages', { text, clientId: randomUUID() }, bearer(token));
  /** What they wrote themselves. */
  const texts = async (token: string): Promise<string[]> => {
    const messages = (await visitor.get('thread', bearer(token))).body['messages'] as { author: string; text: string }[];
    return messages.filter(({ author }) => author === 'customer').map(({ text }) => text);
  };

  const join = (token: string, anonymous: string): Promise<Answered> => visitor.post('identity', { token: anonymous }, bearer(token));

  it('takes that conversation along, which from then on opens by their signature alone', async () => {
    const { token: anonymous, conversationId } = await visitor.begin('Before I signed in');
    const joined = await join(signed({ sub: 'ada', name: 'Ada' }), anonymous);
    deepEqual(joined.body, { joined: true, known: true });
    deepEqual(await texts(signed({ sub: 'ada' }, 61)), ['Before I signed in']);
    equal((await visitor.get('thread', bearer(anonymous))).status, 401);
    await say('And after', signed({ sub: 'ada' }));
    equal(newestConversation(house), conversationId, 'it goes on there');
    const row = house.ws
      .prepare('SELECT contact_id AS contactId, identity_id AS identityId FROM conversations WHERE id = ?')
      .get(conversationId);
    deepEqual(house.ws.prepare('SELECT name FROM contacts WHERE id = ?').get((row as { contactId: number }).contactId), { name: 'Ada' });
    equal((await join(signed({ sub: 'eve' }), anonymous)).body['joined'], false, 'nobody takes it a second time');
    deepEqual((await visitor.say('A new one', anonymous)).status, 200);
    deepEqual(await texts(signed({ sub: 'ada' })), ['Before I signed in', 'And after']);
  });

  it('and had another open before keeps both, and who waited for a person still does', async () => {
    const token = signed({ sub: 'bo' });
    await say('Weeks ago', token);
    const old = newestConversation(house);
    house.ws.durable(() => wantPerson(house.ws, { id: old }, 'They asked.'));
    const { token: anonymous, conversationId } = await visitor.begin('Today');
    house.ws
      .prepare("UPDATE contacts SET phone = '0301' WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)")
      .run(conversationId);
    equal((await join(token, anonymous)).body['joined'], true);
    deepEqual(await texts(token), ['Weeks ago', 'Today']);
    const rows = house.ws
      .prepare(
        'SELECT status, wanted_since IS NOT NULL AS wanted, contact_id AS contactId FROM conversations WHERE id IN (?, ?) ORDER BY id',
      )
      .all(old, conversationId) as { status: string; wanted: number; contactId: number }[];
    deepEqual(
      rows.map(({ status, wanted }) => [status, wanted]),
      [
        ['resolved', 0],
        ['open', 1],
      ],
    );
    equal(rows[0]?.contactId, rows[1]?.contactId);
    equal(contactCard(house.ws, rows[0]?.contactId ?? 0)?.phone, '0301');
    deepEqual(house.ws.sql.pragma('foreign_key_check'), []);
  });

  it('takes along what they asked by right, and is not held up by it', async () => {
    const { token: anonymous } = await visitor.begin('My data');
    equal((await visitor.say('no', anonymous)).status, 200);
    equal((await join(signed({ sub: 'gil' }), anonymous)).body['joined'], true);
    const asked = 'SELECT i.external_id FROM rights_asked r JOIN identities i ON i.id = r.identity_id ORDER BY r.id DESC LIMIT 1';
    equal(house.ws.prepare(asked).pluck().get(), 'user:gil');
    deepEqual(house.ws.sql.pragma('foreign_key_check'), []);
  });

  it('takes nothing along that was written longer ago, by whom at this computer ever', async () => {
    const { token: anonymous } = await visitor.begin('Somebody else, in the morning');
    clock.move(2 * 3600_000);
    deepEqual((await join(signed({ sub: 'cy' }), anonymous)).body, { joined: false, known: false });
    equal((await visitor.get('thread', bearer(signed({ sub: 'cy' })))).status, 401);
    equal((await visitor.get('thread', bearer(anonymous))).status, 200);
  });

  it('can’t take along what is another signed-in person’s, or what isn’t theirs to prove', async () => {
    const theirs = signed({ sub: 'dora' });
    await say('Mine alone', theirs);
    for (const given of [theirs, 'v1.user:dora.1.x.y', 'nonsense'])
      equal((await join(signed({ sub: 'mallory' }), given)).body['joined'], false, given.slice(0, 12));
    deepEqual(await texts(theirs), ['Mine alone']);
  });

  it('gets nothing by it when they were blocked', async () => {
    await say('Rude', signed({ sub: 'rude' }));
    house.ws.prepare('UPDATE contacts SET blocked_at = 1 WHERE id = (SELECT max(contact_id) FROM conversations)').run();
    const { token: anonymous } = await visitor.begin('Rude again');
    equal((await join(signed({ sub: 'rude' }), anonymous)).body['joined'], false);
  });
});
