import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventStreamReader, type StreamEvent } from '../../src/providers/wire/event-stream.ts';

function readAll(chunks: Uint8Array[]): StreamEvent[] {
  const reader = new EventStreamReader();
  return chunks.flatMap((chunk) => reader.read(chunk));
}

function read(text: string): StreamEvent[] {
  return readAll([Buffer.from(text)]);
}

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((to, index) => bytes.subarray(at[index - 1] ?? 0, to));
}

describe('the event stream', () => {
  it('reads events with names, data over several lines, comments and fields it doesn’t know', () => {
    assert.deepEqual(read(': hello\nevent: start\nid: 7\nretry: 10\ndata: a\ndata:  b\ndata\n\ndata:c\n\n'), [
      { name: 'start', data: 'a\n b\n' },
      { name: 'message', data: 'c' },
    ]);
  });

  it('gives no event for what was not ended, and none without data', () => {
    assert.deepEqual(read('event: ping\n\ndata: cut off'), []);
    assert.deepEqual(read('data: cut off\n'), []);
  });

  it('drops a byte order mark and takes empty data', () => {
    assert.deepEqual(read('\uFEFFdata:\n\n'), [{ name: 'message', data: '' }]);
  });

  it('gives up on an event without an end', () => {
    const reader = new EventStreamReader();
    const flood = Buffer.alloc(1024 * 1024, 'a');
    assert.throws(() => {
      for (let mib = 0; mib < 6; mib++) reader.read(flood);
    }, RangeError);
  });

  it('reads the same events however the bytes are cut', () => {
    const line = fc
      .oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', ' ', '{"a":"ü"}', '[DONE]', '🥐', ':'))
      .map((text) => text.replace(/[\r\n]/g, ''));
    const event = fc.record({
      name: fc.option(fc.constantFrom('message_start', 'ping', 'ü'), { nil: undefined }),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    });
    const breaks = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        breaks,
        fc.array(fc.nat(2000), { maxLength: 30 }),
        fc.boolean(),
        (events, end, places, comments) => {
          const text = events
            .map(({ name, lines }) =>
              [
                ...(comments ? [': still here', ''] : []),
                ...(name ? [`event: ${name}`] : []),
                ...lines.map((each) => `data: ${each}`),
                '',
                '',
              ].join(end),
            )
            .join('');
          const expected = events.map(({ name, lines }) => ({ name: name ?? 'message', data: lines.join('\n') }));
          const bytes = Buffer.from(text);
          assert.deepEqual(readAll([bytes]), expected);
          assert.deepEqual(readAll(cut(bytes, places)), expected);
          assert.deepEqual(readAll([...bytes].map((byte) => Uint8Array.of(byte))), expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
