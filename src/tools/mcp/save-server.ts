/** Adds an MCP server, changes what is said of it, chooses its tools, removes it. */
import { and, eq, isNull } from '../../db/drizzle.ts';
import { tools, toolServers } from '../../db/schema/workspace.ts';
import { Secret } from '../../lib/secret.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { freeName, removeTool } from '../save-tool.ts';
import type { OfferedTool } from './mcp-action.ts';
import type { McpTool } from '../tools.queries.ts';
import { tokenPlace, toolsOfServer, type ToolServer } from './servers.queries.ts';

export interface ServerForm {
  name: string;
  service: string;
  policyUrl: string;
  /** '' keeps the one that is there. */
  token: string;
}

/** It was reached, and offers these. Returns its id. */
export function addServer(ws: Workspace, form: ServerForm & { url: string }, offered: OfferedTool[], userId: number): number {
  const { name, service, policyUrl, url, token } = form;
  return ws.durable(() => {
    const at = ws.clock.now();
    const row = { name, service, policyUrl, url, offered, checkedAt: at, createdAt: at };
    const { id } = ws.db.insert(toolServers).values(row).returning({ id: toolServers.id }).get();
    sealToken(ws, id, token);
    audit(ws, { actor: userId, action: 'tool-server.added', subject: `tool server ${id}`, detail: { host: URL.parse(url)?.host ?? null } });
    return id;
  });
}

/** Not its address: a token that was sealed for one place goes to no other. */
export function editServer(ws: Workspace, { id }: ToolServer, { name, service, policyUrl, token }: ServerForm, userId: number): void {
  ws.durable(() => {
    ws.db.update(toolServers).set({ name, service, policyUrl }).where(eq(toolServers.id, id)).run();
    ws.db.update(tools).set({ service, policyUrl }).where(eq(tools.serverId, id)).run();
    sealToken(ws, id, token);
    audit(ws, { actor: userId, action: 'tool-server.edited', subject: `tool server ${id}`, detail: { token: token !== '' } });
  });
}

function sealToken(ws: Workspace, id: number, token: string): void {
  if (token === '') return;
  const tokenSealed = ws.seal(tokenPlace(id), new Secret(token));
  ws.db.update(toolServers).set({ tokenSealed }).where(eq(toolServers.id, id)).run();
}

export interface Choice {
  /** Marks of those that bots may be allowed, and of those that change something. */
  use: readonly string[];
  changes: readonly string[];
}

/** False when the server doesn't offer them as they were shown: then nothing is changed. */
export function chooseTools(ws: Workspace, server: ToolServer, { use, changes }: Choice, userId: number): boolean {
  if (use.some((hash) => !server.offered.some((each) => each.hash === hash))) return false;
  const kept = toolsOfServer(ws, server.id);
  ws.durable(() => {
    for (const each of server.offered) {
      const before = kept.find(({ action }) => action.tool === each.tool);
      if (use.includes(each.hash)) approve(ws, server, { each, before, changes: changes.includes(each.hash) }, userId);
      // One that is off only stays so: it is nobody's choice that it isn't ticked.
      else if (before?.offWhy === null) removeTool(ws, before.id, userId);
    }
  });
  return true;
}

interface Approved {
  each: OfferedTool;
  before: McpTool | undefined;
  changes: boolean;
}

function approve(ws: Workspace, server: ToolServer, { each, before, changes }: Approved, userId: number): void {
  const at = ws.clock.now();
  // Chosen again as it was: what waits for a person's word is still what it does.
  const same = before?.action.hash === each.hash && before.changes === changes;
  const { tool, parameters, hash, title } = each;
  const description = each.description === '' ? title : each.description;
  const { service, policyUrl } = server;
  const values = {
    title,
    description,
    changes,
    service,
    policyUrl,
    action: { tool, parameters, hash },
    offWhy: null,
    updatedAt: same ? before.updatedAt : at,
  };
  const id =
    before?.id ??
    ws.db
      .insert(tools)
      .values({ ...values, name: freeName(ws, tool), serverId: server.id, createdAt: at })
      .returning({ id: tools.id })
      .get().id;
  ws.db.update(tools).set(values).where(eq(tools.id, id)).run();
  audit(ws, {
    actor: userId,
    action: before === undefined ? 'tool.added' : 'tool.edited',
    subject: `tool ${id}`,
    detail: { host: URL.parse(server.url)?.host ?? null, changes },
  });
}

/** Its tools go with it, and its token is wiped. */
export function removeServer(ws: Workspace, { id }: ToolServer, userId: number): void {
  ws.durable(() => {
    for (const tool of toolsOfServer(ws, id)) removeTool(ws, tool.id, userId);
    const gone = { removedAt: ws.clock.now(), tokenSealed: null, offered: [], trouble: null };
    ws.db
      .update(toolServers)
      .set(gone)
      .where(and(eq(toolServers.id, id), isNull(toolServers.removedAt)))
      .run();
    audit(ws, { actor: userId, action: 'tool-server.removed', subject: `tool server ${id}` });
  });
}
