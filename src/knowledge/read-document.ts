import { Unreadable } from './reading/material.ts';
import { customerThreads } from './reading/threads.ts';

export interface Document {
  text: string;
  /** There is more in it than was read. */
  cut: boolean;
}

/**
 * The text of a customer's sealed file, its first `letters` characters; it becomes no knowledge. What can't be read is told in
 * words. Throws the signal's reason when aborted.
 */
export async function readDocument(
  file: { path: string; key: Uint8Array },
  letters: number,
  signal: AbortSignal,
): Promise<Document | { says: string }> {
  try {
    const { chunks } = await customerThreads.read({ kind: 'file', title: '', ...file }, () => undefined, signal);
    let heading = '';
    let text = '';
    for (const chunk of chunks) {
      if (text.length > letters) break;
      text += `${text === '' ? '' : '\n\n'}${chunk.path === heading || chunk.path === '' ? '' : `${chunk.path}\n`}${chunk.text}`;
      heading = chunk.path;
    }
    return { text: text.slice(0, letters).toWellFormed(), cut: text.length > letters };
  } catch (error) {
    if (error instanceof Unreadable) return { says: error.message };
    throw error;
  }
}
