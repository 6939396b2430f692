import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sayAsPerson } from '../../src/conversations/index.ts';
import { TestClock } from '../support/clock.ts';
import { bearer, clientOf } from './support/client.ts';
import { houseFor } from './support/house.ts';

interface Shown {
  text: string;
  choices?: { id: string; title: string }[];
}

describe('answers that a visitor is offered', () => {
  const house = houseFor(before, after, { clock: new TestClock() });
  const visitor = clientOf(house);
  const choices = [
    { id: '1', title: 'For two' },
    { id: '2', title: 'For four' },
  ];

  it('stand with their message, and the one that was touched is known as chosen', async () => {
    const { token, conversationId } = await visitor.begin('Can I book a table?');
    sayAsPerson(house.ws, { conversationId, userId: house.ownerId, text: 'For how many?', choices });
    const { body } = await visitor.get('thread', bearer(token));
    const messages = body['messages'] as Shown[];
    deepEqual(messages.find(({ text }) => text === 'For how many?')?.choices, choices);
    deepEqual(
      messages.filter((message) => 'choices' in message).map(({ text }) => text),
      ['For how many?'],
    );
    const touched = await visitor.post('messages', { clientId: randomUUID(), text: 'For two', choice: '1', token });
    equal(touched.status, 200);
    const detail = house.ws.sql.prepare('SELECT text, detail FROM message_parts WHERE message_id = ?').get(touched.body.messageId);
    deepEqual(detail, { text: 'For two', detail: '{"choice":"1"}' });
  });

  it('are touched by an id of theirs alone', async () => {
    const { status } = await visitor.post('messages', { clientId: randomUUID(), text: 'For two', choice: '<b>' });
    equal(status, 400);
  });
});
