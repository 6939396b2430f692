import assert from 'node:assert/strict';
import { widget } from '../../../src/channels/widget/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Kind, Rig } from './rig.ts';

const byRoute = 'a visitor’s message comes in by its own route, one at a time';
const unknown = 'the panel has no such thing';
const unsent = 'nothing is sent to a visitor: their page reads what is stored';

export const widgetKind: Kind = {
  kind: 'widget',
  skips: {
    ...{ sends: unsent, blocked: unsent, rate: unsent, cut: unsent, absent: unsent, revoked: unsent, 'broken-markup': unsent },
    ...{ window: unsent, broken: unsent, page: unsent, half: unsent, choices: unsent },
    ...{ batches: byRoute, says: byRoute, image: byRoute, voice: byRoute, video: byRoute, document: byRoute, unknown: byRoute },
    ...{ sticker: unknown, location: unknown, contact: unknown, reaction: unknown, 'reaction-gone': unknown, reply: unknown },
    ...{ edit: unknown, revoke: unknown, nameless: byRoute, alias: unknown, signed: byRoute, 'signed-bytes': byRoute },
    'files-in': 'a visitor’s files come with their message',
    'files-out': unsent,
  },
  start: startWidget,
};

async function startWidget(): Promise<Rig> {
  const never = () => Promise.reject(new Error('the widget has no far side'));
  return {
    channel: widget,
    secret: 'a widget has none',
    thread: 'visitor-1',
    batch: { body: null, texts: [] },
    pauseMs: 0,
    link: '',
    access: (more = {}) => ({
      channelId: 1,
      settings: widget.settings.parse({}),
      state: null,
      apiRoot: '',
      fetch: never,
      agent: () => assert.fail('the widget has no far side'),
      clock: systemClock,
      signal: new AbortController().signal,
      ...more,
    }),
    cause: () => undefined,
    fail: () => undefined,
    read: () => [],
    readFiles: () => [],
    shownTyping: () => 0,
    holdNextSend: never,
    leave: async () => undefined,
    end: async () => undefined,
  };
}
