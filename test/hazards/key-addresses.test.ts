/** Whoever may paste a key may name a host. No such name leads into the machine, its network or its cloud's metadata. */
import assert from 'node:assert/strict';
import { providerKeys } from '../../src/db/schema/workspace.ts';
import { httpSimulator, type HttpSimulator } from '../simulators/http.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';

describe('the address of a provider', () => {
  let server: TestServer;
  let inside: HttpSimulator;
  let owner: Client;

  before(async () => {
    server = await startServer({ env: { ALLOW_PRIVATE_ADDRESSES: '0' } });
    inside = await httpSimulator((_request, response) => void response.end('{"data":[{"id":"inside"}]}'));
    owner = await server.as('owner');
  });
  after(async () => {
    await inside.close();
    await server.end();
  });

  for (const host of [
    'http://127.0.0.1:PORT',
    'https://127.0.0.1:PORT',
    'http://localhost:PORT/v1',
    'https://localhost:PORT/v1',
    'http://[::1]:PORT',
    'http://[::ffff:127.0.0.1]:PORT',
    'http://0.0.0.0:PORT',
    'http://0:PORT',
    'http://2130706433:PORT',
    'http://0x7f.1:PORT',
    'http://0177.0.0.1:PORT',
    'http://127.1:PORT',
    'http://①②⑦.⓪.⓪.①:PORT',
    'http://169.254.169.254/latest/meta-data',
    'https://[fd00:ec2::254]/',
    'https://10.0.0.1/v1',
    'https://192.168.1.1/',
    'https://user:pass@api.example.com/v1',
    'http://api.example.com/v1',
    'file:///etc/passwd',
    'ftp://example.com',
    'gopher://127.0.0.1:PORT/_GET',
    'unix:/var/run/docker.sock',
    'javascript:alert(1)',
    '//127.0.0.1:PORT',
    'https://',
    'https://%00',
  ])
    it(`${host} is refused at its field, in words, and nothing is asked`, async () => {
      const baseUrl = host.replace('PORT', String(inside.port));
      const { status, text } = await owner.post(`/w/${server.workspace}/keys`, {
        provider: 'compatible',
        key: 'sk-of-a-curious-admin',
        baseUrl,
        name: '',
      });
      assert.equal(status, 422);
      assert.match(text, /class="wrong" id="f-(baseUrl|key)-foot"/);
      assert.ok(!text.includes('sk-of-a-curious-admin'));
      assert.equal(inside.requests.length, 0);
      const { workspace, release } = server.installation.workspaces.hold(server.workspace);
      assert.deepEqual(workspace.db.select().from(providerKeys).all(), []);
      release();
    });
});
