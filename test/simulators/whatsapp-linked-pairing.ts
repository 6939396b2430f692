/** How a phone links a device: by the picture that its camera reads, or by a code that is typed on it. */
import { randomBytes } from 'node:crypto';
import * as B from './whatsapp-linked-library.ts';
import { bytesOf, child } from './whatsapp-linked-nodes.ts';
import type { Person } from './whatsapp-linked-person.ts';

const { Curve, proto, hkdf } = B;
const IDENTITY = Buffer.from([6, 0]);

/** What the picture says: the device's public keys, and the secret that proves to it who has seen them. */
export interface Picture {
  ref: string;
  identity: Buffer;
  secret: Buffer;
}

export function readPicture(text: string): Picture {
  const [ref = '', , identity = '', secret = ''] = text.replace(/^.*#/, '').split(',');
  return { ref, identity: Buffer.from(identity, 'base64'), secret: Buffer.from(secret, 'base64') };
}

/** The phone's word that this device is one of its own. */
export function pairSuccess(phone: Person, device: number, { identity, secret }: Pick<Picture, 'identity' | 'secret'>): B.BinaryNode {
  const { signedIdentityKey: account } = phone.creds;
  const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: device }).finish();
  const accountSignature = Curve.sign(account.private, Buffer.concat([IDENTITY, details, identity]));
  const signed = proto.ADVSignedDeviceIdentity.encode({ details, accountSignatureKey: account.public, accountSignature }).finish();
  const proven = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac: B.hmacSign(signed, secret) }).finish();
  const names = { jid: `${phone.phone}:${device}@s.whatsapp.net`, lid: `${phone.lid}:${device}@lid` };
  return {
    tag: 'iq',
    attrs: { from: 's.whatsapp.net', type: 'set', id: `pair-${device}`, t: String(Math.floor(Date.now() / 1000)) },
    content: [
      {
        tag: 'pair-success',
        attrs: {},
        content: [
          { tag: 'device-identity', attrs: {}, content: Buffer.from(proven) },
          { tag: 'device', attrs: names },
          { tag: 'platform', attrs: { name: 'smba' } },
          { tag: 'biz', attrs: { name: phone.name } },
        ],
      },
    ],
  };
}

/** A device that asked to be linked by a code: what it sent, locked by that code. */
export class CodePairing {
  readonly #phone: Person;
  readonly #locked: Buffer;
  readonly #ephemeral = Curve.generateKeyPair();
  #shared: Uint8Array = Buffer.alloc(0);

  constructor(phone: Person, hello: B.BinaryNode) {
    this.#phone = phone;
    this.#locked = bytesOf(child(hello, 'link_code_pairing_wrapped_companion_ephemeral_pub'));
  }

  /** The owner typed the code: the phone answers, locked by the same code. */
  async typed(code: string): Promise<B.BinaryNode> {
    const theirs = B.aesDecryptCTR(
      this.#locked.subarray(48, 80),
      await B.derivePairingCodeKey(code, this.#locked.subarray(0, 32)),
      this.#locked.subarray(32, 48),
    );
    this.#shared = Curve.sharedKey(this.#ephemeral.private, theirs);
    const [salt, iv] = [randomBytes(32), randomBytes(16)];
    const ours = B.aesEncryptCTR(this.#ephemeral.public, await B.derivePairingCodeKey(code, salt), iv);
    const parts: [string, Uint8Array][] = [
      ['link_code_pairing_wrapped_primary_ephemeral_pub', Buffer.concat([salt, iv, ours])],
      ['primary_identity_pub', this.#phone.creds.signedIdentityKey.public],
      ['link_code_pairing_ref', Buffer.from('code-ref')],
    ];
    return {
      tag: 'notification',
      attrs: { from: 's.whatsapp.net', type: 'link_code_companion_reg', id: 'code-1', t: '1' },
      content: [
        {
          tag: 'link_code_companion_reg',
          attrs: { stage: 'primary_hello' },
          content: parts.map(([tag, content]) => ({ tag, attrs: {}, content })),
        },
      ],
    };
  }

  /** The device's last word: the secret that both know now. Throws when the code was another. */
  finish(node: B.BinaryNode): Pick<Picture, 'identity' | 'secret'> {
    const bundle = bytesOf(child(node, 'link_code_pairing_wrapped_key_bundle'));
    const key = hkdf(Buffer.from(this.#shared), 32, {
      salt: bundle.subarray(0, 32),
      info: 'link_code_pairing_key_bundle_encryption_key',
    });
    const opened = Buffer.from(B.aesDecryptGCM(bundle.subarray(44), key, bundle.subarray(32, 44), Buffer.alloc(0)));
    const [identity, random] = [opened.subarray(0, 32), opened.subarray(64)];
    const known = Curve.sharedKey(this.#phone.creds.signedIdentityKey.private, identity);
    const secret = Buffer.from(hkdf(Buffer.concat([this.#shared, known, random]), 32, { info: 'adv_secret' }));
    return { identity, secret };
  }
}
