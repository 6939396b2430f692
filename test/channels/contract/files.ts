/** Files of customers, fetched from the far side. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { AttachmentError, type ChannelAccess } from '../../../src/channels/channel.ts';
import { png } from '../../support/files.ts';
import type { Suite } from './suite.ts';

export function files(suite: Suite): void {
  const fetched = async (reference: string, more: Partial<ChannelAccess> = {}): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    const { channel, access } = suite.rig;
    for await (const piece of (await channel.fetchAttachment?.(access(more), reference)) ?? []) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const held = (content: Uint8Array) => suite.rig.hold?.(content) ?? assert.fail('the stand-in holds it');
  const notFetched = async (reference: string): Promise<AttachmentError> => {
    const error = await fetched(reference).then(
      () => assert.fail('it came'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof AttachmentError, inspect(error));
    suite.plain(error);
    return error;
  };

  suite.situation('files-in', 'a customer’s file, fetched as it is', async () => {
    const content = png(300, 200);
    assert.deepEqual(await fetched(held(content)), content);
    assert.deepEqual(await fetched(held(Buffer.alloc(0))), Buffer.alloc(0));
  });

  for (const [how, kind] of [
    ['gone', 'gone'],
    ['too-large', 'too-large'],
    ['not-now', 'later'],
  ] as const) {
    suite.situation('files-in', `says of a file that doesn’t come whether that passes: ${how}`, async () => {
      const reference = held(png());
      suite.rig.spoil?.(reference, how);
      assert.equal((await notFetched(reference)).kind, kind);
    });
  }

  suite.situation(['files-in', 'files-token'], 'tells an account that was revoked from a far side that is away', async () => {
    const reference = held(png());
    suite.rig.cause('revoked');
    assert.equal((await notFetched(reference)).kind, 'account');
    await suite.rig.leave();
    assert.equal((await notFetched(reference)).kind, 'later');
  });

  suite.situation('files-in', 'ends with the signal’s own reason, so that a stop is no failure', async () => {
    const reason = new Error('the server stops');
    await assert.rejects(fetched(held(png()), { signal: AbortSignal.abort(reason) }), reason);
  });
}
