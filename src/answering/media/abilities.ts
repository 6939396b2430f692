/** What of a customer's files a bot may open: by its switches, and as far as its models can. */
import type { BotSettings } from '../../bots/index.ts';
import { hearingModel, lacks, seesPictures } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import { waysOf, type Way } from '../ways.ts';

export interface Abilities {
  voice: boolean;
  pictures: boolean;
  documents: boolean;
}

export const NONE: Abilities = { voice: false, pictures: false, documents: false };

export function abilitiesOf(ws: Workspace, settings: BotSettings): Abilities {
  const [first] = waysOf(settings);
  // The built-in provider quotes passages, and understands nothing.
  if (!first || first.keyId === null) return NONE;
  return {
    voice: settings.hearsVoice && hearingWay(ws, settings) !== null,
    pictures: maySee(ws, settings, first),
    documents: settings.readsDocuments,
  };
}

/** Whether pictures may be sent to this model. */
export function maySee(ws: Workspace, settings: BotSettings, { keyId, model }: Way): boolean {
  if (keyId === null || !(settings.seesPictures ?? seesPictures(model))) return false;
  return !lacks(ws, keyId, 'pictures', model);
}

export interface HearingWay {
  keyId: number;
  model: string;
}

/** Who writes down voice notes: the first of the bot's own keys that can. No other key of the workspace is asked. */
export function hearingWay(ws: Workspace, settings: BotSettings): HearingWay | null {
  for (const { keyId } of waysOf(settings)) {
    const model = keyId === null ? null : hearingModel(ws, keyId);
    if (keyId !== null && model !== null) return { keyId, model };
  }
  return null;
}
