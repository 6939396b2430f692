/** To whom data of people goes, read from what is set up at this moment. Nothing here opens a key or an address that is sealed. */
import { publishedOf, type BotVersion } from '../../bots/index.ts';
import { apiRootOf, fileRootOf, listChannels } from '../../channels/index.ts';
import { meaningFrom } from '../../knowledge/index.ts';
import { hearingModel, listKeys, type ListedKey } from '../../providers/index.ts';
import { listTools } from '../../tools/index.ts';
import type { Workspace } from '../../workspace.ts';

export interface Recipient {
  kind: 'AI provider' | 'channel' | 'mail server' | 'tool' | 'program' | 'browsers’ services';
  name: string;
  /** Where it goes; empty where each member's browser has a service of its own. */
  hosts: string[];
  what: string[];
  why: string[];
  /** Where they say what they do with data; null where nobody wrote it down. */
  policyUrl: string | null;
  /** The page of the workspace on which it is set. */
  page: string;
}

/** All of them, each once: those that read most come first. */
export function recipientsOf(ws: Workspace): Recipient[] {
  return [...providersOf(ws), ...channelsOf(ws), ...toolsOf(ws), ...programsOf(ws), ...mailOf(ws), ...browsersOf(ws)];
}

type LiveBot = Pick<BotVersion, 'settings'>;

function liveBots(ws: Workspace): LiveBot[] {
  const ids = ws
    .prepare('SELECT id FROM bots WHERE archived_at IS NULL AND published_version_id IS NOT NULL ORDER BY id')
    .pluck()
    .all() as number[];
  return ids.flatMap((id) => publishedOf(ws, id) ?? []);
}

function providersOf(ws: Workspace): Recipient[] {
  const bots = liveBots(ws);
  const finder = meaningFrom(ws)?.keyId;
  return listKeys(ws)
    .filter(({ host }) => host !== '')
    .map((key) => providerOf(ws, key, bots, finder === key.id));
}

function providerOf(ws: Workspace, key: ListedKey, bots: LiveBot[], finds: boolean): Recipient {
  const first = bots.filter(({ settings }) => settings.providerKeyId === key.id);
  const backup = bots.filter(
    ({ settings }) => settings.providerKeyId !== null && settings.backups.some((way) => way.providerKeyId === key.id),
  );
  const asked = [...new Set([...first, ...backup])];
  const reads = asked.some(({ settings }) => settings.readsDocuments || settings.seesPictures !== false);
  const hears = asked.some(({ settings }) => settings.hearsVoice) && hearingModel(ws, key.id) !== null;
  const what = [
    ...(asked.length > 0 ? ['what was said in the conversation, and the passages of your knowledge that fit it'] : []),
    ...(reads ? ['pictures and documents that customers send, where the bot opens them'] : []),
    ...(hears ? ['voice notes that customers send'] : []),
    ...(finds ? ['questions of customers, and your knowledge'] : []),
    ...(asked.length > 0 || finds
      ? []
      : ['nothing of customers as things are set; what your team types when it tries a bot with this key']),
  ];
  const why = [
    ...first.map(({ settings }) => `${settings.name} answers with ${settings.model}`),
    ...backup.map(({ settings }) => `${settings.name} asks it where the model before fails`),
    ...(finds ? ['to find passages by their meaning'] : []),
    ...(asked.length > 0 || finds ? [] : ['it is kept ready: no live bot uses it']),
  ];
  return { kind: 'AI provider', name: key.name, hosts: [key.host], what, why, policyUrl: null, page: 'keys' };
}

function channelsOf(ws: Workspace): Recipient[] {
  const { settings } = ws.installation;
  return listChannels(ws).flatMap((channel): Recipient[] => {
    const roots = [apiRootOf(channel.kind, settings, channel.settings), fileRootOf(channel.kind, settings)];
    const hosts = [...new Set(roots.flatMap((root) => URL.parse(root)?.host ?? []))];
    // A widget's customers speak with this server itself.
    if (hosts.length === 0) return [];
    const what = ['both sides of each conversation on it, with files', 'whom you answer, as it names them'];
    const why = ['your customers write to you there'];
    return [{ kind: 'channel', name: channel.title, hosts, what, why, policyUrl: null, page: `channels/${channel.id}` }];
  });
}

/** A service is one recipient, however many tools it has. */
function toolsOf(ws: Workspace): Recipient[] {
  const used = new Set(liveBots(ws).flatMap(({ settings }) => settings.tools));
  const services = new Map<string, Recipient>();
  for (const { id, service, title, action, policyUrl, serverId } of listTools(ws).filter((tool) => used.has(tool.id))) {
    const names = 'inputs' in action ? action.inputs.map(({ name }) => name) : [];
    const host = URL.parse('url' in action ? action.url : serverUrl(ws, serverId))?.host ?? '';
    const known = services.get(`${service} ${host}`);
    const what = names.length > 0 ? `for “${title}”: ${names.join(', ')}` : `for “${title}”: what the bot fills in`;
    const why = `a bot may use “${title}”`;
    if (known) {
      known.what.push(what);
      known.why.push(why);
    } else {
      const page = serverId === null ? `tools/${id}` : 'tools';
      services.set(`${service} ${host}`, { kind: 'tool', name: service, hosts: [host], what: [what], why: [why], policyUrl, page });
    }
  }
  return [...services.values()];
}

function serverUrl(ws: Workspace, serverId: number | null): string {
  return (ws.prepare('SELECT url FROM tool_servers WHERE id = ?').pluck().get(serverId) as string | undefined) ?? '';
}

function programsOf(ws: Workspace): Recipient[] {
  const rows = ws.prepare('SELECT name, host FROM hooks ORDER BY id').all() as { name: string; host: string }[];
  const what = [
    'that a customer waits, and where',
    'what a bot asked a customer for, such as name and e-mail',
    'notices of budgets and tests',
  ];
  return rows.map(({ name, host }) => ({
    kind: 'program',
    name,
    hosts: [host],
    what,
    why: ['you want it to be told'],
    policyUrl: null,
    page: 'settings/hooks',
  }));
}

function mailOf(ws: Workspace): Recipient[] {
  const host = ws.prepare('SELECT host FROM mail_server WHERE id = 1').pluck().get() as string | undefined;
  if (host === undefined) return [];
  const what = ['addresses of your team, and that customers wait, without their names and words'];
  return [
    {
      kind: 'mail server',
      name: 'Your mail server',
      hosts: [host],
      what,
      why: ['it sends your mails'],
      policyUrl: null,
      page: 'settings/mail',
    },
  ];
}

function browsersOf(ws: Workspace): Recipient[] {
  const devices = ws.prepare('SELECT count(*) FROM push_devices').pluck().get() as number;
  if (devices === 0) return [];
  const what = ['that something came, sealed so that only the member’s browser can read it'];
  const why = [devices === 1 ? 'a member wants to be told in their browser' : `members want to be told in ${devices} browsers`];
  return [
    { kind: 'browsers’ services', name: 'The makers of your team’s browsers', hosts: [], what, why, policyUrl: null, page: 'alerts' },
  ];
}
