import assert from 'node:assert/strict';
import {
  answerConversation,
  answerParked,
  attachmentReader,
  countFailures,
  recapTalk,
  takeLead,
  tellAway,
} from '../../src/answering/index.ts';
import { tellLead } from '../../src/alerts/index.ts';
import { createBot, publishDraft, saveDraft, type BotSettings } from '../../src/bots/index.ts';
import type { ChannelEvent } from '../../src/channels/index.ts';
import { deliverMessages, receiveEvents, type Received } from '../../src/conversations/index.ts';
import { gatherGap } from '../../src/insights/index.ts';
import { addText, closeSearch, readSource } from '../../src/knowledge/index.ts';
import type { BusEvent } from '../../src/lib/bus.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { anthropicSimulator } from '../simulators/anthropic.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import type { AiOptions, AiSimulator } from '../simulators/http-ai.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';
import { standInChannel, widgetChannel, type FarSide } from '../support/stand-in-channel.ts';

export interface Cast {
  test: TestInstallation;
  ws: Workspace;
  ai: AiSimulator;
  botId: number;
  /** The website chat: answers stream, no quiet time. */
  widget: number;
  /** A channel that hands over: quiet time of its own. */
  messenger: { id: number; far: FarSide };
  events: BusEvent[];
  set(changes: Partial<BotSettings>): void;
  write(text: string, more?: { channelId?: number; externalId?: string; name?: string; language?: string }): Promise<Received>;
  said(): { author: string; text: string; cut: boolean }[];
  runs(): {
    state: string;
    why: string | null;
    cost_micros: number | null;
    prompt: string;
    shown: string | null;
    input_tokens: number | null;
  }[];
  jobs(): { kind: string; lease: string | null; attempts: number }[];
  quiet(): Promise<void>;
  end(): Promise<void>;
}

const MODELS = { openai: 'gpt-5-mini', anthropic: 'claude-sonnet-4-5' } as const;
let next = 1;

/** Café Aurora with a bot on a stand-in of a provider, one source of knowledge, and both ways of being written to. */
export async function castOf(provider: 'openai' | 'anthropic' = 'openai', options: Pick<AiOptions, 'models'> = {}): Promise<Cast> {
  const test = await testInstallation();
  const ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
  const ai = await (provider === 'openai' ? openaiSimulator({ tokenMs: 5, ...options }) : anthropicSimulator({ tokenMs: 5, ...options }));
  const added = await addKey(ws, { provider, name: '', key: ai.key ?? '', baseUrl: ai.url }, 'system');
  assert.ok(added.ok, JSON.stringify(added));
  const { botId } = createBot(ws, {
    userId: null,
    settings: {
      name: 'Aurora',
      providerKeyId: added.keyId,
      model: added.models.find((model) => model.id === MODELS[provider])?.id ?? added.models[0]?.id ?? '',
    },
  });
  assert.equal(publishDraft(ws, { botId, userId: null }).problems, undefined);
  addText(ws, { title: 'Hours', text: 'We are open on Sunday from nine to seven.', by: null });
  const widget = widgetChannel(ws, { botId }).id;
  const messenger = standInChannel(ws, { botId });
  const events: BusEvent[] = [];
  ws.bus.subscribe('all', (event) => void events.push(event));
  await test.installation.jobs.start({
    answer: { run: answerConversation, attempts: 4, longestWaitMs: 8000, onParked: answerParked },
    deliver: { run: deliverMessages },
    'read-attachment': attachmentReader,
    'count-failures': { run: countFailures },
    'tell-away': { run: tellAway },
    'recap-talk': { run: recapTalk },
    'take-lead': { run: takeLead },
    'tell-lead': tellLead,
    'gather-gap': gatherGap,
    'read-source': readSource,
  });
  const all = <T>(sql: string): T[] => ws.sql.prepare(sql).all() as T[];
  const cast: Cast = {
    test,
    ws,
    ai,
    botId,
    widget,
    messenger,
    events,
    set(changes) {
      assert.equal(saveDraft(ws, { botId, changes, userId: null }).problems, undefined);
      assert.equal(publishDraft(ws, { botId, userId: null }).problems, undefined);
    },
    async write(text, more = {}) {
      const event: ChannelEvent = {
        type: 'message',
        thread: 'v',
        sender: { externalId: 'v', displayName: more.name ?? 'Leyla', ...(more.language ? { language: more.language } : {}) },
        externalId: more.externalId ?? `m${next++}`,
        saidAt: ws.clock.now(),
        parts: [{ kind: 'text', text }],
      };
      const [received] = await receiveEvents(ws, more.channelId ?? widget, [event]);
      assert.ok(received);
      return received;
    },
    said: () =>
      all<{ author: string; text: string; cut: number }>(
        "SELECT author, text, cut_off AS cut FROM messages WHERE author <> 'event' ORDER BY id",
      ).map((row) => ({ ...row, cut: row.cut === 1 })),
    runs: () => all('SELECT state, why, cost_micros, prompt, shown, input_tokens FROM runs ORDER BY id'),
    jobs: () => all("SELECT kind, lease, attempts FROM jobs WHERE kind NOT IN ('nobody-came', 'tell-team', 'tell-budget')"),
    quiet: () => eventually(() => assert.deepEqual(cast.jobs(), []), 6000),
    async end() {
      await test.end();
      await ai.close();
      await closeSearch();
    },
  };
  await cast.quiet();
  return cast;
}
