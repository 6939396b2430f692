/** The pages of tools: what they show. */
import { wordText } from '../web/formats.ts';
import type { Workspace } from '../workspace.ts';
import { FILLS } from './fills.ts';
import { METHODS, most, originOf, type HttpAction } from './http-action.ts';
import { listServers } from './mcp/servers.queries.ts';
import { typedTool } from './save-tool.ts';
import { isHttp, listTools, type HttpTool } from './tools.queries.ts';
import type { Tried } from './try-tool.ts';

const MORE_ROWS = 3;

const KIND_WORDS: Record<HttpAction['inputs'][number]['kind'], string> = {
  text: 'Text',
  number: 'Number',
  integer: 'Whole number',
  'yes-no': 'Yes or no',
  choice: 'A choice',
  described: 'As its file says',
  filled: 'Filled in by us',
};

export function toolsPage(ws: Workspace): object {
  const servers = listServers(ws);
  const hosts = new Map(servers.map(({ id, url }) => [id, URL.parse(url)?.host ?? '']));
  const tools = listTools(ws).map((tool) => {
    const { id, title, name, changes, service, policyUrl, serverId, offWhy } = tool;
    const about = { title, name, changes, service, policyUrl, off: offWhy !== null };
    return isHttp(tool)
      ? { ...about, href: `tools/${id}`, asks: `${tool.action.method} ${URL.parse(originOf(tool.action.url) ?? '')?.host ?? ''}` }
      : { ...about, href: `tools/servers/${serverId}`, asks: `MCP ${hosts.get(serverId ?? 0) ?? ''}` };
  });
  const n = tools.length;
  return {
    tools,
    servers: servers.map(({ id, name, url, trouble, offered }) => ({
      id,
      name,
      host: URL.parse(url)?.host ?? '',
      trouble,
      offers: offered.length,
    })),
    line: n === 0 ? 'No bot can do anything yet but answer.' : `Bots can be allowed ${wordText(n)} ${n === 1 ? 'tool' : 'tools'}.`,
  };
}

/** A form with what was typed, or is kept, and some empty rows. */
export function toolForPage(tool: HttpTool | null, typed: Record<string, unknown> | null, errors: Record<string, string>): object {
  const form = typed ?? (tool ? typedTool(tool) : { method: 'GET' });
  const list = (field: string): string[] => (form[field] === undefined ? [] : [form[field]].flat().map(String));
  const names = list('inputName');
  const rows = [...names.keys(), ...Array.from({ length: MORE_ROWS }, (_, more) => names.length + more)].slice(0, most.inputs);
  const [kinds, required, about] = [list('inputKind'), list('inputRequired'), list('inputAbout')];
  const headerNames = list('headerName');
  return {
    tool,
    form,
    errors,
    methods: METHODS.map((value) => ({ value, label: value })),
    inputs: rows.map((at) => ({
      nth: at + 1,
      name: names[at] ?? '',
      about: about[at] ?? '',
      kinds: Object.entries(KIND_WORDS)
        .filter(([value]) => value !== 'described' || kinds[at] === 'described')
        .map(([value, label]) => ({ value, label, selected: (kinds[at] ?? 'text') === value })),
      optional: required[at] === 'no',
    })),
    headers: [...headerNames, '', '']
      .slice(0, most.headers)
      .map((name, at) => ({ nth: at + 1, name, kept: name !== '' && tool?.action.headers.includes(name) })),
    fills: FILLS.map(({ name, about }) => ({ braced: `{{${name}}}`, about })),
  };
}

/** What is typed to try it, and what came of that. */
export function tryPage(tool: HttpTool, values: readonly string[], tried: Tried | string | null): object {
  return {
    tryInputs: tool.action.inputs.map(({ name, kind, about, choices, value, required }, at) => ({
      name,
      typed: values[at] ?? '',
      required: required || kind === 'filled',
      hint:
        kind === 'choice'
          ? choices.join(', ')
          : kind === 'filled'
            ? `In a conversation: ${value}`
            : kind === 'yes-no'
              ? 'yes or no'
              : about,
    })),
    wrong: typeof tried === 'string' ? tried : null,
    tried: tried === null || typeof tried === 'string' ? null : triedView(tried),
  };
}

function triedView({ state, says, sent, headers, result, ms }: Tried): object {
  return {
    kind: state === 'done' ? 'well' : 'failed',
    state: state === 'done' ? 'It works' : state === 'uncertain' ? 'Uncertain' : 'It failed',
    says,
    ms,
    request: sent === null ? '' : [`${sent.method} ${sent.url}`, ...headers, ...(sent.body === null ? [] : ['', sent.body])].join('\n'),
    result,
  };
}
