import { businessOf } from '../../accounts/index.ts';
import { isSigned } from '../../vault/seal.ts';
import type { Workspace } from '../../workspace.ts';
import { requestsToProve } from './requests.ts';

/** What was done, without anything of whom it was done for. Times in ISO 8601, UTC. */
export interface Certificate {
  version: 1;
  request: string;
  business: string;
  askedBy: 'member' | 'contact';
  receivedAt: string;
  purgedAt: string;
  /** When the database's file was written anew without what had been deleted. */
  fileWrittenAnewAt: string;
  /** Rows by table, as they were when the purge began. */
  rows: Record<string, number>;
  /** The entry in the ledger of what must stay deleted. */
  ledgerEntry: number | null;
}

/** A certificate as it is handed out: the signature is over `text`, byte by byte. */
export interface SignedCertificate {
  text: string;
  key: string;
  signature: string;
}

/** Whether deleted rows wait for the file to be written anew: freed pages keep parts of what stood in them. */
export function waitsForProof(ws: Workspace): boolean {
  return requestsToProve(ws).length > 0;
}

/** The file was written anew: what was purged before has its certificate. */
export function certify(ws: Workspace): void {
  const now = ws.clock.now();
  const keep = ws.prepare('UPDATE privacy_requests SET certificate = ? WHERE id = ?');
  for (const { id, publicId, askedBy, receivedAt, purgedAt, counts, ledgerN } of requestsToProve(ws)) {
    const certificate: Certificate = {
      version: 1,
      request: publicId,
      business: businessOf(ws).name,
      askedBy,
      receivedAt: new Date(receivedAt).toISOString(),
      purgedAt: new Date(purgedAt ?? now).toISOString(),
      fileWrittenAnewAt: new Date(now).toISOString(),
      rows: JSON.parse(counts ?? '{}') as Record<string, number>,
      ledgerEntry: ledgerN,
    };
    const text = JSON.stringify(certificate);
    ws.durable(() => keep.run(JSON.stringify({ text, ...ws.installation.vault.sign(text) } satisfies SignedCertificate), id));
  }
}

/** Whether nothing of it was changed since it was signed; and by whose key is for the reader to compare. */
export function isGenuine({ text, key, signature }: SignedCertificate): boolean {
  return isSigned(text, { key, signature });
}
