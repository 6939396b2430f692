import assert from 'node:assert/strict';
import { compose } from '../../src/answering/compose.ts';
import { botSettings } from '../../src/bots/settings.ts';

describe('what the model is told of a passage', () => {
  const passage = { chunkId: 1, sourceId: 1, page: null, url: null, text: 'Plum cake is baked in September.', language: 'en', score: 1 };
  const told = (title: string, path: string): string =>
    compose({
      settings: botSettings.parse({}),
      business: 'Café Aurora',
      botName: 'Aurora',
      botId: 1,
      language: 'en',
      today: 'Tuesday, 24 November 2026',
      passages: [{ ...passage, title, path }],
      turns: [],
      workspaceId: 'w_aurora',
    }).context;

  it('names where it stands, and a title that its first heading repeats only once', () => {
    assert.match(told('Menu', 'Menu › Cakes'), /\[1\] Menu › Cakes/);
    assert.doesNotMatch(told('Menu', 'Menu › Cakes'), /Menu › Menu/);
    assert.match(told('Menu', 'Cakes'), /\[1\] Menu › Cakes/);
    assert.match(told('Menu', ''), /\[1\] Menu\n/);
  });
});
