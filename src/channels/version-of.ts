import type { ChannelRow } from './access.ts';

/** Another one when a setting or a secret was replaced: what an old token did says nothing of the new one. */
export function versionOf(row: Pick<ChannelRow, 'settings' | 'secretsSealed'>): string {
  return `${JSON.stringify(row.settings)} ${row.secretsSealed?.toString('base64')}`;
}
