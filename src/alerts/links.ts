import type { Workspace } from '../workspace.ts';

/** A page of the workspace, as an address that works in a mail. */
export function linkTo(ws: Workspace, path: string): string {
  return `${ws.installation.settings.baseUrl}/w/${ws.id}/${path}`;
}
