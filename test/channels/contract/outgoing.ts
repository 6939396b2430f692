/** What is said to customers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHOICE_TITLE, CHOICES_AT_MOST, REACTIONS, type OutFile } from '../../../src/channels/channel.ts';
import { splitText } from '../../../src/lib/text.ts';
import { pdf, png } from '../../support/files.ts';
import type { Suite } from './suite.ts';

const withoutMarks = (texts: string[]): string => texts.join('\n').replace(/[*_`\\]/g, '');

export function outgoing(suite: Suite): void {
  suite.situation('sends', 'sends a text and gives the far side’s own id of it', async () => {
    const sent = await suite.send('We open at nine.');
    assert.equal(sent.state, 'sent');
    assert.match(sent.externalId ?? '', /./);
    assert.deepEqual(suite.rig.read(), ['We open at nine.']);
  });

  suite.situation('sends', 'shows that an answer is on its way', async () => {
    assert.ok(suite.rig.channel.typing);
    await suite.rig.channel.typing(suite.rig.access(), suite.rig.thread, 'the newest message', suite.rig.recipient);
    assert.equal(suite.rig.shownTyping(), 1);
  });

  suite.situation('sends', 'sends emoji, right-to-left and mixed text as they are', async () => {
    const texts = ['👩‍👩‍👧‍👦🇩🇪 🥐', 'نفتح الساعة ٩ صباحًا (Café Aurora)', 'שלום, 5 < 6 & 7 > 3', 'a_b*c [d](e) `f', '\\ {} # + - = | .'];
    for (const text of texts) await suite.send(text);
    assert.equal(withoutMarks(suite.rig.read()), withoutMarks(texts).replace('[d](e)', suite.rig.link));
  });

  suite.situation('sends', 'says what is bold, italic or a list without Markdown’s own marks', async () => {
    await suite.send('We open at **nine** and close at *ten*.\n\n- Bread\n- Cake');
    const [read = ''] = suite.rig.read();
    assert.doesNotMatch(read, /\*\*/);
    for (const word of ['nine', 'ten', 'Bread', 'Cake']) assert.ok(read.includes(word));
  });

  suite.situation('sends', 'takes every part of a long text that was split by its limits, and loses nothing', async () => {
    const { textLength, textUnit } = suite.rig.channel.limits;
    const text = 'Wir backen jeden Morgen frisch, auch am Sonntag 🥐. '.repeat(300);
    const parts = splitText(text, { length: textLength, unit: textUnit });
    assert.ok(parts.length > 1);
    for (const part of parts) await suite.send(part);
    assert.equal(suite.rig.read().join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
  });

  suite.situation('sends', 'takes a text of exactly its limit, in its own unit', async () => {
    const { textLength, textUnit } = suite.rig.channel.limits;
    const sign = textUnit === 'bytes' ? 4 : 2;
    const text = `${'🥐'.repeat(Math.floor(textLength / sign))}${'x'.repeat(textLength % sign)}`;
    assert.equal(textUnit === 'bytes' ? Buffer.byteLength(text) : text.length, textLength);
    await suite.send(text);
    assert.deepEqual(suite.rig.read(), [text]);
  });

  suite.situation('broken-markup', 'sends any text, whatever marks it holds', async () => {
    const marks = fc.array(
      fc.constantFrom('**', '*', '_', '`', '```\n', '[', '](', ')', '<b>', '</b>', '&', '~~', '> ', '- ', '1. ', '# ', '\n', 'word', ' '),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(marks, async (pieces) => {
        assert.equal((await suite.send(`x${pieces.join('')}`)).state, 'sent');
      }),
      { numRuns: 60 },
    );
  });

  for (const count of [1, 3, 4, CHOICES_AT_MOST]) {
    suite.situation('choices', `offers answers under a text, whole and in order: ${count}`, async () => {
      const titles = Array.from({ length: count }, (_, n) => `Zu ${n + 1} Personen 🪑`.padEnd(CHOICE_TITLE, '.'));
      await suite.send('Für wie viele?', { choices: titles.map((title, n) => ({ id: String(n + 1), title })) });
      assert.deepEqual(suite.rig.offered?.().at(-1), titles);
      assert.match(suite.rig.read().join('\n'), /Für wie viele\?/);
    });
  }

  suite.situation('choices', 'offers answers under the longest text that may stand with them', async () => {
    const { textLength, textUnit, choicesTextLength = textLength } = suite.rig.channel.limits;
    const text = 'ü'.repeat(textUnit === 'bytes' ? choicesTextLength / 2 : choicesTextLength);
    await suite.send(text, { choices: [{ id: 'yes', title: 'Ja' }] });
    assert.ok(suite.rig.read().join('').includes(text));
    assert.deepEqual(suite.rig.offered?.().at(-1), ['Ja']);
  });

  suite.situation('replies-out', 'shows a message as the reply to a certain one, of either side', async () => {
    const first = await suite.send('We open at **nine**.');
    const quoted = { id: first.externalId ?? '', author: null, text: 'We open at **nine**.' };
    await suite.send('Nine it is.', { author: 'person', replyTo: quoted });
    assert.deepEqual(suite.rig.repliedTo?.(), [undefined, first.externalId]);
    assert.equal(suite.rig.channel.repliesTo, true);
  });

  suite.situation('reacts', 'reacts to a customer’s message, in place of the reaction before, and takes that back', async () => {
    const { channel, access, thread, recipient = thread } = suite.rig;
    const to = suite.rig.heardId ?? assert.fail('the rig names a message of the customer');
    assert.equal(channel.reactsTo?.(thread, to), true);
    for (const emoji of [...REACTIONS, null])
      await channel.react?.(access(), { thread, recipient, to: { id: to, author: recipient, text: 'Are you open?' }, emoji });
    const seen = suite.rig.reactions?.().map((each) => ({ ...each, emoji: each.emoji.replace('\ufe0f', '') }));
    assert.deepEqual(
      seen,
      [...REACTIONS, ''].map((emoji) => ({ to, emoji: emoji.replace('\ufe0f', '') })),
    );
  });

  suite.situation(['reacts', 'blocked'], 'says of a reaction that can’t be seen what is wrong', async () => {
    const { channel, access, thread, recipient = thread } = suite.rig;
    suite.rig.cause('blocked');
    const to = { id: suite.rig.heardId ?? '', author: recipient, text: 'Are you open?' };
    const error = await suite.refusal(channel.react?.(access(), { thread, recipient, to, emoji: '👍' }) ?? Promise.resolve());
    assert.deepEqual([error.outcome, error.permanent, error.account], ['not-sent', true, false]);
  });

  const sendFile = (file: OutFile, text: string) => suite.send(text, { kind: 'file', file, reference: file.name });

  suite.situation('files-out', 'sends a file whole, by its name, with what stands under it', async () => {
    const under = suite.rig.channel.limits.captionLength ? 'The menu' : '';
    for (const [name, mime, content, caption] of [
      ['menu für Ayşe.pdf', 'application/pdf', pdf(), under],
      ['cake.png', 'image/png', png(), ''],
    ] as const) {
      const sent = await sendFile({ name, mime, bytes: content.length, read: async () => content }, caption);
      assert.match(sent.externalId ?? '', /./);
    }
    assert.deepEqual(
      suite.rig.readFiles().map(({ name, content, caption }) => [name, content.length, caption]),
      [
        ['menu für Ayşe.pdf', pdf().length, under],
        ['cake.png', png().length, ''],
      ],
    );
  });

  suite.situation('files-out', 'sends the longest words that may stand under a file', async () => {
    const { captionLength = 0, textUnit } = suite.rig.channel.limits;
    const caption = 'ü'.repeat(textUnit === 'bytes' ? captionLength / 2 : captionLength);
    await sendFile({ name: 'cake.png', mime: 'image/png', bytes: png().length, read: async () => png() }, caption);
    assert.equal(suite.rig.readFiles()[0]?.caption, caption);
  });
}
