/** What a website's visitor loads before they open the chat: one script, and its size. */
import { gzipSync } from 'node:zlib';
import { furnishedFolder, startProduct } from './product.ts';
import type { Report } from './report.ts';

const TARGET = 15_000;

export async function widget(): Promise<Report> {
  const { folder } = await furnishedFolder({ ai: null });
  const product = await startProduct(folder);
  const answer = await fetch(`http://127.0.0.1:${product.port}/widget.js`, { headers: { 'Accept-Encoding': 'identity' } });
  const plain = Buffer.from(await answer.arrayBuffer());
  await product.end();
  const gzip = gzipSync(plain, { level: 9 }).length;
  return {
    name: 'widget',
    figures: { gzipBytes: gzip },
    compared: { gzipBytes: plain.length },
    ratios: { gzipBytes: gzip / plain.length },
    targets: { gzipBytes: `below ${TARGET} bytes` },
    met: { gzipBytes: gzip < TARGET },
  };
}
