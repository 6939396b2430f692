/** Every channel in the same situations. One that can't come into a situation says why; `npm run channels` prints the table. */
import assert from 'node:assert/strict';
import { failures } from './contract/failures.ts';
import { files } from './contract/files.ts';
import { incoming } from './contract/incoming.ts';
import { outgoing } from './contract/outgoing.ts';
import { strangers } from './contract/strangers.ts';
import { Suite } from './contract/suite.ts';
import { kinds } from './rigs/index.ts';

for (const kind of kinds) {
  describe(`the contract of a channel: ${kind.kind}`, () => {
    const suite = new Suite(kind);

    describe('in:', () => incoming(suite));
    describe('out:', () => outgoing(suite));
    describe('files:', () => files(suite));
    describe('failures:', () => failures(suite));
    describe('strangers:', () => strangers(suite));

    describe('account:', () => {
      it('connects to its account, and is well', async () => {
        const { channel, access } = suite.rig;
        assert.match((await channel.connect(access())).name, /./);
        await channel.health(access());
        await channel.disconnect(access());
      });

      it('marks which settings are secret, and refuses a setting it doesn’t know', () => {
        const { settings } = suite.rig.channel;
        assert.equal(settings.safeParse({ ...suite.rig.access().settings, other: 1 }).success, false);
        for (const [name, field] of Object.entries(settings.shape)) {
          if (/token|secret|key|password/i.test(name))
            assert.equal((field as { meta(): { secret?: boolean } | undefined }).meta()?.secret, true);
        }
      });
    });
  });
}
