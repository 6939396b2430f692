/** What the page of a device shows while its phone is being linked. */
import { DeliveryError } from './channel.ts';
import { channelAccess } from './access.ts';
import { liveChannel } from './channel-row.ts';
import type { ShownChannel } from './channels.queries.ts';
import { linkStep } from './device-store.ts';
import { channelKinds } from './kinds.ts';
import { qrSvg } from '../lib/qr.ts';
import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';

export interface LinkView {
  step: 'waiting' | 'picture' | 'code' | 'finishing';
  /** Drawn by ourselves: safe to stand in a page. */
  svg: string;
  /** "ABCD-EFGH", and the phone that it is typed on. */
  code: string;
  phone: string;
  /** UTC ms, and how long that is from now. */
  until: number;
  leftMs: number;
}

const NOTHING: LinkView = { step: 'waiting', svg: '', code: '', phone: '', until: 0, leftMs: 0 };
const CODE_HALF = 4;
const PATIENCE_MS = 20_000;

/** Null where there is nothing to link: another kind of channel, linked already, or stopped. */
export function linkView(ws: Workspace, { id, kind, status, accountId }: ShownChannel): LinkView | null {
  if (channelKinds[kind]?.isDevice !== true || (status !== 'connecting' && status !== 'connected')) return null;
  const step = linkStep(ws, id);
  if (step === null) return accountId === null && status === 'connecting' ? NOTHING : null;
  if (step.kind === 'finishing') return { ...NOTHING, step: 'finishing' };
  const times = { until: step.until, leftMs: Math.max(0, step.until - ws.clock.now()) };
  if (step.kind === 'picture') return { ...NOTHING, ...times, step: 'picture', svg: qrSvg(step.text) };
  const code = `${step.code.slice(0, CODE_HALF)}-${step.code.slice(CODE_HALF)}`;
  return { ...NOTHING, ...times, step: 'code', code, phone: `+${step.phone}` };
}

/** Asks for a code that is typed on the phone with this number. Throws Problem: no such number, or nothing waits for a phone. */
export async function askForCode(ws: Workspace, { channelId, phone }: { channelId: number; phone: string }): Promise<void> {
  liveChannel(ws, channelId);
  const digits = phone.replace(/^\s*(\+|00)/, '').replace(/[\s()./-]/g, '');
  if (!/^[1-9]\d{6,14}$/.test(digits))
    throw new Problem(422, 'Enter the whole number with its country code, like +49 151 23456789.', { field: 'phone' });
  const { kind, access } = channelAccess(ws, channelId, AbortSignal.timeout(PATIENCE_MS));
  try {
    await kind.linkByCode?.(access, digits);
  } catch (error) {
    if (error instanceof DeliveryError) throw new Problem(422, error.says, { field: 'phone', cause: error });
    throw error;
  }
}
