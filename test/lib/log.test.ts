import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

const log = new URL('../../src/lib/log.ts', import.meta.url).href;
const zod = import.meta.resolve('zod');

/** What the log of a process has after it ran this. */
function logged(code: string): string {
  const script = `import { createLogger } from ${JSON.stringify(log)}; import { z } from ${JSON.stringify(zod)}; const log = createLogger('debug'); ${code}`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(status, 0);
  return stdout;
}

describe('the log', () => {
  it('has an error’s kind and place, and nothing that it carries along or quotes', () => {
    const written = logged(`
      const caught = (act) => { try { act(); } catch (error) { return error; } };
      const fat = Object.assign(new Error('it broke'), { code: 'EBROKE', headers: { authorization: 'canary' }, request: { body: 'canary' }, says: 'canary' });
      log.error({ err: fat }, 'one');
      log.error({ err: new Error('outer', { cause: caught(() => JSON.parse('canary\\ncanary of a customer')) }) }, 'two');
      log.error({ err: caught(() => z.strictObject({ a: z.enum(['x']) }).parse({ canary: 1, a: 'canary' })) }, 'three');
      log.error({ err: caught(() => decodeURIComponent('canary%')) }, 'four');
      log.error({ err: 'canary' }, 'five');
      log.warn({ channel: { token: 'canary', key: 'canary', text: 'canary', password: 'canary' }, headers: { cookie: 'canary' } }, 'six');`);
    assert.equal(written.trim().split('\n').length, 6);
    assert.doesNotMatch(written, /canary/);
    assert.match(written, /"type":"Error","message":"it broke","code":"EBROKE","stack":/);
    assert.match(written, /"cause":\{"type":"SyntaxError","message":"\[left out\]"/);
  });
});
