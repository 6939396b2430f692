import { chunkHash } from '../chunk-hash.ts';
import { openSealedFile } from '../../vault/sealed-file.ts';
import { indexedWords } from '../search/words.ts';
import { cutChunks, type Piece } from './cut-chunks.ts';
import { languagesOf } from './detect-language.ts';
import { Unreadable, type Material, type OnProgress, type Reading } from './material.ts';
import { readFile } from './read-file.ts';
import { readText } from './read-text.ts';

const NO_FILE = { pages: null, mime: null, leftOut: null };

/** Reads one thing and cuts it. Runs in a reading thread. Throws Unreadable in words for whoever gave it. */
export async function readMaterial(material: Material, onProgress: OnProgress): Promise<Reading> {
  switch (material.kind) {
    case 'text':
      return finished(material.title, cutChunks(readText(material.text)), NO_FILE);
    case 'qa':
      // Without a pair there is nothing to read, and that is no fault: what was taken out must leave the search.
      return chunked(material.title, piecesOf(material.pairs), NO_FILE);
    case 'file': {
      const { blocks, ...found } = await readFile(await openSealedFile(material.path, material.key), onProgress);
      return finished(material.title, cutChunks(blocks), found);
    }
    case 'pairs':
      return { chunks: [], language: null, ...NO_FILE, pairs: (await import('./read-pairs.ts')).readPairs(material.bytes) };
    case 'page':
    case 'sitemap':
    case 'robots': {
      const { content, web } = await (await import('../web/read-web.ts')).readWeb(material, onProgress);
      const { blocks, ...found } = content ?? { blocks: [], ...NO_FILE };
      // A page's title stands in its headings. One without text may still lead to others.
      return { ...chunked('', cutChunks(blocks), found), web };
    }
    case 'feed': {
      const { feed, texts } = (await import('../feed/read-feed.ts')).readFeed(material);
      const pieces = texts.map((text) => ({ path: '', page: null, text }));
      return { ...chunked('', pieces, NO_FILE), feed };
    }
  }
}

/** A pair is one chunk, question and answer together, so that each finds the other. */
function piecesOf(pairs: readonly { question: string; answer: string }[]): Piece[] {
  return pairs.map(({ question, answer }) => ({ path: '', page: null, text: `${question}\n${answer}`.trim() }));
}

function finished(title: string, pieces: readonly Piece[], found: Pick<Reading, 'pages' | 'mime' | 'leftOut'>): Reading {
  if (pieces.length === 0) throw new Unreadable('There is no text in this. Upload another file, or paste the text.');
  return chunked(title, pieces, found);
}

function chunked(title: string, pieces: readonly Piece[], found: Pick<Reading, 'pages' | 'mime' | 'leftOut'>): Reading {
  const { main, each } = languagesOf(pieces.map(({ text }) => text));
  const chunks = pieces.map((piece, place) => {
    const language = each[place] ?? null;
    // The headings and the title count as words of the passage.
    const words = indexedWords(`${title}\n${piece.path}\n${piece.text}`, language);
    return { ...piece, words, language, hash: chunkHash(piece.path, piece.text) };
  });
  return { chunks, language: main, ...found };
}
