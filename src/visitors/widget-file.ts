import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publicFolder } from '../web/folders.ts';

const body = readFileSync(join(publicFolder, 'widget.js'));

/** The script that websites embed, as it is and compressed, read once. Its address never changes, so it has an ETag. */
export const widgetFile = {
  body,
  zipped: gzipSync(body, { level: 9 }),
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
};
