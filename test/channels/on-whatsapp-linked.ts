import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel, channelAccess, startListening, type DeviceChange, type Listening, type OnEvents } from '../../src/channels/index.ts';
import { deviceStore, linkStep } from '../../src/channels/device-store.ts';
import { eq } from '../../src/db/drizzle.ts';
import { channels } from '../../src/db/schema/workspace.ts';
import { receiveEvents } from '../../src/conversations/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { WhatsappLinkedSimulator } from '../simulators/whatsapp-linked.ts';
import type { Person } from '../simulators/whatsapp-linked-person.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';

type Row = typeof channels.$inferSelect;

const QUICK = { firstMs: 5, capMs: 20 };
const store: OnEvents = (ws, channelId, events, state) => receiveEvents(ws, channelId, events, { state });

interface Linked {
  far: WhatsappLinkedSimulator;
  /** All that the device is known by. */
  values: DeviceChange[];
}

/** A phone is linked once for all: that costs more than what most tests do with it. */
let linkedOnce: Promise<Linked> | null = null;

async function linkOnce(): Promise<Linked> {
  const aurora = await OnWhatsappLinked.open();
  const device = deviceStore(aurora.ws, aurora.channelId);
  const values = new Map<string, DeviceChange>();
  const { set } = device;
  device.set = (changes) => {
    set(changes);
    for (const change of changes) values.set(`${change.kind} ${change.id}`, change);
  };
  await aurora.link();
  await aurora.end();
  return { far: aurora.far, values: [...values.values()].filter(({ value }) => value !== null) };
}

/** Café Aurora with a stand-in of WhatsApp, and a channel that waits for the phone. */
export class OnWhatsappLinked {
  readonly far: WhatsappLinkedSimulator;
  readonly test: TestInstallation;
  readonly ayse: Person;
  ws: Workspace;
  channelId: number;
  listening: Listening | null = null;
  #picture = '';

  static async open(settings: Record<string, unknown> = {}, before?: Linked): Promise<OnWhatsappLinked> {
    const far = await new WhatsappLinkedSimulator(before?.far).start();
    const test = await testInstallation({ env: { WHATSAPP_WEB_ROOT: far.url, WHATSAPP_FILE_ROOT: far.url } });
    const ws = test.installation.workspaces.hold(cafeAurora(test.installation)).workspace;
    const { id } = await addChannel(ws, { kind: 'whatsapp-linked', settings, botId: null, userId: null });
    return new OnWhatsappLinked(far, test, ws, id);
  }

  /** The same, with a phone that is linked, and listened to. */
  static async linked(settings: Record<string, unknown> = {}): Promise<OnWhatsappLinked> {
    const before = await (linkedOnce ??= linkOnce());
    const aurora = await OnWhatsappLinked.open(settings, before);
    const device = deviceStore(aurora.ws, aurora.channelId);
    device.set(before.values);
    assert.equal(device.linked({ accountId: before.far.owner.phone, name: `+${before.far.owner.phone}` }), null);
    aurora.listen();
    await aurora.untilRow(({ status }) => status === 'connected');
    return aurora;
  }

  private constructor(far: WhatsappLinkedSimulator, test: TestInstallation, ws: Workspace, channelId: number) {
    this.far = far;
    this.test = test;
    this.ws = ws;
    this.channelId = channelId;
    this.ayse = far.customer({ phone: '491701234567', lid: '5550001', name: 'Ayşe Demir' });
  }

  listen(onEvents: OnEvents = store, backoff = QUICK): void {
    this.listening = startListening(this.test.installation, onEvents, backoff);
    this.listening.begin(this.ws);
  }

  /** Listens, and the owner scans the picture. */
  async link(): Promise<void> {
    this.listen();
    await this.scan();
    await this.untilRow(({ status, accountId }) => status === 'connected' && accountId !== null);
  }

  /** Waits for a new picture, and scans it. */
  async scan(): Promise<void> {
    const shown = await this.until(() => {
      const step = linkStep(this.ws, this.channelId);
      return step?.kind === 'picture' && step.text !== this.#picture ? step.text : null;
    });
    this.#picture = shown;
    this.far.scan(shown);
  }

  row(): Row {
    return this.ws.db.select().from(channels).where(eq(channels.id, this.channelId)).get() ?? assert.fail('the channel is there');
  }

  untilRow(holds: (row: Row) => boolean): Promise<Row> {
    return this.until(() => (holds(this.row()) ? this.row() : null));
  }

  async until<T>(look: () => T | null): Promise<T> {
    for (let waited = 0; waited < 10_000; waited += 5) {
      const found = look();
      if (found !== null) return found;
      await pause(5);
    }
    return assert.fail(`it didn’t come about: ${JSON.stringify(this.row())}`);
  }

  opened(signal: AbortSignal = AbortSignal.timeout(10_000)) {
    return channelAccess(this.ws, this.channelId, signal);
  }

  send(text: string, more: { reference?: string; signal?: AbortSignal; recipient?: string; thread?: string } = {}) {
    const { kind, access } = this.opened(more.signal);
    const { reference = 'dl_23456789abcdefghijkm', recipient = this.ayse.lidJid, thread = 'direct' } = more;
    return kind.send(access, { thread, recipient, reference, attempt: 1, author: 'bot', kind: 'text', text });
  }

  /** What customers' messages say that are stored, in order. */
  texts(): string[] {
    return this.ws.prepare("SELECT text FROM messages WHERE author = 'customer' ORDER BY id").pluck().all() as string[];
  }

  count(table: 'device_values' | 'contacts' | 'conversations' | 'messages' | 'unrecognised'): number {
    return this.ws.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  }

  /** The process ends and begins again. */
  async restart(): Promise<void> {
    await this.listening?.stop();
    this.listening = null;
    const installation = await this.test.reopen();
    this.ws = installation.workspaces.hold(this.ws.id).workspace;
  }

  async end(): Promise<void> {
    await this.listening?.stop();
    await this.test.end();
    await this.far.stop();
  }
}
