import { and, eq, isNull } from '../db/drizzle.ts';
import { providerKeys } from '../db/schema/workspace.ts';
import { Secret } from '../lib/secret.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { accessTo, placeOf } from './open-provider.ts';
import { chats, ProviderError, type Model, type Provider } from './provider.ts';
import { providers, vendorUrls } from './registry.ts';

export interface NewKey {
  provider: Exclude<Provider['id'], 'quote'>;
  /** For pages; '' takes the provider's name or the host. */
  name: string;
  /** As pasted; '' where the host wants none. */
  key: string;
  /** As pasted; '' takes the vendor's own. */
  baseUrl: string;
}

/** `field` is where the form shows it; null where it belongs to the whole. */
export type Added = { ok: true; keyId: number; models: Model[] } | { ok: false; field: 'key' | 'baseUrl' | null; says: string };

/** How long the pasting person waits for the provider. */
const PATIENCE_MS = 20_000;

/** Checks a pasted key with its provider at once, lists its models, and seals it. A key that fails is not kept. */
export async function addKey(
  workspace: Workspace,
  form: NewKey,
  userId: number | 'system',
  signal = AbortSignal.timeout(PATIENCE_MS),
): Promise<Added> {
  const provider = providers[form.provider];
  const pasted = form.key.trim();
  const baseUrl = plainUrl(form.baseUrl);
  if (provider.needs.baseUrl && baseUrl === null)
    return { ok: false, field: 'baseUrl', says: 'Enter the base URL, for instance https://api.mistral.ai/v1.' };
  if (provider.needs.key === 'yes' && pasted === '') return { ok: false, field: 'key', says: `Paste a key of ${provider.name}.` };
  if (!/^[\x21-\x7e]*$/.test(pasted))
    return { ok: false, field: 'key', says: 'This is no key: it holds spaces or characters that keys don’t have. Copy it again.' };
  const key = pasted === '' ? null : new Secret(pasted);
  const known = key && knownAs(workspace, form.provider, key, baseUrl);
  if (known) return { ok: false, field: 'key', says: `This key is already here, as “${known}”.` };
  try {
    const models = await provider.check(accessTo(workspace, { provider: form.provider, baseUrl, key }, signal));
    if (models.length === 0) return { ok: false, field: null, says: `${provider.name} lists no model for this key.` };
    return { ok: true, keyId: keep(workspace, { ...form, key, baseUrl, models }, userId), models: models.filter(chats) };
  } catch (cause) {
    if (signal.aborted) return { ok: false, field: null, says: `${provider.name} didn’t answer in time. Try again.` };
    if (!(cause instanceof ProviderError)) throw cause;
    return {
      ok: false,
      field: cause.kind === 'wrong-key' || cause.kind === 'no-credit' ? 'key' : provider.needs.baseUrl ? 'baseUrl' : null,
      says: cause.says,
    };
  }
}

/** People paste the whole endpoint, or a slash too many; null for ''. */
function plainUrl(pasted: string): string | null {
  const url = pasted
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/(chat\/completions|models|messages)$/, '');
  return url === '' ? null : url;
}

function fingerprintOf(workspace: Workspace, provider: string, key: Secret, baseUrl: string | null): string {
  return workspace.hash('provider key', provider, baseUrl ?? '', key.reveal()).toString('hex');
}

function knownAs(workspace: Workspace, provider: string, key: Secret, baseUrl: string | null): string | undefined {
  const same = and(eq(providerKeys.fingerprint, fingerprintOf(workspace, provider, key, baseUrl)), isNull(providerKeys.removedAt));
  return workspace.db.select({ name: providerKeys.name }).from(providerKeys).where(same).get()?.name;
}

interface CheckedKey {
  provider: NewKey['provider'];
  name: string;
  key: Secret | null;
  baseUrl: string | null;
  models: Model[];
}

function keep(workspace: Workspace, { provider, name, key, baseUrl, models }: CheckedKey, userId: number | 'system'): number {
  const at = workspace.clock.now();
  return workspace.durable(() => {
    const { id } = workspace.db
      .insert(providerKeys)
      .values({
        provider,
        name: name.trim() || nameOf(provider, baseUrl),
        baseUrl,
        lastFour: key?.lastFour() ?? null,
        fingerprint: key && fingerprintOf(workspace, provider, key, baseUrl),
        models,
        refusedFields: [],
        status: 'works',
        checkedAt: at,
        createdAt: at,
      })
      .returning({ id: providerKeys.id })
      .get();
    // The seal names the row, so the row comes first.
    if (key)
      workspace.db
        .update(providerKeys)
        .set({ keySealed: workspace.seal(placeOf(id), key) })
        .where(eq(providerKeys.id, id))
        .run();
    audit(workspace, {
      actor: userId,
      action: 'key.added',
      subject: `provider key ${id}`,
      detail: { provider, host: URL.parse(baseUrl ?? vendorUrls[provider] ?? '')?.host ?? null },
    });
    return id;
  });
}

function nameOf(provider: NewKey['provider'], baseUrl: string | null): string {
  const host = URL.parse(baseUrl ?? '')?.host;
  return provider === 'compatible' && host ? host : providers[provider].name;
}
