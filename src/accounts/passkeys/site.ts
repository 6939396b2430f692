import ipaddr from 'ipaddr.js';
import type { Installation } from '../../installation.ts';

export interface Site {
  /** The name that a passkey belongs to. */
  id: string;
  origin: string;
}

/**
 * What passkeys are bound to: where BASE_URL says that this server is. Undefined where no browser has them: without TLS
 * (but for localhost), and under a bare number.
 */
export function siteOf({ settings }: Pick<Installation, 'settings'>): Site | undefined {
  const { hostname, origin, protocol } = new URL(settings.baseUrl);
  if (ipaddr.isValid(hostname.replace(/^\[|\]$/g, ''))) return undefined;
  return protocol === 'https:' || hostname === 'localhost' ? { id: hostname, origin } : undefined;
}
