/** What the device writes to customers: taken or refused, and read by their phones. */
import type * as B from './whatsapp-linked-library.ts';
import { children, seconds } from './whatsapp-linked-nodes.ts';
import type { NoiseConnection } from './whatsapp-linked-noise.ts';
import type { Person, Words } from './whatsapp-linked-person.ts';

export interface SentMessage {
  to: Person;
  id: string;
  words: Words;
  /** What the customer reads. */
  text: string;
}

/** How the next message of the device fares: refused by a code, never answered, or taken and cut off before the answer. */
export type SendFault = { error: string } | 'hold' | 'cut';

export class Sends {
  readonly sent: SentMessage[] = [];
  /** Messages that a customer's phone couldn't read. */
  readonly unreadable: string[] = [];
  readonly faults: SendFault[] = [];
  readonly #people: Person[];

  constructor(people: Person[]) {
    this.#people = people;
  }

  /** `sender` is the device's own address, which its keys belong to. */
  async take(connection: NoiseConnection, node: B.BinaryNode, sender: string): Promise<void> {
    const { id = '', to = '' } = node.attrs;
    const fault = this.faults.shift();
    const answer = { tag: 'ack', attrs: { class: 'message', id, from: to, t: seconds(Date.now()) } };
    if (typeof fault === 'object') return connection.send({ ...answer, attrs: { ...answer.attrs, error: fault.error } });
    await this.#handOut(id, node, sender);
    if (fault === 'cut') return connection.cut();
    if (fault !== 'hold') connection.send(answer);
  }

  /** Each device of each addressee gets its own body; only customers' are looked into. */
  async #handOut(id: string, node: B.BinaryNode, sender: string): Promise<void> {
    const participants = children(node).find(({ tag }) => tag === 'participants');
    for (const { attrs, content } of participants ? children(participants) : []) {
      const to = this.#people.find((each) => each.is(attrs['jid'] ?? ''));
      const [body] = Array.isArray(content) ? content : [];
      if (!to || !body) continue;
      try {
        const words = await to.decrypt(sender, body);
        this.sent.push({ to, id, words, text: words.conversation ?? words.extendedTextMessage?.text ?? '' });
      } catch (error) {
        this.unreadable.push(String(error));
      }
    }
  }
}
