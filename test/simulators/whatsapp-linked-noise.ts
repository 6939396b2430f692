/**
 * The far end of one of WhatsApp's connections: Noise_XX over a websocket, then stanzas. The certificate is signed by a
 * root of our own, which `trustSimulators` makes the library believe for the rest of the process.
 */
import { EventEmitter } from 'node:events';
import * as B from './whatsapp-linked-library.ts';
import type { WebSocket } from 'ws';

const { Curve, proto, hkdf, sha256, aesEncryptGCM, aesDecryptGCM } = B;
const NOTHING = Buffer.alloc(0);

const root = Curve.generateKeyPair();
const middle = Curve.generateKeyPair();
const server = Curve.generateKeyPair();
const certificate = signedCertificate();

/** The public key of that root, for a stand-in in a process of its own. */
export const rootKey = () => Buffer.from(root.public);

export function trustSimulators(): void {
  B.WA_CERT_DETAILS.PUBLIC_KEY = rootKey();
}

function signedCertificate(): Uint8Array {
  const { Details } = proto.CertChain.NoiseCertificate;
  const intermediate = Details.encode({ serial: 1, issuerSerial: 0, key: middle.public }).finish();
  const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: server.public }).finish();
  return proto.CertChain.encode({
    leaf: { details: leaf, signature: Curve.sign(middle.private, leaf) },
    intermediate: { details: intermediate, signature: Curve.sign(root.private, intermediate) },
  }).finish();
}

/** The keys of a handshake, as they are mixed step by step. */
class Handshake {
  #hash: Uint8Array = Buffer.from(B.NOISE_MODE);
  #salt: Uint8Array = this.#hash;
  #key: Uint8Array = this.#hash;
  #count = 0;

  authenticate(data: Uint8Array): void {
    this.#hash = sha256(Buffer.concat([this.#hash, data]));
  }

  mix(secret: Uint8Array): void {
    [this.#salt, this.#key] = this.split(secret);
    this.#count = 0;
  }

  split(secret: Uint8Array): [Uint8Array, Uint8Array] {
    const spread = hkdf(Buffer.from(secret), 64, { salt: Buffer.from(this.#salt), info: '' });
    return [spread.subarray(0, 32), spread.subarray(32)];
  }

  encrypt(plain: Uint8Array): Uint8Array {
    const sealed = aesEncryptGCM(plain, this.#key, counter(this.#count++), this.#hash);
    this.authenticate(sealed);
    return sealed;
  }

  decrypt(sealed: Uint8Array): Uint8Array {
    const plain = aesDecryptGCM(sealed, this.#key, counter(this.#count++), this.#hash);
    this.authenticate(sealed);
    return plain;
  }
}

function counter(count: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(count, 8);
  return iv;
}

interface Events {
  hello: [B.proto.ClientPayload];
  stanza: [B.BinaryNode];
  gone: [];
}

export class NoiseConnection extends EventEmitter<Events> {
  readonly #socket: WebSocket;
  readonly #ephemeral = Curve.generateKeyPair();
  readonly #handshake = new Handshake();
  #bytes: Buffer = NOTHING;
  #step: 'intro' | 'hello' | 'finish' | 'open' = 'intro';
  #read: Uint8Array = NOTHING;
  #write: Uint8Array = NOTHING;
  #reads = 0;
  #writes = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(data));
    socket.on('close', () => this.emit('gone'));
    socket.on('error', () => socket.terminate());
  }

  send(node: B.BinaryNode): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#frame(aesEncryptGCM(B.encodeBinaryNode(node), this.#write, counter(this.#writes++), NOTHING));
  }

  /** Ends it as the real one does: with a goodbye. */
  close(): void {
    this.#socket.close();
  }

  /** The cable is cut. */
  cut(): void {
    this.#socket.terminate();
  }

  #frame(data: Uint8Array): void {
    const length = Buffer.alloc(3);
    length.writeUIntBE(data.length, 0, 3);
    this.#socket.send(Buffer.concat([length, data]));
  }

  #take(data: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, data]);
    if (this.#step === 'intro') {
      // Routing information may stand before WhatsApp's own four bytes.
      const routed = this.#bytes.subarray(0, 2).toString() === 'ED';
      this.#bytes = this.#bytes.subarray(routed ? 7 + this.#bytes.readUIntBE(4, 3) + 4 : 4);
      this.#step = 'hello';
    }
    while (this.#bytes.length >= 3 && this.#bytes.length >= 3 + this.#bytes.readUIntBE(0, 3)) {
      const end = 3 + this.#bytes.readUIntBE(0, 3);
      const frame = this.#bytes.subarray(3, end);
      this.#bytes = this.#bytes.subarray(end);
      // Stanzas are told in order, though reading one waits.
      this.#last = this.#last.then(() => this.#takeFrame(frame)).catch(() => this.cut());
    }
  }

  async #takeFrame(frame: Buffer): Promise<void> {
    if (this.#step === 'hello') return this.#answerHello(frame);
    if (this.#step === 'finish') return this.#finish(frame);
    this.emit('stanza', await B.decodeBinaryNode(Buffer.from(aesDecryptGCM(frame, this.#read, counter(this.#reads++), NOTHING))));
  }

  #answerHello(frame: Buffer): void {
    const theirs = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral ?? NOTHING;
    const handshake = this.#handshake;
    for (const known of [Buffer.from(B.NOISE_WA_HEADER), theirs, this.#ephemeral.public]) handshake.authenticate(known);
    handshake.mix(Curve.sharedKey(this.#ephemeral.private, theirs));
    const sealed = handshake.encrypt(server.public);
    handshake.mix(Curve.sharedKey(server.private, theirs));
    const serverHello = { ephemeral: this.#ephemeral.public, static: sealed, payload: handshake.encrypt(certificate) };
    this.#step = 'finish';
    this.#frame(proto.HandshakeMessage.encode({ serverHello }).finish());
  }

  #finish(frame: Buffer): void {
    const { clientFinish } = proto.HandshakeMessage.decode(frame);
    const handshake = this.#handshake;
    const theirs = handshake.decrypt(clientFinish?.static ?? NOTHING);
    handshake.mix(Curve.sharedKey(this.#ephemeral.private, theirs));
    const payload = proto.ClientPayload.decode(handshake.decrypt(clientFinish?.payload ?? NOTHING));
    [this.#read, this.#write] = handshake.split(NOTHING);
    this.#step = 'open';
    this.emit('hello', payload);
  }
}
