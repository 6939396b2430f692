/** Customers on WhatsApp, whose messages and receipts Meta posts. */
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel } from '../../../src/channels/index.ts';
import { MetaSimulator } from '../../../test/simulators/meta.ts';
import type { Asked } from '../../../test/simulators/meta-server.ts';
import type { SentOut } from '../../../test/simulators/meta-sends.ts';
import { bodyOf, changeOf, contactOf, messageOf, type Json } from '../../../test/simulators/meta-webhooks.ts';
import { Sends, thinkingMs, type CrashChannel, type Crowded } from './channel.ts';
import { MetaPosts } from './meta-posts.ts';

class SlowMeta extends MetaSimulator {
  readonly sends = new Sends();

  protected override answer(asked: Asked): unknown {
    const isSend = asked.path.endsWith('/messages') && !asked.text.includes('typing_indicator');
    return isSend ? this.sends.slowly(this.sent, () => super.answer(asked)) : super.answer(asked);
  }
}

export async function whatsappChannel(): Promise<CrashChannel & { token: string; url: string }> {
  const far = await new SlowMeta().start();
  far.token = `EAA${'w'.repeat(60)}`;
  const posts = new MetaPosts(far);

  function tell(crowd: Crowded, sent: SentOut): void {
    const told = (state: 'delivered' | 'read' | 'failed') => () =>
      crowd.ledger.receipts.push({ by: 'reference', id: sent.reference, state });
    const failed = { body: far.status(sent, 'failed', { errors: [{ code: 131026 }] }), taken: told('failed') };
    const arrived = [
      { body: far.status(sent, 'sent') },
      { body: far.status(sent, 'delivered'), taken: told('delivered') },
      { body: far.status(sent, 'read'), taken: told('read') },
    ];
    void posts.tell(crowd, Math.random() < 0.05 ? [failed] : arrived);
  }

  return {
    kind: 'whatsapp',
    token: far.token,
    url: far.url,
    environment: {},
    async furnish(ws, botId) {
      posts.publicId = (await addChannel(ws, { kind: 'whatsapp', settings: far.settings, botId, userId: null })).publicId;
    },
    async customer(crowd, number, messages) {
      far.sends.onSent = (place) => far.sent.slice(place).forEach((sent) => tell(crowd, sent));
      const who = { name: `Customer ${number}`, phone: `49151${String(number).padStart(7, '0')}`, userId: `DE.${number}` };
      far.wrote(who);
      const bodyWith = (...said: Json[]) => bodyOf(far, changeOf(far, { contacts: [contactOf(who)], messages: said }));
      for (let n = 0; n < messages && !crowd.over(); n++) {
        const texts = Array.from({ length: Math.random() < 0.3 ? 2 : 1 }, () => crowd.ledger.next(`number ${number}`));
        const said = texts.map((text) => messageOf(who, text, Date.now()));
        if (Math.random() < 0.1) far.fail('messages', { code: 131056 });
        if (Math.random() < 0.1) far.fail('messages', { cut: 'after' });
        // Two in one body, or each in its own, the later one first.
        if (Math.random() < 0.5) await posts.deliver(crowd, bodyWith(...said));
        else await Promise.all(said.toReversed().map((one) => posts.deliver(crowd, bodyWith(one))));
        crowd.ledger.heard('whatsapp', ...texts);
        await pause(thinkingMs());
      }
      if (Math.random() < 0.1) await byHand(crowd, who);
    },
    sending: () => far.sends.underWay,
    reached: () => far.sent.map(({ to, text }) => ({ to, text })),
    isWaiting: () => posts.untold > 0,
    again: (crowd) => posts.again(crowd),
    end: () => far.stop(),
  };

  /** The owner answers on the phone. */
  async function byHand(crowd: Crowded, { phone, userId }: { phone: string; userId: string }): Promise<void> {
    const text = crowd.ledger.nextByHand();
    const echo = { ...messageOf({ name: '' }, text, Date.now()), to: phone, to_user_id: userId };
    await posts.deliver(crowd, bodyOf(far, changeOf(far, { message_echoes: [echo] }, 'smb_message_echoes')));
    crowd.ledger.byHand.push(text);
  }
}
