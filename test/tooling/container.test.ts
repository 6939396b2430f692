import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');
const compose = readFileSync(join(project, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(join(project, 'Dockerfile'), 'utf8');

/** The lines of one service, which end where the next one begins. */
function service(name: string): string {
  const found = new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n|\\n)+)`, 'm').exec(compose)?.[1];
  assert.ok(found, `there is no service ${name}`);
  return found;
}

describe('the compose file', () => {
  it('publishes the proxy’s ports and none of the server’s own', () => {
    assert.doesNotMatch(service('app'), /^ {4}ports:/m);
    assert.match(service('caddy'), /^ {4}ports:\n {6}- '80:80'\n {6}- '443:443'/m);
  });

  it('gives the server a read-only root, no capability and no way to more privileges', () => {
    const app = service('app');
    assert.match(app, /^ {4}read_only: true$/m);
    assert.match(app, /^ {4}cap_drop: \[ALL\]$/m);
    assert.match(app, /no-new-privileges:true/);
    assert.doesNotMatch(app, /cap_add|privileged/);
  });

  it('keeps data and keys in two volumes', () => {
    assert.match(service('app'), /- data:\/data\n(?: +#.*\n)* +- keys:\/keys\n/);
  });
});

describe('the image', () => {
  it('is built on a named major version of Node and run by a user without privileges', () => {
    const from = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    assert.deepEqual([...new Set(from)], ['docker.io/library/node:24-bookworm-slim']);
    assert.equal([...dockerfile.matchAll(/^USER (\S+)/gm)].at(-1)?.[1], 'node');
  });

  it('warms the compile cache as the user that will run, since Node keeps it apart for each', () => {
    assert.ok(dockerfile.indexOf('USER node') < dockerfile.indexOf('RUN node docker/warm-cache.mjs'));
  });
});
