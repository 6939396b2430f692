import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, variables } from '../../src/config.ts';

const project = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(project, file), 'utf8');

/** The README's table of environment variables, as config.ts means it. */
function environmentTable(): string {
  const rows = Object.entries(variables).map(([name, schema]) => {
    const preset = schema.safeParse(undefined).data;
    const shown = preset === undefined ? '–' : preset === false ? 'no' : `\`${preset}\``;
    return `| \`${name}\` | ${shown} | ${schema.description} |`;
  });
  return ['| variable | without it | what it sets |', '| --- | --- | --- |', ...rows].join('\n');
}

describe('the README', () => {
  it('lists every environment variable as the server reads it', () => {
    const table = environmentTable();
    assert.ok(read('README.md').includes(table), `its table should be:\n${table}`);
  });

  it('names only commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const text = `${read('README.md')}\n${read('CONTRIBUTING.md')}`;
    const npm = [...text.matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, name]) => name ?? '');
    const files = [...text.matchAll(/\bscripts\/[a-z-]+(?:\.[a-z]+)?/g)].map(([file]) => file);
    assert.ok(npm.length > 0 && files.length > 0);
    assert.deepEqual(
      npm.filter((name) => !(name in scripts)),
      [],
    );
    assert.deepEqual(
      files.filter((file) => !existsSync(join(project, file))),
      [],
    );
  });

  it('links only to files that are there', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md']) {
      const links = [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, path]) => path ?? '');
      assert.deepEqual(
        links.filter((path) => !existsSync(join(project, path))),
        [],
        file,
      );
    }
  });
});

describe('the configuration', () => {
  it('stops at a bad value and names the variable', () => {
    assert.throws(() => readConfig({ PORT: 'eighty' }), /PORT/);
    assert.throws(() => readConfig({ BASE_URL: 'chat.example.com' }), /BASE_URL/);
    assert.throws(() => readConfig({ ALLOW_PRIVATE_ADDRESSES: 'perhaps' }), /ALLOW_PRIVATE_ADDRESSES/);
  });

  it('refuses a master key inside the data folder', () => {
    assert.throws(() => readConfig({ DATA_DIR: '/srv/deskbell', KEYS_DIR: '/srv/deskbell/keys' }), /KEYS_DIR/);
    assert.doesNotThrow(() => readConfig({ DATA_DIR: '/srv/deskbell', KEYS_DIR: '/srv/deskbell-keys' }));
  });

  it('takes an empty value for none', () => {
    assert.equal(readConfig({ PORT: '', BASE_URL: '' }).baseUrl, 'http://localhost:3000');
  });
});
