import assert from 'node:assert/strict';
import { releaseHeld, takeOver } from '../../src/conversations/index.ts';
import { workspace as entries } from '../../src/privacy/map.ts';
import { forgetMembers, forgetMembersGone, MEMBERS_ROWS } from '../../src/privacy/forget-members.ts';
import { eventually } from '../support/eventually.ts';
import { inboxCast, type InboxCast } from '../conversations/inbox-cast.ts';

describe('what a member keeps for themselves', () => {
  let cast: InboxCast;
  let held: number;
  beforeEach(async () => {
    cast = await inboxCast();
    held = await cast.write('Jonas', 'Is my cake ready?');
    for (const who of [cast.server.people.agent, cast.server.people.owner]) furnish(who);
  });
  afterEach(() => cast.end());
  const start = () =>
    cast.server.installation.jobs.start({ 'release-held': { run: releaseHeld }, 'forget-members': { run: forgetMembers } });

  /** A row of everything. */
  function furnish(user: number): void {
    const run = (sql: string, ...values: unknown[]) => cast.ws.sql.prepare(sql).run(...values);
    cast.ws.durable(() => {
      run("INSERT INTO saved_views (user_id, name, filter, created_at) VALUES (?, 'Mine', '', 0)", user);
      run('INSERT INTO member_presence (user_id, sound) VALUES (?, 1)', user);
      run("INSERT INTO reply_drafts (user_id, conversation_id, kind, text, saved_at) VALUES (?, ?, 'reply', 'Hi', 0)", user, held);
      run('INSERT INTO member_alerts (user_id, by_mail) VALUES (?, 0)', user);
      run(
        "INSERT INTO push_devices (user_id, hash, name, subscription_sealed, created_at) VALUES (?, ?, 'Firefox', x'00', 0)",
        user,
        Buffer.from([user]),
      );
      run("INSERT INTO member_chats (user_id, channel_id, thread, name, created_at) VALUES (?, 1, ?, 'Ana', 0)", user, `chat ${user}`);
      run('INSERT INTO chat_links (hash, user_id, channel_id, until) VALUES (?, ?, 1, 0)', Buffer.from([user]), user);
    });
  }
  const tables = Object.keys(MEMBERS_ROWS);
  const kept = (user: number): string[] =>
    tables.filter((table) => cast.ws.sql.prepare(`SELECT 1 FROM ${table} WHERE user_id = ?`).get(user) !== undefined);
  const member = (act: string, form = {}) =>
    cast.server.as('owner').then((owner) => owner.post(`${cast.base}/settings/members/${cast.server.people.agent}/${act}`, form));

  it('goes when they are taken out, and nobody else’s does', async () => {
    await start();
    await member('remove');
    await eventually(() => assert.deepEqual(kept(cast.server.people.agent), []));
    assert.deepEqual(kept(cast.server.people.owner), tables);
  });

  it('goes, but for the lists that all look at: these are an owner’s then', async () => {
    await start();
    cast.ws.sql.exec("UPDATE saved_views SET shared = 1, name = 'For all' WHERE user_id <> 1");
    await member('remove');
    await eventually(() => assert.deepEqual(kept(cast.server.people.agent), []));
    const list = cast.ws.sql.prepare("SELECT user_id FROM saved_views WHERE name = 'For all'").pluck().get();
    assert.equal(list, cast.server.people.owner);
  });

  it('stays when they may only look, but for where they are told that customers wait', async () => {
    await start();
    await member('role', { role: 'viewer' });
    await eventually(() =>
      assert.deepEqual(kept(cast.server.people.agent), ['saved_views', 'member_presence', 'reply_drafts', 'member_alerts']),
    );
  });

  it('goes at the next boot where a kill came between the two databases, and what they had in hand waits for a person', async () => {
    takeOver(cast.ws, held, cast.server.people.agent);
    const { control } = cast.server.installation;
    control.durable(() => control.sql.prepare('DELETE FROM memberships WHERE user_id = ?').run(cast.server.people.agent));
    await start();
    assert.deepEqual(kept(cast.server.people.agent), tables);
    forgetMembersGone(cast.ws);
    await eventually(() => assert.deepEqual(kept(cast.server.people.agent), []));
    await eventually(() =>
      assert.deepEqual(cast.ws.sql.prepare('SELECT holder_id AS holder, wanted_since IS NOT NULL AS wanted FROM conversations').get(), {
        holder: null,
        wanted: 1,
      }),
    );
    forgetMembersGone(cast.ws);
    assert.equal(cast.ws.sql.prepare("SELECT count(*) FROM jobs WHERE kind = 'forget-members'").pluck().get(), 0, 'nothing is left to do');
  });

  it('is all that the data map says is a user’s', () => {
    const owned = Object.entries(entries).filter(([, { owner }]) => owner?.of === 'user' && owner.path.length === 1);
    assert.deepEqual(
      owned.map(([table]) => table).filter((table) => !tables.includes(table)),
      [],
    );
  });
});
