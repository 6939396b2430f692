import assert from 'node:assert/strict';
import { blockContact } from '../../src/conversations/contacts/block-contact.ts';
import { audit } from '../../src/web/audit.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

describe('the page of the audit log', () => {
  let cast: InboxCast;
  let page: string;
  before(async () => {
    cast = await inboxCast();
    page = `${cast.base}/privacy/audit`;
    const { owner, admin } = cast.server.people;
    audit(cast.ws, { actor: owner, action: 'member.role-changed', subject: 'user 7', detail: { from: 'agent', to: 'admin' } });
    audit(cast.ws, { actor: 'system', action: 'erasure.done', subject: 'request 1' });
    const conversation = await cast.write('Jonas Weber', 'Hello');
    blockContact(
      cast.ws,
      cast.ws.sql.prepare('SELECT contact_id FROM conversations WHERE id = ?').pluck().get(conversation) as number,
      admin,
    );
  });
  after(() => cast.end());

  it('tells owner and admin in words what was done, and nobody else', async () => {
    const owner = await cast.server.as('owner');
    assert.match((await owner.get(`${cast.base}/privacy`)).text, /href="[^"]+\/privacy\/audit"/);
    const { text } = await owner.get(page);
    assert.match(
      text,
      /Contact blocked[^]*Jonas Weber[^]*contact \d+[^]*Erasure done[^]*Deskbell itself[^]*Member role changed<small>from: agent, to: admin/,
    );
    assert.equal((await (await cast.server.as('admin')).get(page)).status, 200);
    for (const person of ['agent', 'viewer'] as const) assert.equal((await (await cast.server.as(person)).get(page)).status, 403);
    assert.equal((await (await cast.server.as('outsider')).get(page)).status, 404);
  });

  it('is narrowed by who, what and when, and leads on to earlier events', async () => {
    const owner = await cast.server.as('owner');
    const shown = async (query: string): Promise<string[]> =>
      [...(await owner.get(`${page}?${query}`)).text.matchAll(/<th scope="row">([^<]+)/g)].map(([, action]) => action ?? '');
    assert.deepEqual(await shown('who=system'), ['Erasure done']);
    assert.deepEqual(await shown(`who=${cast.server.people.owner}`), ['Member role changed']);
    assert.deepEqual(await shown('what=contact'), ['Contact blocked']);
    assert.deepEqual(await shown('to=2001-01-01'), []);
    assert.equal((await shown('from=2001-01-01')).length, 3);
    assert.deepEqual(await shown('before=2'), ['Member role changed']);
  });

  it('is saved as CSV, which is written down, and verified by a click', async () => {
    const owner = await cast.server.as('owner');
    const csv = await owner.get(`${page}.csv?what=erasure`);
    assert.match(csv.text, /^\uFEFFEvent,When[^\r]+\r\n2,[^,]+,Deskbell itself,Erasure done,request 1,\r\n$/);
    assert.match((await owner.get(page)).text, /Audit exported/);
    assert.match((await owner.get(`${page}/verified`)).text, /The log is whole/);
    cast.ws.sql.exec('DROP TRIGGER audit_events_stay; UPDATE audit_events SET at = 1 WHERE id = 2');
    assert.match((await owner.get(`${page}/verified`)).text, /Event 2 is the first that is wrong/);
  });
});
