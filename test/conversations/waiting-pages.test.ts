import assert from 'node:assert/strict';
import { takeOver } from '../../src/conversations/index.ts';
import { lookForSilence } from '../../src/conversations/waiting/notice-silence.ts';
import { waitingTimesOf } from '../../src/conversations/waiting/waiting-times.ts';
import { pageOf, type Dom } from '../support/dom.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

const MINUTE = 60_000;

describe('the pages of waiting', () => {
  let cast: InboxCast;
  beforeEach(async () => {
    cast = await inboxCast();
  });
  afterEach(() => cast.end());

  const clean = (of: Dom | null | undefined): string => (of?.textContent ?? '').replace(/\s+/g, ' ').trim();
  const open = async (path: string) => pageOf(await (await cast.server.as('owner')).get(cast.base + path));
  const FORM = {
    silenceMs: '300000',
    tooOldMs: '86400000',
    nobodyMs: '900000',
    nobodyText: ' Wir sind gleich da. ',
    nobodyHandsBack: 'on',
  };

  it('the settings are saved, shown again, and belong to owners and admins', async () => {
    const owner = await cast.server.as('owner');
    assert.equal((await owner.post(`${cast.base}/settings/waiting`, FORM)).location, `${cast.base}/settings/waiting`);
    const saved = { silenceMs: 300_000, tooOldMs: 86_400_000, nobodyMs: 900_000, nobodyText: 'Wir sind gleich da.', nobodyHandsBack: true };
    assert.deepEqual(waitingTimesOf(cast.ws), saved);
    const page = await open('/settings/waiting');
    assert.deepEqual([...page.querySelectorAll('option[selected]')].map(clean), ['5 min', '24 h', '15 min']);
    assert.equal(clean(page.querySelector('textarea')), 'Wir sind gleich da.');
    assert.equal((await (await cast.server.as('agent')).post(`${cast.base}/settings/waiting`, FORM)).status, 403);
    await owner.post(`${cast.base}/settings/waiting`, { silenceMs: 'off', tooOldMs: '3600000', nobodyMs: 'off', nobodyText: '' });
    assert.deepEqual(waitingTimesOf(cast.ws), {
      silenceMs: null,
      tooOldMs: 3_600_000,
      nobodyMs: null,
      nobodyText: null,
      nobodyHandsBack: false,
    });
  });

  it('a time that isn’t offered is refused, and nothing is changed', async () => {
    const before = waitingTimesOf(cast.ws);
    for (const wrong of [{ silenceMs: '1' }, { tooOldMs: 'off' }, { nobodyMs: '-5' }, { nobodyText: 'x'.repeat(1001) }]) {
      const answer = await (await cast.server.as('owner')).post(`${cast.base}/settings/waiting`, { ...FORM, ...wrong });
      assert.equal(answer.status, 422);
      assert.match(answer.text, /aria-invalid="true"/);
    }
    assert.deepEqual(waitingTimesOf(cast.ws), before);
  });

  it('the inbox says how many have had no answer, and shows them, whatever else stands there', async () => {
    const jonas = await cast.write('Jonas', 'Are you open?');
    const leyla = await cast.write('Leyla', 'Hello?');
    cast.botSays(leyla, 'Hello!', { answersThrough: 2 });
    cast.server.clock.move(10 * MINUTE);
    await cast.write('Priya', 'Just now');
    const inbox = await open('/inbox');
    assert.equal(clean(inbox.querySelector('#list-notices')), 'One customer has had no answer for 10 min or longer. Show it');
    const shown = await open('/inbox?tab=unanswered');
    assert.deepEqual(
      [...shown.querySelectorAll('#list .row')].map((row) => row.getAttribute('href')),
      [`${cast.base}/conversations/${jonas}?tab=unanswered`],
    );
    assert.match(clean(shown.querySelector('#list-tabs')), /No answer yet ?1/);
    cast.botSays(jonas, 'Yes.', { answersThrough: 1 });
    assert.equal(clean((await open('/inbox')).querySelector('#list-notices')), '');
    assert.match(clean((await open('/inbox?tab=unanswered')).querySelector('#list')), /Everybody has an answer/);
  });

  it('who has a conversation says in one click that no answer is needed, with a way back', async () => {
    const id = await cast.write('Jonas', 'Thanks');
    const agent = await cast.server.as('agent');
    takeOver(cast.ws, id, cast.server.people.agent);
    cast.server.clock.move(10 * MINUTE);
    lookForSilence(cast.ws);
    const foot = async () => clean(pageOf(await agent.get(`${cast.base}/conversations/${id}`)).querySelector('#talk-foot'));
    assert.match(await foot(), /^(Jonas|the visitor) has waited 10 min for an answer\. ?No answer needed/);
    const done = await agent.post(
      `${cast.base}/conversations/${id}/no-answer`,
      {},
      { Referer: `${agent.url}${cast.base}/conversations/${id}` },
    );
    assert.equal(done.status, 303);
    const page = pageOf(await agent.get(`${cast.base}/conversations/${id}`));
    assert.equal(page.querySelector('#notices form')?.getAttribute('action'), `${cast.base}/conversations/${id}/answer-needed`);
    assert.doesNotMatch(clean(page.querySelector('#talk-foot')), /No answer needed/);
    assert.match(clean(page.querySelector('#thread')), /Ana said that no answer is needed\./);
    assert.match(clean(page.querySelector('#bell')), /No one waits/);
    await agent.post(`${cast.base}/conversations/${id}/answer-needed`);
    assert.match(await foot(), /waits for an answer\. ?No answer needed/);
    assert.equal((await (await cast.server.as('viewer')).post(`${cast.base}/conversations/${id}/no-answer`)).status, 403);
  });

  it('an open inbox is told too: its notices change with the list', async () => {
    const id = await cast.write('Jonas', 'Are you open?');
    cast.server.clock.move(10 * MINUTE);
    const agent = await cast.server.as('agent');
    const here = { 'HX-Request': 'true', 'HX-Current-URL': `${agent.url}${cast.base}/inbox` };
    const { text } = await agent.post(`${cast.base}/conversations/${id}/takeover`, {}, here);
    assert.match(text, /hx-target="#list-notices"[^>]*><div id="list-notices">\s*<div class="banner is-wanted">/);
  });

  it('a colleague sees who has it, and can take it from them', async () => {
    const id = await cast.write('Jonas', 'Are you there?');
    takeOver(cast.ws, id, cast.server.people.agent);
    cast.server.clock.move(12 * MINUTE);
    lookForSilence(cast.ws);
    const page = await open(`/conversations/${id}`);
    assert.match(clean(page.querySelector('#talk-head')), /Ana has this ?Take over/);
    assert.match(clean(page.querySelector('#list')), /Waiting for a person.*Jonas/);
    assert.equal(clean(page.querySelector('#bell')), '1 waiting');
  });
});
