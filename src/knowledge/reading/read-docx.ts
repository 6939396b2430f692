/** Word files: through mammoth into HTML, which keeps headings, lists and tables. */
import { zipSync, type Zippable } from 'fflate';
import mammoth from 'mammoth';
import type { Archive } from './archive.ts';
import { Unreadable, type Block } from './material.ts';
import { readHtml } from './read-html.ts';
import { readXml } from './xml.ts';

export async function readDocx(archive: Archive, main: string): Promise<Block[]> {
  // mammoth's own XML parser expects no harm: what is nested or defined to do some goes no further than this.
  readXml(archive, main, {});
  const buffer = repacked(archive);
  try {
    const { value } = await mammoth.convertToHtml({ buffer }, { convertImage: mammoth.images.imgElement(async () => ({ src: '' })) });
    return readHtml(value);
  } catch (cause) {
    if (cause instanceof Unreadable) throw cause;
    throw new Unreadable('This Word file is damaged. Open it in Word, save it again as .docx, and upload that.', { cause });
  }
}

/** mammoth believes the sizes that an archive states; it is given one of ours, of the texts alone, which were counted as they unfolded. */
function repacked(archive: Archive): Buffer {
  const members: Zippable = {};
  for (const name of archive.names) if (/\.(?:xml|rels)$/i.test(name)) members[name] = archive.read(name);
  return Buffer.from(zipSync(members, { level: 0 }));
}
