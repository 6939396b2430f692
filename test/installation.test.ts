import assert from 'node:assert/strict';
import http from 'node:http';
import type { Socket } from 'node:net';
import { rmSync } from 'node:fs';
import { closeInstallation } from '../src/installation.ts';
import { listening } from './simulators/http.ts';
import { eventually } from './support/eventually.ts';
import { testInstallation } from './support/installation.ts';

describe('the end of an installation', () => {
  it('lets go of the connections to far sides', async () => {
    const open = new Set<Socket>();
    const server = http.createServer((_, response) => void response.end('hello'));
    server.on('connection', (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
    const far = await listening(server);
    const { installation, folder } = await testInstallation();
    await (await installation.outbound.to(far.url)(far.url)).text();
    assert.equal(open.size, 1, 'it is kept for the next call');
    await closeInstallation(installation);
    await eventually(() => assert.equal(open.size, 0));
    await far.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
