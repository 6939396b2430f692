import { sealedAttachment } from '../../conversations/index.ts';
import type { Turn } from '../../providers/index.ts';
import { openSealedFile } from '../../vault/sealed-file.ts';
import type { Workspace } from '../../workspace.ts';
import type { GatheredTurn } from '../gather.ts';

/** The turns with the pictures themselves, as providers take them. One that went meanwhile isn't shown. */
export async function loadPictures(ws: Workspace, turns: readonly GatheredTurn[]): Promise<Turn[]> {
  const loaded: Turn[] = [];
  for (const { shows = [], ...turn } of turns) {
    const pictures = [];
    for (const { id, name, mime } of shows) {
      const sealed = sealedAttachment(ws, id);
      if (sealed) pictures.push({ id, name, mime, bytes: await openSealedFile(sealed.path, sealed.key) });
    }
    loaded.push(pictures.length > 0 ? { ...turn, pictures } : turn);
  }
  return loaded;
}
