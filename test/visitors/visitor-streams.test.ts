import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { addNote, handBack, resolveConversation, sayAsPerson, takeOver } from '../../src/conversations/index.ts';
import { bearer, clientOf } from './support/client.ts';
import { listenTo } from './support/events.ts';
import { answer, newestConversation, houseFor } from './support/house.ts';

describe('what visitors hear', () => {
  const house = houseFor(before, after);
  const visitor = clientOf(house);

  describe('the stream', () => {
    it('brings an answer word by word, then as the message it became', async () => {
      const { token, conversationId, messageId } = await visitor.begin();
      const stream = await listenTo(`${house.to('stream')}?token=${token}&after=${messageId}`);
      await stream.until(({ event }) => event === 'state');
      const id = answer(house, conversationId, ['Yes, the lemon ', 'and olive oil cake.']);
      await stream.until(({ event }) => event === 'draft-ended');
      const kinds = stream.seen.map(({ event, data, id: eventId }) =>
        event === 'message' ? `message ${data['text']} ${eventId}` : event === 'draft' ? `draft ${data['text']} ${eventId}` : event,
      );
      deepEqual(
        kinds.filter((kind) => kind !== 'state'),
        ['draft Yes, the lemon and olive oil cake. undefined', `message Yes, the lemon and olive oil cake. ${id}`, 'draft-ended'],
      );
      stream.close();
    });

    it('that begins in the middle of an answer tells it from its beginning', async () => {
      const { token, conversationId } = await visitor.begin();
      house.ws.bus.publish({ type: 'draft', conversationId, runId: 7, text: 'On Sundays ' });
      house.ws.bus.publish({ type: 'draft', conversationId, runId: 7, text: 'we keep ' });
      const stream = await listenTo(house.to('stream'), bearer(token));
      const draft = await stream.until(({ event }) => event === 'draft');
      deepEqual(draft.data, { run: 7, text: 'On Sundays we keep ' });
      house.ws.bus.publish({ type: 'draft-ended', conversationId, runId: 7, messageId: null });
      const ended = await stream.until(({ event }) => event === 'draft-ended');
      equal(ended.data['messageId'], null);
      stream.close();
    });

    it('resumes after the last message that was seen, with nothing lost and nothing twice', async () => {
      const { token, conversationId } = await visitor.begin();
      const first = await listenTo(house.to('stream'), { ...bearer(token), 'Last-Event-ID': '0' });
      const one = answer(house, conversationId, ['One']);
      await first.until(({ id }) => id === String(one));
      first.close();
      const two = answer(house, conversationId, ['Two']);
      const three = answer(house, conversationId, ['Three']);
      const second = await listenTo(house.to('stream'), { ...bearer(token), 'Last-Event-ID': String(one) });
      await second.until(({ id }) => id === String(three));
      deepEqual(
        second.seen.filter(({ event }) => event === 'message').map(({ id }) => Number(id)),
        [two, three],
      );
      second.close();
    });

    it('shows a takeover with the person’s first name, their words, and the hand-back; never a note', async () => {
      const { token, conversationId } = await visitor.begin();
      const stream = await listenTo(house.to('stream'), bearer(token));
      await stream.until(({ event, data }) => event === 'state' && data['turn'] === 'bot');
      takeOver(house.ws, conversationId, house.ownerId);
      await stream.until(({ event, data }) => event === 'state' && data['turn'] === 'person' && data['who'] === 'Mira');
      addNote(house.ws, { conversationId, userId: house.ownerId, text: 'SECRET: a difficult guest' });
      sayAsPerson(house.ws, { conversationId, userId: house.ownerId, text: 'Hello, Mira here.' });
      const said = await stream.until(({ data }) => data['text'] === 'Hello, Mira here.');
      deepEqual([said.data['author'], said.data['name']], ['person', 'Mira']);
      handBack(house.ws, conversationId, house.ownerId);
      await stream.until(({ event, data }) => event === 'state' && data['turn'] === 'bot' && stream.seen.length > 3);
      const all = JSON.stringify(stream.seen) + JSON.stringify((await visitor.get('thread', bearer(token))).body);
      ok(!all.includes('SECRET'));
      ok(!all.includes('Aydin'));
      stream.close();
    });

    it('goes on in the conversation that a message after the end begins', async () => {
      const { token, conversationId } = await visitor.begin();
      const stream = await listenTo(house.to('stream'), bearer(token));
      resolveConversation(house.ws, conversationId, house.ownerId);
      await stream.until(({ event, data }) => event === 'state' && data['open'] === false);
      await visitor.say('One more thing', token);
      const next = newestConversation(house);
      notEqual(next, conversationId);
      const id = answer(house, next, ['Of course.']);
      await stream.until((event) => event.id === String(id));
      stream.close();
    });

    it('makes delivered what it brought; until then it is sent', async () => {
      const { token, conversationId } = await visitor.begin();
      const state = (id: number): unknown => house.ws.prepare('SELECT state FROM deliveries WHERE message_id = ?').pluck().get(id);
      const early = answer(house, conversationId, ['Nobody looks']);
      equal(state(early), 'sent');
      const stream = await listenTo(house.to('stream'), { ...bearer(token), 'Last-Event-ID': '0' });
      await stream.until(({ id }) => id === String(early));
      const late = answer(house, conversationId, ['Somebody looks']);
      await stream.until(({ id }) => id === String(late));
      await new Promise((resolve) => setTimeout(resolve, 20));
      deepEqual([state(early), state(late)], ['delivered', 'delivered']);
      stream.close();
    });

    it('without a token is 401', async () => {
      equal((await listenTo(house.to('stream'))).status, 401);
    });
  });
});
