import { once } from '../lib/once.ts';
import { OutboundError } from '../lib/outbound.ts';
import type { Secret } from '../lib/secret.ts';
import type { Workspace } from '../workspace.ts';
import { maskedProvider } from './masking/masked-provider.ts';
import { Masker } from './masking/masker.ts';
import { strictestRules } from './masking/rules-of.ts';
import { ProviderError, type AnswerRequest, type Provider, type ProviderAccess } from './provider.ts';
import { providers, vendorUrls } from './registry.ts';

export interface OpenProvider {
  /** To it goes only what is masked, and it gives back what was said. */
  provider: Provider;
  /** A request as it goes out, for the page that shows it; to `quote` it goes as it is, since it goes nowhere. */
  sent(request: AnswerRequest): AnswerRequest;
  /** Null for `quote`. */
  keyId: number | null;
  access: ProviderAccess;
  /** Where text goes, for the run's page; null for `quote`, with which it goes nowhere. */
  host: string | null;
}

interface KeyRow {
  provider: Provider['id'];
  base_url: string | null;
  key_sealed: Buffer | null;
  refused_fields: string;
  removed_at: number | null;
}

const SELECT = 'SELECT provider, base_url, key_sealed, refused_fields, removed_at FROM provider_keys WHERE id = ?';

/**
 * What one call to a provider needs, with the sealed key opened for it: let it go when the call is over. A null key is the
 * built-in `quote`. Without a masker it is masked by the strictest rules there are. Throws ProviderError for a key that was
 * removed or whose host is not allowed.
 */
export function openProvider(workspace: Workspace, keyId: number | null, signal: AbortSignal, given?: Masker): OpenProvider {
  if (keyId === null)
    return {
      provider: providers.quote,
      sent: (request) => request,
      keyId,
      access: accessTo(workspace, { provider: 'quote', baseUrl: null, key: null }, signal),
      host: null,
    };
  const row = workspace.prepare(SELECT).get(keyId) as KeyRow | undefined;
  if (!row || row.removed_at !== null)
    throw new ProviderError('wrong-key', 'The key of this bot was removed. Choose another one in its settings.');
  const key = row.key_sealed === null ? null : workspace.open(placeOf(keyId), row.key_sealed);
  const access = accessTo(workspace, { provider: row.provider, baseUrl: row.base_url, key }, signal);
  const refusedFields = JSON.parse(row.refused_fields) as string[];
  const remembered = { ...access, refusedFields, onRefusedField: (field: string) => remember(workspace, keyId, field) };
  const aside = (): Masker => new Masker(workspace, strictestRules(workspace), null);
  const masker = once(() => given ?? aside());
  return {
    provider: maskedProvider(providers[row.provider], masker, aside),
    sent: (request) => masker().request(request),
    keyId,
    access: remembered,
    host: URL.parse(access.baseUrl ?? '')?.host ?? null,
  };
}

/** The place a provider's key is sealed for. */
export function placeOf(keyId: number): { table: string; column: string; row: number } {
  return { table: 'provider_keys', column: 'key_sealed', row: keyId };
}

interface Target {
  provider: Provider['id'];
  baseUrl: string | null;
  key: Secret | null;
}

/** Access with a key that is not stored yet. Throws ProviderError when its host is not allowed. */
export function accessTo(workspace: Workspace, { provider, baseUrl, key }: Target, signal: AbortSignal): ProviderAccess {
  const url = baseUrl ?? vendorUrls[provider];
  return {
    key,
    baseUrl: url,
    fetch: url === null ? nowhere : wayTo(workspace, url),
    signal,
    refusedFields: [],
    onRefusedField: () => undefined,
  };
}

/** Longer than a provider's own limit on silence, which says what to do about it. */
const TIMEOUT_MS = 60_000;

function wayTo(workspace: Workspace, url: string): ProviderAccess['fetch'] {
  try {
    return workspace.installation.outbound.to(url, { timeoutMs: TIMEOUT_MS });
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    throw new ProviderError('unreachable', cause.says, { cause });
  }
}

function nowhere(): Promise<Response> {
  throw new ProviderError('unreachable', 'This provider reaches nothing.');
}

function remember(workspace: Workspace, keyId: number, field: string): void {
  workspace.write(() => {
    workspace
      .prepare(
        `UPDATE provider_keys SET refused_fields = json_insert(refused_fields, '$[#]', :field)
         WHERE id = :keyId AND NOT EXISTS (SELECT 1 FROM json_each(refused_fields) WHERE value = :field)`,
      )
      .run({ keyId, field });
  });
}
