/** A phone with WhatsApp on it: somebody with a number, a LID and Signal sessions of their own. */
import * as B from './whatsapp-linked-library.ts';

type Repository = ReturnType<typeof B.DEFAULT_CONNECTION_CONFIG.makeSignalRepository>;
export type Words = B.proto.IMessage;

/** What others need to write to a device for the first time. */
export interface Bundle {
  registrationId: number;
  identityKey: Uint8Array;
  signedPreKey: { keyId: number; publicKey: Uint8Array; signature: Uint8Array };
  preKey?: { keyId: number; publicKey: Uint8Array };
}

const nothing = () => undefined;
const quiet = {
  level: 'silent',
  child: () => quiet,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

export class Person {
  readonly phone: string;
  readonly lid: string;
  readonly name: string;
  readonly creds = B.initAuthCreds();
  readonly #repository: Repository;

  constructor({ phone, lid, name }: { phone: string; lid: string; name: string }) {
    this.phone = phone;
    this.lid = lid;
    this.name = name;
    const keys = B.addTransactionCapability(inMemory(), quiet, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
    this.#repository = B.DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: this.creds, keys }, quiet);
  }

  get number(): string {
    return `${this.phone}@s.whatsapp.net`;
  }

  get lidJid(): string {
    return `${this.lid}@lid`;
  }

  is(jid: string): boolean {
    const user = jid.split('@')[0]?.split(':')[0];
    return jid.endsWith('@lid') ? user === this.lid : user === this.phone;
  }

  get bundle(): Bundle {
    const { signedPreKey } = this.creds;
    return {
      registrationId: this.creds.registrationId,
      identityKey: this.creds.signedIdentityKey.public,
      signedPreKey: { keyId: signedPreKey.keyId, publicKey: signedPreKey.keyPair.public, signature: signedPreKey.signature },
    };
  }

  /** Encrypts for a device; `bundle` is asked for the first time only. */
  async encrypt(device: string, words: Words, bundle: () => Bundle): Promise<B.BinaryNode> {
    if (!(await this.#repository.validateSession(device)).exists) await this.begin(device, bundle());
    const { type, ciphertext } = await this.#repository.encryptMessage({ jid: device, data: B.encodeWAMessage(words) });
    return { tag: 'enc', attrs: { v: '2', type }, content: ciphertext };
  }

  /** Begins a session with a device by its keys; also anew, where it couldn't read the one before. */
  async begin(device: string, { identityKey, signedPreKey, preKey, registrationId }: Bundle): Promise<void> {
    const session = {
      registrationId,
      identityKey: B.generateSignalPubKey(identityKey),
      signedPreKey: { ...signedPreKey, publicKey: B.generateSignalPubKey(signedPreKey.publicKey) },
      ...(preKey ? { preKey: { ...preKey, publicKey: B.generateSignalPubKey(preKey.publicKey) } } : {}),
    };
    await this.#repository.injectE2ESession({ jid: device, session });
  }

  /** Reads what a device sent. Throws as Signal does, above all for a key that was used before. */
  async decrypt(device: string, { attrs, content }: B.BinaryNode): Promise<Words> {
    const type = attrs['type'] === 'pkmsg' ? 'pkmsg' : 'msg';
    const plain = await this.#repository.decryptMessage({ jid: device, type, ciphertext: content as Uint8Array });
    return B.proto.Message.decode(B.unpadRandomMax16(plain));
  }
}

function inMemory(): Parameters<typeof B.addTransactionCapability>[0] {
  const values = new Map<string, unknown>();
  return {
    get: async (type, ids) => {
      const found = ids.flatMap((id): [string, never][] =>
        values.has(`${type} ${id}`) ? [[id, values.get(`${type} ${id}`) as never]] : [],
      );
      return Object.fromEntries(found);
    },
    set: async (data) => {
      for (const [type, of] of Object.entries(data))
        for (const [id, value] of Object.entries(of ?? {})) {
          if (value === null) values.delete(`${type} ${id}`);
          else values.set(`${type} ${id}`, value);
        }
    },
  };
}
