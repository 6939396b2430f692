import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

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
});
