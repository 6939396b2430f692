import assert from 'node:assert/strict';
import { compareLines, differences, sameSettings } from '../../src/bots/differences.ts';
import { botSettings } from '../../src/bots/settings.ts';

const names = {
  key: (id: number) => `Key ${id}`,
  tool: (id: number) => `tool ${id}`,
  field: (id: number) => `field ${id}`,
  language: (tag: string) => (tag === 'customer' ? 'The customer’s language' : tag),
};

describe('what differs between the draft and what is live', () => {
  const live = botSettings.parse({ name: 'Aurora', instructions: 'Be warm.\nSay prices in euros.\nNever guess.' });

  it('is nothing for equal settings', () => {
    assert.ok(sameSettings(live, botSettings.parse({ ...live })));
    assert.deepEqual(differences(live, live, names), []);
  });

  it('is said field by field, in the editor’s words', () => {
    const draft = { ...live, name: 'Luna', groundedOnly: false, temperature: 0.4, providerKeyId: 3, starters: ['Open on Sunday?'] };
    assert.deepEqual(
      differences(draft, live, names).map(({ label, was, is }) => [label, was, is]),
      [
        ['Name', 'Aurora', 'Luna'],
        ['Key', 'No AI: quotes the knowledge', 'Key 3'],
        ['Temperature', 'left to the model', '0.4'],
        ['Questions to start with', '', 'Open on Sunday?'],
        ['Answer from knowledge only', 'on', 'off'],
      ],
    );
  });

  it('shows long texts line by line', () => {
    const draft = { ...live, instructions: 'Be warm and short.\nSay prices in euros.\nNever guess.\nRing for Mira.' };
    assert.deepEqual(differences(draft, live, names)[0]?.lines, [
      { kind: 'gone', text: 'Be warm.' },
      { kind: 'new', text: 'Be warm and short.' },
      { kind: 'same', text: 'Say prices in euros.' },
      { kind: 'same', text: 'Never guess.' },
      { kind: 'new', text: 'Ring for Mira.' },
    ]);
  });

  it('finds the lines that stayed when others moved around them', () => {
    const lines = compareLines('a\nb\nc\nd', 'b\nx\nd\ne');
    assert.deepEqual(
      lines.filter((line) => line.kind === 'same').map((line) => line.text),
      ['b', 'd'],
    );
    assert.equal(
      lines
        .filter((line) => line.kind !== 'new')
        .map((line) => line.text)
        .join('\n'),
      'a\nb\nc\nd',
    );
    assert.equal(
      lines
        .filter((line) => line.kind !== 'gone')
        .map((line) => line.text)
        .join('\n'),
      'b\nx\nd\ne',
    );
  });

  it('does not ponder over twenty thousand changed lines', () => {
    const was = Array.from({ length: 10_000 }, (_, n) => `${n}`).join('\n');
    const is = Array.from({ length: 10_000 }, (_, n) => `${-n - 1}`).join('\n');
    const started = performance.now();
    assert.equal(compareLines(was, is).length, 20_000);
    assert.ok(performance.now() - started < 500);
  });
});
