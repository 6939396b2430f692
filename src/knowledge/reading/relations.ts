/** How the parts of an Office file lead to each other. */
import { posix } from 'node:path';
import type { Archive } from './archive.ts';
import { readXml } from './xml.ts';

export interface Relation {
  id: string;
  /** The last word of its type: "slide", "notesSlide". */
  type: string;
  /** Name of the member. */
  target: string;
}

/** What a part leads to inside the file, in the file's order. A part that leads nowhere has none; '' is the file itself. */
export function relationsOf(archive: Archive, part: string): Relation[] {
  const folder = posix.dirname(part);
  const member = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const relations: Relation[] = [];
  if (!archive.has(member)) return relations;
  readXml(archive, member, {
    open(name, { Id: id = '', Type: type = '', Target: to = '', TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      const target = posix.join('/', to.startsWith('/') ? '' : folder, to).slice(1);
      if (archive.has(target)) relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), target });
    },
  });
  return relations;
}
