/** An order service for tests, and tools of a workspace that ask it. */
import assert from 'node:assert/strict';
import type http from 'node:http';
import { saveTool, toolForm } from '../../src/tools/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { httpSimulator, type HttpSimulator } from '../simulators/http.ts';

export interface OrderService extends HttpSimulator {
  /** Bodies that were sent, in order. */
  bodies: string[];
  /** Answers from now on; null is its own. */
  answers: http.RequestListener | null;
}

export async function orderService(): Promise<OrderService> {
  const bodies: string[] = [];
  const service: { answers: http.RequestListener | null } = { answers: null };
  const far = await httpSimulator((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      if (service.answers) return service.answers(request, response);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ order: { id: 17, status: 'on its way', email: 'leyla@example.com' }, path: request.url }));
    });
  });
  return Object.assign(service, far, { bodies });
}

type Row = [name: string, kind: string, required: 'yes' | 'no', about: string];

/** What the form sends, in which only what matters to a test has to be said. */
export function toolFields(
  url: string,
  more: { inputs?: Row[]; headers?: [string, string][]; [field: string]: unknown } = {},
): Record<string, unknown> {
  const { inputs = [['order', 'text', 'yes', 'The number of the order']], headers = [], ...fields } = more;
  return {
    title: 'Order status',
    description: 'Where an order is.',
    service: 'Aurora Orders',
    policyUrl: 'https://orders.example/privacy',
    method: 'GET',
    url,
    inputName: inputs.map(([name]) => name),
    inputKind: inputs.map(([, kind]) => kind),
    inputRequired: inputs.map(([, , required]) => required),
    inputAbout: inputs.map(([, , , about]) => about),
    headerName: headers.map(([name]) => name),
    headerValue: headers.map(([, value]) => value),
    pick: '',
    ...fields,
  };
}

/** Adds a tool by its form. Returns its id. */
export function addTool(ws: Workspace, url: string, more: Parameters<typeof toolFields>[1] = {}): number {
  const saved = saveTool(ws, { toolId: null, form: toolForm.parse(toolFields(url, more)), userId: 'system' });
  assert.ok(saved.ok, JSON.stringify(saved));
  return saved.toolId;
}
