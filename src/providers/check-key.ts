import { and, eq, isNull } from '../db/drizzle.ts';
import { providerKeys } from '../db/schema/workspace.ts';
import type { Workspace } from '../workspace.ts';
import { forgetIllnesses } from './circuit.ts';
import { openProvider } from './open-provider.ts';
import { ProviderError, type Model } from './provider.ts';

export type Checked = { ok: true; models: Model[] } | { ok: false; says: string };

/** How long a person waits for the provider. */
const PATIENCE_MS = 20_000;

/** Asks the provider again whether a stored key works, and for its models; what it says stands on the key's page. */
export async function checkKey(workspace: Workspace, keyId: number, signal = AbortSignal.timeout(PATIENCE_MS)): Promise<Checked> {
  try {
    const { provider, access } = openProvider(workspace, keyId, signal);
    const models = await provider.check(access);
    write(workspace, keyId, { models, status: 'works', says: null });
    forgetIllnesses(workspace, keyId);
    return { ok: true, models };
  } catch (cause) {
    const error = signal.aborted ? new ProviderError('silent', 'The provider didn’t answer in time. Try again.') : cause;
    if (!(error instanceof ProviderError)) throw error;
    noteFailure(workspace, keyId, error);
    return { ok: false, says: error.says };
  }
}

/** What passes by itself doesn't make a key a broken one. */
const PASSING: readonly ProviderError['kind'][] = ['rate', 'overloaded', 'silent', 'broken', 'refused', 'no-model'];

/** Writes on the key's page why a call with it failed. Of an answer's failures too, so that "works" is shown only when it is true. */
export function noteFailure(workspace: Workspace, keyId: number, error: ProviderError): void {
  write(workspace, keyId, { says: error.says, ...(PASSING.includes(error.kind) ? {} : { status: 'broken' }) });
}

function write(workspace: Workspace, keyId: number, change: { models?: Model[]; status?: 'works' | 'broken'; says: string | null }): void {
  workspace.write(() => {
    const live = and(eq(providerKeys.id, keyId), isNull(providerKeys.removedAt));
    workspace.db
      .update(providerKeys)
      .set({ ...change, checkedAt: workspace.clock.now() })
      .where(live)
      .run();
  });
}
