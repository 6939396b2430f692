import assert from 'node:assert/strict';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

describe('a contact who asked for something by right', () => {
  let cast: InboxCast;
  before(async () => void (cast = await inboxCast()));
  after(() => cast.end());

  it('says so on their page and in their conversation, so that nobody wonders why nothing goes out', async () => {
    const id = await cast.write('Nadia', 'Hello');
    const owner = await cast.server.as('owner');
    const contactId = cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(id) as number;
    const page = async (path: string): Promise<string> => (await owner.get(`${cast.base}/${path}`)).text;
    assert.doesNotMatch(await page(`contacts/${contactId}`), /No messages|People only/);
    cast.ws.durable(() => cast.ws.sql.prepare('UPDATE contacts SET stopped_at = 1, people_only_at = 1 WHERE id = ?').run(contactId));
    assert.match(await page(`contacts/${contactId}`), /No messages[^]*They asked for none[^]*People only[^]*They want no bot/);
    assert.match(await page(`conversations/${id}`), /blocked or restricted, or wants no messages, and gets none/);
  });
});
