/** The stand-in of WhatsApp in a process of its own, so that its memory isn't counted. Talks by messages with `linked.ts`. */
import { rootKey } from '../../test/simulators/whatsapp-linked-noise.ts';
import { WhatsappLinkedSimulator } from '../../test/simulators/whatsapp-linked.ts';

export type Order = { do: 'scan'; picture: string } | { do: 'end'; code: number } | { do: 'cut' } | { do: 'say'; text: string };
export type News = { url: string; root: string } | { logins: number; waiting: number };

const far = await new WhatsappLinkedSimulator().start();
const customer = far.customer({ phone: '491701234567', lid: '5550001', name: 'Ayşe Demir' });
const tell = (news: News) => process.send?.(news);

process.on('message', (order: Order) => {
  if (order.do === 'scan') far.scan(order.picture);
  if (order.do === 'end') far.end(order.code);
  if (order.do === 'cut') far.cut();
  if (order.do === 'say') void far.say(customer, order.text);
});
process.on('disconnect', () => process.exit());
tell({ url: far.url, root: rootKey().toString('base64') });

for (let told = ''; ;) {
  const news = { logins: far.logins, waiting: far.waiting };
  if (JSON.stringify(news) !== told) tell(news);
  told = JSON.stringify(news);
  await far.until(() => JSON.stringify({ logins: far.logins, waiting: far.waiting }) !== told);
}
