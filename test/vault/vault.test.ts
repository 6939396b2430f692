import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { inspect } from 'node:util';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeInstallation, openInstallation } from '../../src/installation.ts';
import { Secret } from '../../src/lib/secret.ts';
import { SealError } from '../../src/vault/seal.ts';
import { VaultError } from '../../src/vault/vault.ts';
import type { Workspace } from '../../src/workspace.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

describe('vault', () => {
  let test: TestInstallation;
  let aurora: Workspace;
  const place = { table: 'provider_keys', column: 'key_sealed', row: 1 };

  beforeEach(async () => {
    test = await testInstallation();
    aurora = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
  });

  afterEach(() => test.end());

  it('opens a sealed value only in its own workspace, table, column and row', () => {
    const sealed = aurora.seal(place, new Secret('sk-canary'));
    assert.equal(aurora.open(place, sealed).reveal(), 'sk-canary');
    const other = test.installation.workspaces.hold(cafeAurora(test.installation, 'Bistro')).workspace;
    assert.throws(() => other.open(place, sealed), SealError);
    for (const moved of [
      { ...place, row: 2 },
      { ...place, row: '1' },
      { ...place, column: 'name' },
      { ...place, table: 'channels' },
    ]) {
      assert.throws(() => aurora.open(moved, sealed), SealError, JSON.stringify(moved));
    }
  });

  it('notices every changed byte, and keeps the value out of its own bytes', () => {
    const sealed = aurora.seal(place, new Secret('sk-canary'));
    assert.equal(sealed.includes('canary'), false);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.throws(() => aurora.open(place, changed), SealError, `byte ${at}`);
    }
  });

  it('seals the same value differently each time', () => {
    assert.notDeepEqual(aurora.seal(place, new Secret('x')), aurora.seal(place, new Secret('x')));
  });

  it('refuses to start with another master key, in plain words, and changes nothing', async () => {
    const { settings } = test;
    const file = join(settings.keysDir, 'master.key');
    const before = readFileSync(file);
    writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64')}\n`);
    await closeInstallation(test.installation);
    await assert.rejects(openInstallation(settings), (error: Error) => error instanceof VaultError && /another one/.test(error.message));
    rmSync(file);
    await assert.rejects(openInstallation(settings), (error: Error) => error instanceof VaultError && /missing/.test(error.message));
    writeFileSync(file, 'short', { mode: 0o600 });
    await assert.rejects(openInstallation(settings), (error: Error) => error instanceof VaultError && /damaged/.test(error.message));
    writeFileSync(file, before);
    chmodSync(file, 0o644);
    await assert.rejects(openInstallation(settings), (error: Error) => error instanceof VaultError && /chmod 600/.test(error.message));
    chmodSync(file, 0o600);
    test.installation = await openInstallation(settings);
  });

  it("refuses a workspace's folder that came from another installation", async () => {
    const other = await testInstallation();
    const id = cafeAurora(other.installation);
    const theirs = join(other.settings.dataDir, 'workspaces', id);
    const ours = cafeAurora(test.installation);
    copyFileSync(join(theirs, 'key'), join(test.settings.dataDir, 'workspaces', ours, 'key'));
    await test.reopen();
    assert.throws(() => test.installation.workspaces.hold(ours), VaultError);
    await other.end();
  });

  it('prints a secret as [sealed], wherever it is put', () => {
    const secret = new Secret('sk-canary-0123456789');
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-secret-'));
    writeFileSync(join(folder, 'x'), JSON.stringify({ secret }));
    const printed = [String(secret), JSON.stringify({ secret }), inspect({ a: [secret] }), readFileSync(join(folder, 'x'), 'utf8')];
    rmSync(folder, { recursive: true });
    for (const text of printed) {
      assert.equal(text.includes('canary'), false, text);
      assert.match(text, /\[sealed\]/);
    }
    assert.equal(secret.lastFour(), '6789');
    assert.equal(new Secret('short').lastFour(), '');
  });
});
