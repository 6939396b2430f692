/**
 * A strict stand-in for WhatsApp as a linked device knows it: one account with its owner's phone, one device at most, and
 * customers whose messages are really encrypted. It keeps what the device hasn't said it has, and ends links on demand.
 */
import { EventEmitter } from 'node:events';
import http from 'node:http';
import type * as B from './whatsapp-linked-library.ts';
import { WebSocketServer } from 'ws';
import { listening } from './http.ts';
import { answerTo, type Device } from './whatsapp-linked-answers.ts';
import { endBy, pictures, readHello, type Hello } from './whatsapp-linked-doors.ts';
import { Mail, type Saying } from './whatsapp-linked-mail.ts';
import { children, seconds } from './whatsapp-linked-nodes.ts';
import { NoiseConnection, trustSimulators } from './whatsapp-linked-noise.ts';
import { CodePairing, pairSuccess, readPicture } from './whatsapp-linked-pairing.ts';
import { Person, type Words } from './whatsapp-linked-person.ts';
import { Sends, type SendFault, type SentMessage } from './whatsapp-linked-sends.ts';
import { MediaStore } from './whatsapp-linked-store.ts';

export class WhatsappLinkedSimulator {
  readonly owner: Person;
  readonly store = new MediaStore();
  readonly typing: string[] = [];
  device: Device | null = null;
  /** The most connections that one device held at once. */
  mostAtOnce = 0;
  /** So many a device may show, one after the other, until it has to ask again. */
  pictures = 6;
  logins = 0;
  readonly loggedInAt: number[] = [];
  /** So many logins are welcomed, and ended by 503 right away. */
  turnAway = 0;
  url = '';
  /** The device's name, as it told it when it was linked. */
  deviceName = '';
  readonly #people: Person[] = [];
  readonly #sends = new Sends(this.#people);
  readonly #mail: Mail;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #open = new Set<NoiseConnection>();
  readonly #greetings: number[] = [];
  #online: NoiseConnection | null = null;
  #pairing: NoiseConnection | null = null;
  #hello: Hello | null = null;
  #code: CodePairing | null = null;
  #close: () => Promise<void> = async () => undefined;

  /** As at first, or where another one was left: the same owner with the same device. */
  constructor(before?: Pick<WhatsappLinkedSimulator, 'owner' | 'device'>) {
    this.owner = before?.owner ?? new Person({ phone: '4915123456789', lid: '99887766', name: 'Café Aurora' });
    this.device = before?.device ? { ...before.device, preKeys: [...before.device.preKeys] } : null;
    this.#mail = new Mail({ owner: this.owner, store: this.store, device: () => this.device, push: (stanza) => this.#push(stanza) });
    trustSimulators();
  }

  async start(): Promise<this> {
    const server = http.createServer((request, response) => void this.store.handle(request, response));
    const sockets = new WebSocketServer({ server, path: '/ws/chat' });
    sockets.on('connection', (socket) => this.#greet(new NoiseConnection(socket)));
    const { url, close } = await listening(server);
    this.url = url;
    this.#close = async () => {
      for (const each of this.#open) each.cut();
      sockets.close();
      await close();
    };
    return this;
  }

  async stop(): Promise<void> {
    await this.#close();
  }

  // --- what people do

  customer(given: { phone: string; lid: string; name: string }): Person {
    const person = new Person(given);
    this.#people.push(person);
    return person;
  }

  /** The owner points the phone's camera at the picture. */
  scan(picture: string): void {
    if (!this.#pairing) throw new Error('no device shows a picture');
    this.#link(readPicture(picture));
  }

  /** The owner types the code on the phone. */
  async typeCode(code: string): Promise<void> {
    await this.until(() => this.#code !== null);
    const answer = await this.#code?.typed(code);
    if (answer) this.#pairing?.send(answer);
  }

  /** A customer writes; resolves to the message's id once it is on its way. */
  say(person: Person, said: string | Words, how: Saying = {}): Promise<string> {
    return this.#mail.say(person, said, how);
  }

  /** The owner writes to a customer by the phone itself. */
  ownerSays(to: Person, text: string, how: Saying = {}): Promise<string> {
    return this.#mail.ownerSays(to, text, how);
  }

  /** A customer's phone got a message, or its owner read it. */
  receipt(person: Person, messageId: string, type?: 'read'): void {
    this.#push({ tag: 'receipt', attrs: { from: person.lidJid, id: messageId, t: seconds(Date.now()), ...(type ? { type } : {}) } });
  }

  /** A customer's phone couldn't read a message, and asks for it once more. */
  asksAgain(person: Person, messageId: string): void {
    const about = { id: messageId, t: seconds(Date.now()) };
    const content = [{ tag: 'retry', attrs: { ...about, count: '1', v: '1' } }];
    this.#push({ tag: 'receipt', attrs: { ...about, from: person.lidJid, type: 'retry' }, content });
  }

  // --- what WhatsApp does

  get online(): boolean {
    return this.#online !== null;
  }

  /** Messages that the device hasn't said it has. */
  get waiting(): number {
    return this.#mail.waiting.length;
  }

  get sent(): SentMessage[] {
    return this.#sends.sent;
  }

  get unreadable(): string[] {
    return this.#sends.unreadable;
  }

  get read(): string[] {
    return this.#mail.read;
  }

  get retries(): number {
    return this.#mail.retries;
  }

  redeliver(): void {
    this.#mail.redeliver();
  }

  fail(...faults: SendFault[]): void {
    this.#sends.faults.push(...faults);
  }

  /** The next connections are ended by these codes as soon as the device has said who it is. */
  greetWith(...codes: number[]): void {
    this.#greetings.push(...codes);
  }

  /** Ends the open connection by a code, as the real one words it. */
  end(code: number): void {
    const connection = this.#online ?? this.#pairing;
    if (code === 401) this.device = null;
    if (connection) endBy(connection, code);
  }

  cut(): void {
    for (const each of this.#open) each.cut();
  }

  /** Resolves when it holds; asked after everything that happens here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => this.#events.once('change', resolve));
  }

  #changed(): void {
    this.#events.emit('change');
  }

  #greet(connection: NoiseConnection): void {
    this.#open.add(connection);
    connection.on('hello', (payload) =>
      payload.devicePairingData ? this.#register(connection, payload) : this.#login(connection, payload),
    );
    connection.on('stanza', (node) => void this.#take(connection, node).finally(() => this.#changed()));
    connection.on('gone', () => {
      this.#open.delete(connection);
      if (this.#online === connection) this.#online = null;
      if (this.#pairing === connection) this.#pairing = null;
      this.#changed();
    });
  }

  #register(connection: NoiseConnection, { devicePairingData: data }: B.proto.ClientPayload): void {
    this.#pairing = connection;
    this.#hello = readHello(data);
    this.deviceName = this.#hello.name;
    const greeting = this.#greetings.shift();
    if (greeting !== undefined) return endBy(connection, greeting);
    connection.send(pictures(this.pictures));
    this.#changed();
  }

  #login(connection: NoiseConnection, { username, device }: B.proto.ClientPayload): void {
    const greeting = this.#greetings.shift();
    if (greeting !== undefined) return endBy(connection, greeting);
    if (!this.device || String(username) !== this.owner.phone || device !== this.device.number) return endBy(connection, 401);
    this.logins += 1;
    this.loggedInAt.push(performance.now());
    const before = this.#online;
    this.#online = connection;
    this.mostAtOnce = Math.max(this.mostAtOnce, before ? 2 : 1);
    if (before) endBy(before, 440);
    connection.send({ tag: 'success', attrs: { t: seconds(Date.now()), lid: `${this.owner.lid}:${this.device.number}@lid` } });
    if (this.turnAway-- > 0) return void setTimeout(() => endBy(connection, 503), 30);
    const missed = this.#mail.waiting;
    for (const stanza of missed) connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: '0' } });
    connection.send({ tag: 'ib', attrs: {}, content: [{ tag: 'offline', attrs: { count: String(missed.length) } }] });
    this.#changed();
  }

  #link(given: Parameters<typeof pairSuccess>[2]): void {
    if (!this.#hello || !this.#pairing) return;
    const { registrationId, identity, signedPreKey } = this.#hello;
    this.device = { number: 7, registrationId, identity, signedPreKey, preKeys: [] };
    this.#pairing.send(pairSuccess(this.owner, this.device.number, given));
  }

  async #take(connection: NoiseConnection, node: B.BinaryNode): Promise<void> {
    const { id = '', type } = node.attrs;
    if (node.tag === 'message') return this.#sends.take(connection, node, this.#ours);
    if (node.tag === 'receipt' || (node.tag === 'ack' && node.attrs['class'] === 'message')) return this.#mail.take(node);
    if (node.tag === 'chatstate') return void this.typing.push(node.attrs['to'] ?? '');
    if (node.tag !== 'iq') return;
    const [first] = children(node);
    if (first?.tag === 'pair-device-sign') return endBy(connection, 515);
    if (first?.tag === 'remove-companion-device') {
      this.device = null;
      return endBy(connection, 401);
    }
    if (type === 'result') return;
    const content = answerTo(node, { people: this.#people, owner: this.owner, device: this.device, pass: this.store.pass });
    connection.send({ tag: 'iq', attrs: { from: 's.whatsapp.net', type: 'result', id }, content });
    if (first?.tag === 'link_code_companion_reg') this.#takeCode(first);
  }

  #takeCode(node: B.BinaryNode): void {
    if (node.attrs['stage'] === 'companion_hello') this.#code = new CodePairing(this.owner, node);
    else if (this.#code) this.#link(this.#code.finish(node));
  }

  get #ours(): string {
    return `${this.owner.lid}:${this.device?.number ?? 0}@lid`;
  }

  #push(stanza: B.BinaryNode): void {
    this.#online?.send(stanza);
  }
}
