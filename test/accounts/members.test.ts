import assert from 'node:assert/strict';
import { openCafe } from '../support/cafe.ts';
import { cast, type Answer, type Client } from '../support/http.ts';

const DAY = 24 * 3_600_000;
const fresh = { firstName: 'Nina', lastName: 'Berg', email: 'nina@aurora.example', password: 'six small paper boats', age: 'on' };

describe('members', () => {
  const cafe = openCafe(beforeEach, afterEach);
  const members = () => `${cafe.base}/settings/members`;
  let admin: Client;
  beforeEach(async () => void (admin = await cafe.server.as('admin')));

  const roleOf = (userId: number): unknown =>
    cafe.server.installation.control.sql.prepare('SELECT role FROM memberships WHERE user_id = ?').pluck().get(userId);
  const events = () => cafe.ws.sql.prepare('SELECT action FROM audit_events ORDER BY id').pluck().all() as string[];
  const invite = async (by: Client, fields: Record<string, string>): Promise<{ answer: Answer; path: string }> => {
    const answer = await by.post(`${members()}/invitations`, { email: '', ...fields });
    const link = /id="invitation-link">([^<]+)</.exec(answer.text)?.[1] ?? '';
    return { answer, path: link && new URL(link.replaceAll('&#x3D;', '=')).pathname };
  };

  it('an owner gives any role, an admin only those of agents and viewers', async () => {
    const set = (by: Client, person: keyof typeof cast, role: string): Promise<Answer> =>
      by.post(`${members()}/${cafe.server.people[person]}/role`, { role });
    assert.equal((await set(admin, 'viewer', 'agent')).status, 303);
    assert.equal(roleOf(cafe.server.people.viewer), 'agent');
    for (const [person, role] of [
      ['viewer', 'admin'],
      ['agent', 'owner'],
      ['owner', 'viewer'],
      ['admin', 'owner'],
    ] as const) {
      assert.equal((await set(admin, person, role)).status, 403, `${person} to ${role}`);
    }
    assert.equal((await set(cafe.owner, 'viewer', 'admin')).status, 303);
    assert.equal((await set(cafe.owner, 'viewer', 'emperor')).status, 422);
    assert.equal((await set(cafe.owner, 'outsider', 'agent')).status, 404);
    assert.equal(roleOf(cafe.server.people.owner), 'owner');
    assert.deepEqual(events(), ['member.role-changed', 'member.role-changed']);
  });

  it('a role that was taken away is gone at the next request', async () => {
    assert.equal((await admin.get(members())).status, 200);
    await cafe.owner.post(`${members()}/${cafe.server.people.admin}/role`, { role: 'viewer' });
    assert.equal((await admin.get(members())).status, 403);
    await cafe.owner.post(`${members()}/${cafe.server.people.admin}/remove`);
    assert.equal((await admin.get(members())).status, 404);
    assert.equal((await admin.get('/account')).status, 200);
  });

  it('the last owner can neither go nor step down; the second last can', async () => {
    assert.equal((await cafe.owner.post(`${members()}/${cafe.server.people.owner}/role`, { role: 'admin' })).status, 409);
    assert.equal((await cafe.owner.post(`${cafe.base}/leave`)).status, 409);
    await cafe.owner.post(`${members()}/${cafe.server.people.admin}/role`, { role: 'owner' });
    assert.equal((await cafe.owner.post(`${cafe.base}/leave`)).location, '/workspaces');
    assert.equal((await cafe.owner.get(members())).status, 404);
    assert.equal((await admin.post(`${cafe.base}/leave`)).status, 409);
  });

  it('two owners who leave at once leave one behind', async () => {
    await cafe.owner.post(`${members()}/${cafe.server.people.admin}/role`, { role: 'owner' });
    const answers = await Promise.all([cafe.owner.post(`${cafe.base}/leave`), admin.post(`${cafe.base}/leave`)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409]);
  });

  it('an admin removes agents and viewers, and ends with them the invitations they made', async () => {
    assert.equal((await admin.post(`${members()}/${cafe.server.people.owner}/remove`)).status, 403);
    const { path } = await invite(admin, { role: 'agent' });
    assert.equal((await cafe.owner.post(`${members()}/${cafe.server.people.admin}/remove`)).status, 303);
    assert.equal((await cafe.server.stranger().get(path)).status, 410);
  });

  it('who may invite less from now on has ended invitations to more, and no others', async () => {
    const { admin: jonas } = cafe.server.people;
    await cafe.owner.post(`${members()}/${jonas}/role`, { role: 'owner' });
    const [toOwner, toAgent] = [await invite(admin, { role: 'owner' }), await invite(admin, { role: 'agent' })];
    await cafe.owner.post(`${members()}/${jonas}/role`, { role: 'admin' });
    assert.equal((await cafe.server.stranger().get(toOwner.path)).status, 410);
    assert.equal((await cafe.server.stranger().get(toAgent.path)).status, 200);
    await cafe.owner.post(`${members()}/${jonas}/role`, { role: 'viewer' });
    assert.equal((await cafe.server.stranger().get(toAgent.path)).status, 410);
  });

  it('an invitation makes an account and a member, once, and is never shown again', async () => {
    const { answer, path } = await invite(cafe.owner, { role: 'agent' });
    assert.equal(answer.status, 201);
    assert.ok(!(await cafe.owner.get(members())).text.includes(path));
    const stored = cafe.server.installation.control.sql.prepare('SELECT * FROM invitations').all();
    assert.ok(!JSON.stringify(stored).includes(path.split('/')[2] ?? ''));
    const nina = cafe.server.stranger();
    assert.match((await nina.get(path)).text, /Café Aurora invites you/);
    assert.equal((await nina.post(path, fresh)).location, `${cafe.base}/inbox`);
    assert.equal((await nina.get('/account')).status, 200);
    assert.match((await cafe.owner.get(members())).text, /Nina Berg/);
    assert.equal((await cafe.server.stranger().get(path)).status, 410);
    assert.equal((await cafe.server.stranger().post(path, { ...fresh, email: 'eve@evil.example' })).status, 410);
    assert.deepEqual(events(), ['member.invited', 'member.joined']);
  });

  it('of ten who use one link at once, one comes in, and no account is left over', async () => {
    const { path } = await invite(cafe.owner, { role: 'viewer' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => cafe.server.stranger().post(path, { ...fresh, email: `nina${n}@aurora.example` })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, ...Array<number>(9).fill(410)]);
    assert.equal(cafe.server.installation.control.sql.prepare("SELECT count(*) FROM users WHERE email LIKE 'nina%'").pluck().get(), 1);
  });

  it('who has an account joins with it, and keeps the role they had', async () => {
    const { path } = await invite(cafe.owner, { role: 'agent' });
    const olga = await cafe.server.as('outsider');
    assert.match((await olga.get(path)).text, /You are signed in as olga@elsewhere\.example/);
    assert.equal((await olga.post(`${path}/join`)).location, `${cafe.base}/inbox`);
    assert.equal(roleOf(cafe.server.people.outsider), 'agent');
    const again = await invite(cafe.owner, { role: 'owner' });
    await olga.post(`${again.path}/join`);
    assert.equal(roleOf(cafe.server.people.outsider), 'agent');
  });

  it('an address that has an account is told to sign in, and no password is asked for it here', async () => {
    const { path } = await invite(cafe.owner, { role: 'agent' });
    const answer = await cafe.server.stranger().post(path, { ...fresh, email: cast.outsider.email });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /There is an account with this address already/);
  });

  it('an invitation for one address serves nobody else', async () => {
    const { path } = await invite(cafe.owner, { role: 'agent', email: 'nina@aurora.example' });
    assert.equal((await (await cafe.server.as('outsider')).post(`${path}/join`)).status, 403);
    assert.equal((await cafe.server.stranger().post(path, { ...fresh, email: 'eve@evil.example' })).status, 403);
    assert.equal(
      cafe.server.installation.control.sql.prepare("SELECT count(*) FROM users WHERE email = 'eve@evil.example'").pluck().get(),
      0,
    );
    assert.equal((await cafe.server.stranger().post(path, fresh)).status, 303);
  });

  it('ends after seven days, or when it is taken back', async () => {
    const old = await invite(cafe.owner, { role: 'agent' });
    cafe.server.clock.move(7 * DAY);
    assert.equal((await cafe.server.stranger().get(old.path)).status, 410);
    cafe.owner = cafe.server.stranger();
    await cafe.owner.post('/sign-in', { email: cast.owner.email, password: 'four quiet brass bells' });
    const taken = await invite(cafe.owner, { role: 'agent' });
    const [, id = ''] = /invitations\/(\d+)\/revoke/.exec((await cafe.owner.get(members())).text) ?? [];
    assert.equal((await cafe.owner.post(`${members()}/invitations/${id}/revoke`)).status, 303);
    assert.equal((await cafe.server.stranger().post(taken.path, fresh)).status, 410);
    assert.equal((await cafe.owner.post(`${members()}/invitations/${id}/revoke`)).status, 404);
  });

  it('an admin invites no admin, and takes back no owner’s invitation', async () => {
    assert.equal((await invite(admin, { role: 'admin' })).answer.status, 403);
    await invite(cafe.owner, { role: 'admin' });
    const id = cafe.server.installation.control.sql.prepare('SELECT max(id) FROM invitations').pluck().get();
    assert.equal((await admin.post(`${members()}/invitations/${String(id)}/revoke`)).status, 403);
  });

  it('nobody under 16 joins, and a weak password is refused', async () => {
    const { path } = await invite(cafe.owner, { role: 'agent' });
    const { age: _age, ...young } = fresh;
    assert.equal((await cafe.server.stranger().post(path, young)).status, 422);
    assert.equal((await cafe.server.stranger().post(path, { ...fresh, password: 'Nina-Berg-1' })).status, 422);
    assert.equal((await cafe.server.stranger().post(path, fresh)).status, 303);
  });
});
