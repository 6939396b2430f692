/** Customers on Messenger or Instagram: what is sent to them comes back as an echo, and is told to be delivered and read. */
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel } from '../../../src/channels/index.ts';
import { MetaMessagingSimulator, type Messaging } from '../../../test/simulators/meta-messaging.ts';
import { entryOf, itemOf, messageIn, messagingBody } from '../../../test/simulators/meta-messaging-webhooks.ts';
import type { Asked } from '../../../test/simulators/meta-server.ts';
import type { Json } from '../../../test/simulators/meta-webhooks.ts';
import { Sends, thinkingMs, type CrashChannel, type Crowded } from './channel.ts';
import { MetaPosts } from './meta-posts.ts';

class SlowMessaging extends MetaMessagingSimulator {
  readonly sends = new Sends();

  protected override answer(asked: Asked): unknown {
    const isSend = asked.path.endsWith('/messages') && !asked.text.includes('sender_action');
    return isSend ? this.sends.slowly(this.sent, () => super.answer(asked)) : super.answer(asked);
  }
}

export async function messagingChannel(product: 'messenger' | 'instagram'): Promise<CrashChannel & { token: string; url: string }> {
  const far = await new SlowMessaging({ product, login: product === 'instagram' ? 'instagram' : 'facebook' }).start();
  far.token = `EAA${product.slice(0, 1).repeat(60)}`;
  const posts = new MetaPosts(far);

  function tell(crowd: Crowded, sent: Messaging): void {
    const delivered = { delivery: { mids: [sent.mid], watermark: Date.now() } };
    const read = product === 'messenger' ? { read: { watermark: Date.now() } } : { read: { mid: sent.mid } };
    const state = product === 'messenger' ? 'delivered' : 'read';
    const taken = () => crowd.ledger.receipts.push({ by: 'external_id', id: sent.mid, state });
    void posts.tell(crowd, [
      { body: far.echoOf(sent) },
      ...(product === 'messenger' ? [{ body: far.does(sent.to, delivered), taken }] : []),
      { body: far.does(sent.to, read), ...(product === 'instagram' ? { taken } : {}) },
    ]);
  }

  return {
    kind: product,
    token: far.token,
    url: far.url,
    environment: product === 'instagram' ? { INSTAGRAM_API_ROOT: far.url } : {},
    async furnish(ws, botId) {
      posts.publicId = (await addChannel(ws, { kind: product, settings: far.settings, botId, userId: null })).publicId;
    },
    async customer(crowd, number, messages) {
      far.sends.onSent = (place) => far.sent.slice(place).forEach((sent) => tell(crowd, sent));
      const who = String(75_123_400_000 + number);
      far.names.set(who, `Customer ${number}`);
      far.wrote(who);
      const item = (text: string): Json => itemOf(far, who, Date.now(), messageIn(text));
      const bodyWith = (...items: Json[]) => messagingBody(far, entryOf(far, Date.now(), items));
      for (let n = 0; n < messages && !crowd.over(); n++) {
        const texts = Array.from({ length: Math.random() < 0.3 ? 2 : 1 }, () => crowd.ledger.next(`${product} ${number}`));
        if (Math.random() < 0.1) far.fail('messages', { cut: 'after' });
        if (Math.random() < 0.05) far.fail('messages', { code: 2, status: 500 });
        if (Math.random() < 0.5) await posts.deliver(crowd, bodyWith(...texts.map(item)));
        else await Promise.all(texts.toReversed().map((text) => posts.deliver(crowd, bodyWith(item(text)))));
        crowd.ledger.heard(product, ...texts);
        await pause(thinkingMs());
      }
      if (Math.random() < 0.1) {
        const text = crowd.ledger.nextByHand();
        await posts.deliver(crowd, far.goesOut(who, { text }));
        crowd.ledger.byHand.push(text);
      }
    },
    sending: () => far.sends.underWay,
    reached: () => far.sent.map(({ to, text }) => ({ to, text })),
    isWaiting: () => posts.untold > 0,
    again: (crowd) => posts.again(crowd),
    end: () => far.stop(),
  };
}
