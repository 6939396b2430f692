import { chunkHash } from '../chunk-hash.ts';
import { openSealedFile } from '../sealed-file.ts';
import { indexedWords } from '../search/words.ts';
import { cutChunks, type Piece } from './cut-chunks.ts';
import { languagesOf } from './detect-language.ts';
import { decodeText, fileType, MIME } from './file-type.ts';
import { LIMITS, tooMuchText, Unreadable, type Block, type Material, type OnProgress, type Reading } from './material.ts';
import { readText } from './read-text.ts';

/** Reads one thing and cuts it. Runs in a reading thread. Throws Unreadable in words for whoever gave it. */
export async function readMaterial(material: Material, onProgress: OnProgress): Promise<Reading> {
  switch (material.kind) {
    case 'text':
      return finished(material.title, cutChunks(readText(material.text)), { pages: null, mime: null });
    case 'qa':
      return finished(material.title, piecesOf(material.pairs), { pages: null, mime: null });
    case 'file': {
      const { blocks, ...found } = await readFile(await openSealedFile(material.path, material.key), onProgress);
      return finished(material.title, cutChunks(blocks), found);
    }
  }
}

/** A pair is one chunk, question and answer together, so that each finds the other. */
function piecesOf(pairs: readonly { question: string; answer: string }[]): Piece[] {
  return pairs.map(({ question, answer }) => ({ path: '', page: null, text: `${question}\n${answer}` }));
}

/** The readers of PDF, Word and HTML are loaded when a file needs them: they weigh 60 MB together. */
async function readFile(bytes: Uint8Array, onProgress: OnProgress): Promise<{ blocks: Block[]; pages: number | null; mime: string }> {
  const type = fileType(bytes);
  const mime = MIME[type];
  if (type === 'pdf') return { ...(await (await import('./read-pdf.ts')).readPdf(bytes, onProgress)), mime };
  if (type === 'docx') return { blocks: await (await import('./read-docx.ts')).readDocx(bytes), pages: null, mime };
  const text = decodeText(bytes);
  if (text.length > LIMITS.characters) throw tooMuchText();
  return { blocks: type === 'html' ? (await import('./read-html.ts')).readHtml(text) : readText(text), pages: null, mime };
}

function finished(title: string, pieces: readonly Piece[], found: Pick<Reading, 'pages' | 'mime'>): Reading {
  if (pieces.length === 0) throw new Unreadable('There is no text in this. Upload another file, or paste the text.');
  const { main, each } = languagesOf(pieces.map(({ text }) => text));
  const chunks = pieces.map((piece, place) => {
    const language = each[place] ?? null;
    // The headings and the title count as words of the passage.
    const words = indexedWords(`${title}\n${piece.path}\n${piece.text}`, language);
    return { ...piece, words, language, hash: chunkHash(piece.path, piece.text) };
  });
  return { chunks, language: main, ...found };
}
