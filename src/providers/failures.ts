/** What a failure of a provider means for what is asked next, by its kind. */
import type { ProviderErrorKind } from './provider.ts';

const MAY_PASS: readonly ProviderErrorKind[] = ['rate', 'overloaded', 'silent', 'unreachable', 'broken'];
const TURNED_DOWN: readonly ProviderErrorKind[] = ['no-sight', 'wrong-key', 'no-credit', 'no-model', 'rate', 'overloaded', 'unreachable'];

/** The same may be answered a little later. */
export const mayPass = (kind: ProviderErrorKind): boolean => MAY_PASS.includes(kind);

/** Turned down before anything was read: such a call costs nothing. */
export const isTurnedDown = (kind: ProviderErrorKind): boolean => TURNED_DOWN.includes(kind);
