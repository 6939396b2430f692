import assert from 'node:assert/strict';
import { createBot, publishDraft } from '../../src/bots/index.ts';
import { search } from '../../src/knowledge/index.ts';
import { openMeaningDesk, type MeaningDesk } from '../knowledge/meaning-desk.ts';

describe('masking what is sent for its meaning', () => {
  let desk: MeaningDesk;
  before(async () => {
    desk = await openMeaningDesk();
  });
  after(() => desk.end());

  it('passages and questions go without what any bot takes out', async () => {
    const masking = { email: true, phone: true, patterns: [{ name: 'Code', pattern: 'KD-\\d{6}' }] };
    const { botId } = createBot(desk.ws, { settings: { name: 'Aurora', masking }, userId: null });
    publishDraft(desk.ws, { botId, userId: null });
    createBot(desk.ws, { settings: { name: 'Another' }, userId: null });
    await desk.know('Paying', 'Pay for cakes to DE89 3704 0044 0532 0130 00, or write to desk@aurora.example.');
    await desk.agree();
    await search(desk.ws, {
      query: 'My card 4111 1111 1111 1111 and KD-123456 of leyla@example.com, +49 170 1234567, what now?',
      limit: 3,
    });
    const sent = JSON.stringify(desk.ai.embedded);
    for (const original of ['DE89', '@', '4111', '123456', '170 ']) assert.ok(!sent.includes(original), original);
    assert.match(sent, /Pay for cakes to \[IBAN_1\], or write to \[EMAIL_1\]\./);
    assert.match(sent, /My card \[CARD_1\] and \[CODE_1\] of \[EMAIL_1\], \[PHONE_1\], what now\?/);
  });
});
