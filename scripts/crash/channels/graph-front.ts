/** The products of Meta have one host, but a stand-in each: a call goes to the one whose token it shows. */
import { createServer, request } from 'node:http';
import { listening } from '../../../test/simulators/http.ts';

/** Its address. It ends with the process. */
export async function graphFront(products: { token: string; url: string }[]): Promise<string> {
  const server = createServer((asked, response) => {
    // An app that looks at a token shows its own, and names the other.
    const looked = new URL(asked.url ?? '', 'http://here.invalid').searchParams.get('input_token');
    const product = products.find(({ token }) => looked === token || asked.headers.authorization === `Bearer ${token}`);
    if (!product) return void response.writeHead(401).end();
    const passed = request(`${product.url}${asked.url ?? ''}`, { method: asked.method, headers: asked.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    // A connection that the stand-in cuts is cut here, too.
    passed.on('error', () => response.destroy());
    asked.pipe(passed);
  });
  server.unref();
  return (await listening(server)).url;
}
