import assert from 'node:assert/strict';
import { createBot, draftOf, publishDraft } from '../../src/bots/index.ts';
import { editHours, hoursOf } from '../../src/conversations/hours/hours.ts';
import { ratingSettingsOf } from '../../src/conversations/rating/rating-settings.ts';
import { newWindow, signIn } from '../support/browser.ts';
import { openCafe } from '../support/cafe.ts';
import { lookAt } from '../support/look-at.ts';
import { standInChannel } from '../support/stand-in-channel.ts';

describe('the pages of handing over', function () {
  this.timeout(60_000);
  const cafe = openCafe(before, after);

  it('opening hours, rating and a bot’s rules are set without JavaScript, and look right in light and dark, wide and narrow', async () => {
    const { ws, server } = cafe;
    const { botId } = createBot(ws, { settings: { name: 'Aurora' }, userId: server.people.owner });
    publishDraft(ws, { botId, userId: server.people.owner });
    const { id: channelId } = standInChannel(ws, { botId });
    editHours(ws, server.people.owner, {
      ...hoursOf(ws),
      inUse: true,
      week: [
        ...Array.from({ length: 5 }, (): [number, number][] => [
          [540, 750],
          [840, 1080],
        ]),
        [[1080, 120]],
        [],
      ],
      holidays: [{ day: '2026-12-25', name: 'Christmas Day' }],
    });
    const window = await newWindow();
    const page = await window.newPage();
    await signIn(page, server, 'owner');
    for (const [where, path] of [
      ['opening hours', 'settings/hours'],
      ['rating', 'settings/rating'],
      ['handing over', `bots/${botId}/handoff`],
    ] as const) {
      await page.goto(`${server.url}${cafe.base}/${path}`);
      await lookAt(page, where);
    }
    await window.close();
    const form = {
      part: 'handoff',
      keywordsOn: 'on',
      keywordsWords: 'refund, 退款\nallergy',
      keywordsSays: 'The cook comes.',
      failuresAfter: '3',
      failuresSays: '',
      unsureOn: 'on',
      unsureBelow: '0.5',
      unsureSays: '',
      placesOn: 'on',
      placesChannels: String(channelId),
      placesSays: '',
      outsideHoursSays: '',
    };
    const saved = await cafe.owner.post(`${cafe.base}/bots/${botId}/draft`, form);
    assert.equal(saved.location, `${cafe.base}/bots/${botId}/handoff`);
    const kept = draftOf(ws, botId)?.settings.handoff;
    assert.deepEqual(kept?.keywords, { on: true, words: ['refund', '退款', 'allergy'], says: 'The cook comes.' });
    assert.deepEqual([kept?.failures.after, kept?.unsure.below, kept?.places.channels], [3, 0.5, [channelId]]);
    for (const [wrong, says] of [
      [{ keywordsWords: '' }, /Write the words first/],
      [{ placesChannels: '' }, /Choose one of those offered|Choose a channel/],
      [{ unsureBelow: '2' }, /Choose one of those offered/],
    ] as const)
      assert.match((await cafe.owner.post(`${cafe.base}/bots/${botId}/draft`, { ...form, ...wrong })).text, says);
    assert.match((await cafe.owner.get(`${cafe.base}/bots/${botId}/differences`)).text, /Handing over/);
    await cafe.owner.post(`${cafe.base}/settings/rating`, { scale: 'stars', asks: String(channelId) });
    assert.deepEqual(ratingSettingsOf(ws), {
      scale: 'stars',
      channels: [{ id: channelId, name: ratingSettingsOf(ws).channels[0]?.name, asks: true }],
    });
    await cafe.owner.post(`${cafe.base}/settings/rating`, { scale: 'thumbs' });
    assert.equal(ratingSettingsOf(ws).channels[0]?.asks, false);
  });
});
