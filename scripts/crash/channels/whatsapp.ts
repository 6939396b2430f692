/**
 * Customers on WhatsApp: Meta posts what they say until it is taken, in whatever order, often twice, and tells what became
 * of what was sent to them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { addChannel } from '../../../src/channels/index.ts';
import { MetaSimulator } from '../../../test/simulators/meta.ts';
import type { Asked } from '../../../test/simulators/meta-server.ts';
import type { SentOut } from '../../../test/simulators/meta-sends.ts';
import { bodyOf, changeOf, contactOf, messageOf, type Json } from '../../../test/simulators/meta-webhooks.ts';
import { SEND_MS } from '../house.ts';
import { thinkingMs, untilTaken, type CrashChannel, type Crowded } from './channel.ts';

/** A send takes its time, with its effect in the middle. */
class SlowMeta extends MetaSimulator {
  sending = 0;
  onSent: (sent: SentOut) => void = () => undefined;

  protected override async answer(asked: Asked): Promise<unknown> {
    if (!asked.path.endsWith('/messages') || asked.text.includes('typing_indicator')) return super.answer(asked);
    this.sending++;
    try {
      await pause(SEND_MS / 2);
      const before = this.sent.length;
      const answer = super.answer(asked);
      for (const sent of this.sent.slice(before)) this.onSent(sent);
      await pause(SEND_MS / 2);
      return answer;
    } finally {
      this.sending--;
    }
  }
}

export async function whatsappChannel(): Promise<CrashChannel> {
  const far = await new SlowMeta().start();
  let publicId = '';
  let untold = 0;
  const posted: Json[] = [];

  async function deliver({ url }: Crowded, body: Json): Promise<void> {
    posted.push(body);
    const address = `${url}/webhooks/${publicId}`;
    await untilTaken(async () => ((await far.deliver(address, body)).at(-1) === 200 ? true : undefined));
    // Meta doesn't always hear the 200.
    if (Math.random() < 0.2) await far.deliver(address, body).catch(() => undefined);
  }

  /** All that Meta tells of what was sent: in whatever order, each until it is taken. */
  async function tell(crowd: Crowded, sent: SentOut): Promise<void> {
    untold++;
    const fails = Math.random() < 0.05;
    const states = fails ? (['failed'] as const) : (['sent', 'delivered', 'read'] as const);
    await Promise.all(
      states.map(async (state) => {
        await pause(Math.random() * 300);
        await deliver(crowd, far.status(sent, state, fails ? { errors: [{ code: 131026 }] } : {}));
        if (state !== 'sent') crowd.ledger.receipts.push({ reference: sent.reference, state });
      }),
    );
    untold--;
  }

  return {
    kind: 'whatsapp',
    environment: { META_API_ROOT: far.url, META_FILE_ROOT: far.url },
    async furnish(ws, botId) {
      publicId = (await addChannel(ws, { kind: 'whatsapp', settings: far.settings, botId, userId: null })).publicId;
    },
    async customer(crowd, number, messages) {
      far.onSent = (sent) => void tell(crowd, sent);
      const who = { name: `Customer ${number}`, phone: `49151${String(number).padStart(7, '0')}`, userId: `DE.${number}` };
      far.wrote(who);
      const bodyWith = (...said: Json[]) => bodyOf(far, changeOf(far, { contacts: [contactOf(who)], messages: said }));
      for (let n = 0; n < messages && !crowd.over(); n++) {
        const texts = Array.from({ length: Math.random() < 0.3 ? 2 : 1 }, () => crowd.ledger.next(`number ${number}`));
        const said = texts.map((text) => messageOf(who, text, Date.now()));
        if (Math.random() < 0.1) far.fail('messages', { code: 131056 });
        if (Math.random() < 0.1) far.fail('messages', { cut: 'after' });
        // Two in one body, or each in its own, the later one first.
        await (Math.random() < 0.5
          ? deliver(crowd, bodyWith(...said))
          : Promise.all(said.reverse().map((one) => deliver(crowd, bodyWith(one)))));
        crowd.ledger.heard('whatsapp', ...texts);
        await pause(thinkingMs());
      }
    },
    sending: () => far.sending,
    reached: () => far.sent.map(({ to, text }) => ({ to, text })),
    isWaiting: () => untold > 0,
    async again({ url }) {
      for (const body of posted.toReversed()) await far.deliver(`${url}/webhooks/${publicId}`, body, { times: 3 });
    },
    end: () => far.stop(),
  };
}
