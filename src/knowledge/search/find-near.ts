import type { VectorIndex } from '../vectors/vector-index.ts';
import type { IndexReader } from './index-reader.ts';
import type { NearPassage } from './passage.ts';

/** So many are looked at exactly; of the true best ten 99.6 of 100 are among them. */
const LOOKED_AT = 400;
/** When most of what is near is switched off, so many times more. */
const WIDER = 8;
const AT_A_TIME = 12;

/** The passages in use that are nearest in meaning, the nearest first, at most `limit`. The vector is of length 1. */
export function findNear(reader: IndexReader, vectors: VectorIndex, vector: Float32Array, limit: number): NearPassage[] {
  for (let most = LOOKED_AT; ; most *= WIDER) {
    const found = inUse(reader, vectors, vector, { most, limit });
    if (found.length >= limit || most >= vectors.count) return found;
  }
}

function inUse(
  reader: IndexReader,
  vectors: VectorIndex,
  vector: Float32Array,
  { most, limit }: { most: number; limit: number },
): NearPassage[] {
  const near = vectors.nearest(vector, most);
  const found: NearPassage[] = [];
  for (let at = 0; at < near.length && found.length < limit; at += AT_A_TIME) {
    const slice = near.slice(at, at + AT_A_TIME).map((each) => ({ ...each, ids: vectors.chunksOf(each.id) }));
    const usable = new Map(reader.candidates(slice.flatMap(({ ids }) => ids)).map((candidate) => [candidate.chunkId, candidate]));
    for (const { ids, cosine } of slice) {
      // What several chunks say is shown once.
      const candidate = ids.map((id) => usable.get(id)).find((each) => each !== undefined);
      const rest = candidate && reader.rest(candidate.chunkId);
      if (!candidate || !rest) continue;
      const { line: _, ...what } = candidate;
      found.push({ ...what, ...rest, cosine });
    }
  }
  return found.slice(0, limit);
}
