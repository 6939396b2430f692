/** Pictures in a request: shown to models that may see them, and to no others. */
import type { BotSettings } from '../../bots/index.ts';
import type { AnswerRequest } from '../../providers/index.ts';
import type { Workspace } from '../../workspace.ts';
import type { Way } from '../ways.ts';
import { maySee } from './abilities.ts';

export function showsPictures({ turns }: Pick<AnswerRequest, 'turns'>): boolean {
  return turns.some(({ pictures = [] }) => pictures.length > 0);
}

export function withoutPictures(request: AnswerRequest): AnswerRequest {
  return { ...request, turns: request.turns.map(({ role, text }) => ({ role, text })) };
}

export interface Shown {
  request: AnswerRequest;
  /** Why pictures that the customer sent were left out; null while none were. */
  blind: string | null;
}

/** The request as this model may have it. */
export function shownTo(ws: Workspace, settings: BotSettings, request: AnswerRequest, way: Way): Shown {
  if (!showsPictures(request) || maySee(ws, settings, way)) return { request, blind: null };
  return { request: withoutPictures(request), blind: `${way.model} doesn’t look at pictures.` };
}
