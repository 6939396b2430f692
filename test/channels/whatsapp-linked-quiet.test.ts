import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';

const root = new URL('../..', import.meta.url).pathname;

/** In a process of its own: here the stand-ins have loaded the library already. */
const script = `
  import { createRequire } from 'node:module';
  import { loadBaileys } from './src/channels/whatsapp-linked/baileys.ts';
  await loadBaileys();
  const SessionRecord = createRequire('${root}node_modules/libsignal/index.js')('./src/session_record.js');
  const record = new SessionRecord();
  const session = SessionRecord.createEntry();
  session.indexInfo = { closed: -1, privKey: 'canary-7d1f' };
  record.closeSession(session);
  record.openSession(session);
  console.log('closed and opened');
`;

describe('the library of linked phones', () => {
  it('writes no session and no key to the output, which its own Signal would', () => {
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
    assert.equal(said, 'closed and opened\n');
  });

  for (const [whose, rejection, status] of [
    ['of its own', 'new Promise((_, fail) => { try { library.assertMeId({}); } catch (error) { fail(error); } })', 0],
    ['by which it tells a closed websocket', 'Promise.reject(1006)', 0],
    ['of anybody else', "Promise.reject(new Error('ours'))", 1],
  ] as const)
    it(`${status === 0 ? 'doesn’t end' : 'still ends'} the process by a rejection that nobody handles: one ${whose}`, () => {
      const code = `
        import { loadBaileys } from './src/channels/whatsapp-linked/baileys.ts';
        const library = await loadBaileys();
        void ${rejection};
        setTimeout(() => console.log('alive'), 20);
      `;
      const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: root, encoding: 'utf8' });
      assert.deepEqual([ended.status, ended.stdout], [status, status === 0 ? 'alive\n' : ''], ended.stderr);
    });
});
