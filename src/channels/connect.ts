import { Problem } from '../web/problem.ts';
import type { Workspace } from '../workspace.ts';
import { accessWith } from './access.ts';
import { DeliveryError, type Channel, type ConnectResult } from './channel.ts';
import { secretFields } from './settings.ts';

const PATIENCE_MS = 20_000;

/** Asks the far side whether these settings open an account. Throws Problem at the field that was pasted. */
export async function connectTo(ws: Workspace, kind: Channel, settings: Record<string, unknown>): Promise<ConnectResult> {
  try {
    return await kind.connect(accessWith(ws, kind.kind, settings, AbortSignal.timeout(PATIENCE_MS)));
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const [secret = ''] = secretFields(kind);
    const { field = secret } = error;
    const says = error.outcome === 'unknown' ? `${kind.name} didn’t answer. Nothing was changed; try again in a minute.` : error.says;
    throw new Problem(422, says, { field, cause: error });
  }
}
