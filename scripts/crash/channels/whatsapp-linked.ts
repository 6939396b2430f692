/** Customers of an owner whose phone is linked: what they write waits at WhatsApp until the device says that it has it. */
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel, startListening } from '../../../src/channels/index.ts';
import { linkStep } from '../../../src/channels/device-store.ts';
import { receiveEvents } from '../../../src/conversations/index.ts';
import type { Workspace } from '../../../src/workspace.ts';
import { WhatsappLinkedSimulator } from '../../../test/simulators/whatsapp-linked.ts';
import { thinkingMs, type CrashChannel } from './channel.ts';

const LINKED_WITHIN_MS = 20_000;

export async function whatsappLinkedChannel(): Promise<CrashChannel> {
  const far = await new WhatsappLinkedSimulator().start();

  /** The owner scans the picture, as soon as there is one. */
  async function link(ws: Workspace, channelId: number): Promise<void> {
    const listening = startListening(ws.installation, (workspace, id, events, state) => receiveEvents(workspace, id, events, { state }));
    listening.begin(ws);
    const isLinked = ws.prepare("SELECT count(*) FROM channels WHERE id = ? AND status = 'connected' AND account_id <> ''").pluck();
    let scanned = false;
    for (const until = Date.now() + LINKED_WITHIN_MS; isLinked.get(channelId) === 0 && Date.now() < until; await pause(10)) {
      const step = linkStep(ws, channelId);
      if (scanned || step?.kind !== 'picture') continue;
      far.scan(step.text);
      scanned = true;
    }
    if (isLinked.get(channelId) === 0) throw new Error('the phone was not linked');
    await listening.stop();
  }

  return {
    kind: 'whatsapp-linked',
    environment: { WHATSAPP_WEB_ROOT: far.url, WHATSAPP_FILE_ROOT: far.url },
    async furnish(ws, botId) {
      const { id } = await addChannel(ws, { kind: 'whatsapp-linked', settings: {}, botId, userId: null });
      await link(ws, id);
    },
    async customer({ ledger, over }, number, messages) {
      const digits = String(number).padStart(7, '0');
      const who = far.customer({ phone: `49170${digits}`, lid: `555${digits}`, name: `Customer ${number}` });
      for (let n = 0; n < messages && !over(); n++) {
        const text = ledger.next(`phone ${number}`);
        // Seldom: who is cut off again and again waits longer each time, and nobody here has that long.
        if (Math.random() < 0.01) far.fail('cut');
        await far.say(who, text, { by: Math.random() < 0.5 ? 'lid' : 'number' });
        ledger.heard('whatsapp-linked', text);
        await pause(thinkingMs());
      }
      if (Math.random() < 0.1) {
        const text = ledger.nextByHand();
        await far.ownerSays(who, text);
        ledger.byHand.push(text);
      }
    },
    sending: () => 0,
    reached: () => far.sent.map(({ to, text }) => ({ to: to.lidJid, text })),
    isWaiting: () => far.waiting > 0,
    again: async () => far.redeliver(),
    end: () => far.stop(),
  };
}
