/** A bare HTTP server for tests: what comes in is recorded, what goes out is the test's own handler. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { untrusted } from './http-certificate.ts';

export interface HttpSimulator {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string;
  port: number;
  /** Every request that reached it. */
  requests: { method: string; path: string; headers: http.IncomingHttpHeaders }[];
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. With `tls`, by a certificate that can't be verified. */
export async function httpSimulator(handler: http.RequestListener, options: { tls?: boolean } = {}): Promise<HttpSimulator> {
  const requests: HttpSimulator['requests'] = [];
  const listener: http.RequestListener = (request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    handler(request, response);
  };
  const server = options.tls ? https.createServer(untrusted, listener) : http.createServer(listener);
  return { requests, ...(await listening(server, options.tls ? 'https' : 'http')) };
}

/** Listens on a free port; `close` ends open connections too. */
export async function listening(
  server: http.Server | https.Server,
  scheme = 'http',
): Promise<Pick<HttpSimulator, 'url' | 'port' | 'close'>> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
