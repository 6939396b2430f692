import assert from 'node:assert/strict';
import { releaseHeld, takeOver } from '../../src/conversations/index.ts';
import { forgetMembers } from '../../src/privacy/forget-members.ts';
import { eventually } from '../support/eventually.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('conversations of a member who answers no longer', () => {
  let cast: InboxCast;
  let held: number;
  let others: number;
  beforeEach(async () => {
    cast = await inboxCast();
    await cast.server.installation.jobs.start({
      'release-held': { run: releaseHeld },
      'forget-members': { run: forgetMembers },
    });
    held = await cast.write('Jonas', 'Is my cake ready?');
    others = await cast.write('Leyla', 'Are you open?');
    takeOver(cast.ws, held, cast.server.people.agent);
    takeOver(cast.ws, others, cast.server.people.owner);
  });
  afterEach(() => cast.end());

  const rows = () =>
    cast.ws.sql.prepare('SELECT id, turn, holder_id AS holder, wanted_since IS NOT NULL AS wanted FROM conversations ORDER BY id').all();
  const path = (act: string) => `${cast.base}/settings/members/${cast.server.people.agent}/${act}`;
  const released = () => [
    { id: held, turn: 'person', holder: null, wanted: 1 },
    { id: others, turn: 'person', holder: cast.server.people.owner, wanted: 0 },
  ];

  it('wait for a person again when they are taken out', async () => {
    await (await cast.server.as('owner')).post(path('remove'));
    await eventually(() => assert.deepEqual(rows(), released()));
  });

  it('wait for a person again when they may only read from now on, and stay theirs in any other role', async () => {
    const owner = await cast.server.as('owner');
    const before = rows();
    await owner.post(path('role'), { role: 'admin' });
    await eventually(() => assert.equal(cast.ws.sql.prepare('SELECT count(*) FROM jobs').pluck().get(), 0));
    assert.deepEqual(rows(), before);
    await owner.post(path('role'), { role: 'viewer' });
    await eventually(() => assert.deepEqual(rows(), released()));
  });
});
