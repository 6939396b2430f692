import assert from 'node:assert/strict';
import { forgetWordsOf } from '../../src/insights/index.ts';
import { contactPurger } from '../../src/privacy/index.ts';
import { eventually } from '../support/eventually.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

describe('the pages on which a person is deleted', () => {
  let cast: InboxCast;
  let contact: string;
  let conversation: number;
  before(async () => {
    cast = await inboxCast();
    conversation = await cast.write('Jonas Weber', 'Please forget my order.');
    const id = cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(conversation) as number;
    contact = `${cast.base}/contacts/${id}`;
    await cast.server.installation.jobs.start({ 'purge-contact': contactPurger({ forgetWords: forgetWordsOf }) });
  });
  after(() => cast.end());

  it('say what goes and when, show it among the deletions, and take it back by a click', async () => {
    const owner = await cast.server.as('owner');
    assert.match((await owner.get(`${contact}/delete`)).text, /Else on \d+ \w+ \d{4}\./);
    const asked = await owner.post(`${contact}/delete`, { asked: 'on' });
    const request = asked.headers.get('Location') ?? assert.fail('no request');
    assert.match((await owner.get(request)).text, /Jonas Weber[^]*They must hear by/);
    assert.match((await owner.get(`${cast.base}/privacy`)).text, /One deletion waits until[^]*Jonas Weber/);
    assert.match((await owner.get(contact)).text, /To be deleted/);
    assert.equal((await owner.get(`${contact}/delete`)).headers.get('Location'), request, 'it is asked for once');
    await owner.post(`${request}/undo`);
    assert.doesNotMatch((await owner.get(contact)).text, /To be deleted/);
    assert.equal((await owner.post(`${request}/undo`)).status, 409);
  });

  it('delete at once where an owner says so, and tell afterwards nothing of whom it was about', async () => {
    const owner = await cast.server.as('owner');
    const request = (await owner.post(`${contact}/delete`)).headers.get('Location') ?? assert.fail('no request');
    const admin = await cast.server.as('admin');
    assert.equal((await admin.post(`${request}/now`)).status, 403);
    await owner.post(`${request}/now`);
    await eventually(async () => assert.match((await owner.get(request)).text, /What was deleted/));
    const page = (await owner.get(request)).text;
    assert.match(page, /A person who is gone[^]*Messages<\/dt><dd>1</);
    assert.doesNotMatch(page, /Jonas/);
    assert.equal((await owner.get(contact)).status, 404);
    assert.equal((await owner.get(`${cast.base}/conversations/${conversation}`)).status, 404);
    assert.equal((await owner.get(`${request}/certificate`)).status, 404, 'not before the night');
  });
});
