import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publicFolder } from '../web/folders.ts';

/** A script for other people's websites, as it is sent, and compressed, read once. */
export interface WidgetFile {
  body: Buffer;
  zipped: Buffer;
  /** Its address never changes, so it has one. */
  etag: string;
}

/** What every page with the bubble loads. */
export const widgetFile = scriptOf('widget.js');
/** What those load who send or get a file. */
export const widgetFilesFile = scriptOf('widget-files.js');
/** What those load who open it. */
export const widgetDraftsFile = scriptOf('widget-drafts.js');
/** What those load who hear of an answer by a sound. */
export const widgetSoundFile = scriptOf('widget-sound.js');

function scriptOf(name: string): WidgetFile {
  const body = Buffer.from(withoutNotes(readFileSync(join(publicFolder, name), 'utf8')));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, zipped: gzipSync(body, { level: 9 }), etag };
}

/**
 * Comments that stand on lines of their own, and what lines are set in by, are for who reads the file here. Their lines
 * stay, so that an error names the right one.
 */
function withoutNotes(script: string): string {
  const said = script.replace(/^[ \t]*(?:\/\/.*|\/\*\*[^]*?\*\/)$/gm, (comment) => comment.replace(/[^\n]+/g, ''));
  return said.replace(/^[ \t]+/gm, '');
}
