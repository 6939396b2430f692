import { and, eq, isNull } from '../db/drizzle.ts';
import { tools } from '../db/schema/workspace.ts';
import { OutboundError } from '../lib/outbound.ts';
import { Secret } from '../lib/secret.ts';
import { audit } from '../web/audit.ts';
import type { Workspace } from '../workspace.ts';
import { originOf, type HttpAction } from './http-action.ts';
import { readAction, type ToolForm } from './tool-form.ts';
import { headersOf, httpToolById, placeOf, type HttpTool } from './tools.queries.ts';

export type Saved = { ok: true; toolId: number } | { ok: false; errors: Record<string, string> };

/** Adds an action, or changes one: bots that may call it call it so from now on. A header left empty keeps its value. */
export function saveTool(
  ws: Workspace,
  { toolId, form, userId }: { toolId: number | null; form: ToolForm; userId: number | 'system' },
): Saved {
  const before = toolId === null ? undefined : httpToolById(ws, toolId);
  const read = readAction(form, before?.action ?? null);
  if (!read.ok) return read;
  const unreachable = objectionTo(ws, form.url);
  if (unreachable !== undefined) return { ok: false, errors: { url: unreachable } };
  const headers = withKept(read.headers, before ? headersOf(ws, before) : {});
  const empty = Object.keys(headers).find((name) => headers[name] === '');
  if (empty !== undefined) return { ok: false, errors: { headers: `“${empty}” has no value.` } };
  // A value that was sealed for one place goes to no other: whoever moves an action types it again.
  if (before && originOf(before.action.url) !== originOf(form.url) && Object.keys(read.headers).some((name) => read.headers[name] === ''))
    return { ok: false, errors: { headers: 'The address is another now: type the values again that go there.' } };
  const { title, description, service, policyUrl, changes } = form;
  return ws.durable(() => {
    const at = ws.clock.now();
    const values = { title, description, service, policyUrl, changes, action: read.action, updatedAt: at };
    const id = before
      ? before.id
      : ws.db
          .insert(tools)
          .values({ ...values, name: freeName(ws, title), createdAt: at })
          .returning({ id: tools.id })
          .get().id;
    const headersSealed = Object.keys(headers).length === 0 ? null : ws.seal(placeOf(id), new Secret(JSON.stringify(headers)));
    ws.db
      .update(tools)
      .set({ ...values, headersSealed })
      .where(eq(tools.id, id))
      .run();
    audit(ws, {
      actor: userId,
      action: before ? 'tool.edited' : 'tool.added',
      subject: `tool ${id}`,
      detail: { host: URL.parse(originOf(form.url) ?? '')?.host ?? null, changes },
    });
    return { ok: true, toolId: id };
  });
}

export interface NewTools {
  operations: readonly { title: string; description: string; action: HttpAction }[];
  service: string;
  policyUrl: string;
  /** Goes along with all of them; '' for none. */
  header: { name: string; value: string };
  userId: number;
}

/** Adds several actions of one service, as its file describes them. All but those that only get something change something. */
export function addTools(
  ws: Workspace,
  { operations, service, policyUrl, header, userId }: NewTools,
): { says: string } | { added: number } {
  const refused = operations.map(({ action }) => objectionTo(ws, action.url)).find((says) => says !== undefined);
  if (refused !== undefined) return { says: refused };
  return ws.durable(() => {
    const at = ws.clock.now();
    for (const { title, description, action } of operations) {
      const changes = action.method !== 'GET';
      const own = { ...action, headers: header.name === '' ? [] : [header.name] };
      const row = { name: freeName(ws, title), title, description, service, policyUrl, changes, action: own, createdAt: at, updatedAt: at };
      const { id } = ws.db.insert(tools).values(row).returning({ id: tools.id }).get();
      const headersSealed = header.name === '' ? null : ws.seal(placeOf(id), new Secret(JSON.stringify({ [header.name]: header.value })));
      ws.db.update(tools).set({ headersSealed }).where(eq(tools.id, id)).run();
      audit(ws, {
        actor: userId,
        action: 'tool.added',
        subject: `tool ${id}`,
        detail: { host: URL.parse(originOf(action.url) ?? '')?.host ?? null, changes },
      });
    }
    return { added: operations.length };
  });
}

/** Why nothing may go there from this server; undefined where it may. Names are looked up when something goes out. */
export function objectionTo(ws: Workspace, url: string): string | undefined {
  try {
    ws.installation.outbound.to(originOf(url) ?? '');
    return undefined;
  } catch (error) {
    if (error instanceof OutboundError) return error.says;
    throw error;
  }
}

function withKept(typed: Record<string, string>, kept: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value === '' ? (kept[name] ?? '') : value]));
}

/** What our own tools are called. */
const OURS = ['hand_over', 'opening_hours', 'end_conversation'];

/** "Order status" → `order_status`, with a number behind it where that is taken. It stays when the title changes. */
export function freeName(ws: Workspace, title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_\d]+|_+$/g, '')
    .slice(0, 50);
  const taken = new Set([
    ...OURS,
    ...ws.db
      .select({ name: tools.name })
      .from(tools)
      .where(isNull(tools.removedAt))
      .all()
      .map(({ name }) => name),
  ]);
  const stem = plain === '' ? 'tool' : plain;
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem}_${n}`;
    if (!taken.has(name)) return name;
  }
}

/** Bots don't find it any more, and its secrets are wiped. False when there is none. */
export function removeTool(ws: Workspace, toolId: number, userId: number): boolean {
  return ws.durable(() => {
    const gone = ws.db
      .update(tools)
      .set({ removedAt: ws.clock.now(), headersSealed: null })
      .where(and(eq(tools.id, toolId), isNull(tools.removedAt)))
      .run();
    if (gone.changes > 0) audit(ws, { actor: userId, action: 'tool.removed', subject: `tool ${toolId}` });
    return gone.changes > 0;
  });
}

/** How a tool looks in its form; header values are shown nowhere. */
export function typedTool({ title, description, service, policyUrl, changes, action }: HttpTool): Record<string, unknown> {
  const { method, url, inputs, headers, pick } = action;
  return {
    title,
    description,
    service,
    policyUrl,
    changes,
    method,
    url,
    inputName: inputs.map(({ name }) => name),
    inputKind: inputs.map(({ kind }) => kind),
    inputRequired: inputs.map(({ required }) => (required ? 'yes' : 'no')),
    inputAbout: inputs.map(({ kind, about, choices, value }) =>
      kind === 'choice' ? choices.join(', ') : kind === 'filled' ? value : about,
    ),
    headerName: headers,
    pick: pick.join('\n'),
  };
}
