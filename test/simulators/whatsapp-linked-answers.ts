/** What WhatsApp answers to a device that asks: who has which devices, by which keys they are written to, where files go. */
import type { BinaryNode } from './whatsapp-linked-library.ts';
import { bytesOf, child, children, leaf, number, numberOf } from './whatsapp-linked-nodes.ts';
import type { Bundle, Person } from './whatsapp-linked-person.ts';

/** The linked device, as the far side knows it. */
export interface Device {
  number: number;
  registrationId: number;
  identity: Uint8Array;
  signedPreKey: Bundle['signedPreKey'];
  /** Each is handed out once. */
  preKeys: { keyId: number; publicKey: Uint8Array }[];
}

/** Below this a device makes hundreds of keys at once, which takes half a second. */
const FEW = 3;

export interface Known {
  people: Person[];
  owner: Person;
  device: Device | null;
  pass: string;
}

/** The content of the answer. */
export function answerTo(asked: BinaryNode, known: Known): BinaryNode[] {
  const [first] = children(asked);
  switch (first?.tag) {
    case 'count':
      return [{ tag: 'count', attrs: { value: String(Math.max(known.device?.preKeys.length ?? 0, FEW)) } }];
    case 'digest':
      return [{ tag: 'digest', attrs: {} }];
    case 'usync':
      return [
        { tag: 'usync', attrs: {}, content: [{ tag: 'list', attrs: {}, content: asksAbout(first).map((jid) => devicesOf(jid, known)) }] },
      ];
    case 'key':
      return [{ tag: 'list', attrs: {}, content: children(first).map(({ attrs }) => keysOf(attrs['jid'] ?? '', known)) }];
    case 'media_conn':
      return [
        { tag: 'media_conn', attrs: { auth: known.pass, ttl: '300' }, content: [{ tag: 'host', attrs: { hostname: 'mmg.whatsapp.net' } }] },
      ];
    case 'privacy':
      return [{ tag: 'privacy', attrs: {}, content: [{ tag: 'category', attrs: { name: 'readreceipts', value: 'all' } }] }];
    default:
      if (asked.attrs['xmlns'] === 'encrypt' && asked.attrs['type'] === 'set' && known.device) takeKeys(asked, known.device);
      return [];
  }
}

const asksAbout = (usync: BinaryNode): string[] => children(child(usync, 'list')).map(({ attrs }) => attrs['jid'] ?? '');

function personOf(jid: string, { people, owner }: Known): Person | undefined {
  return [owner, ...people].find((person) => person.is(jid));
}

/** A customer has the phone alone; the owner has the phone, and us. */
function devicesOf(jid: string, known: Known): BinaryNode {
  const person = personOf(jid, known);
  const own =
    person === known.owner && known.device ? [{ tag: 'device', attrs: { id: String(known.device.number), 'key-index': '1' } }] : [];
  const list = person ? [{ tag: 'device', attrs: { id: '0' } }, ...own] : [];
  return {
    tag: 'user',
    attrs: { jid },
    content: [{ tag: 'devices', attrs: {}, content: [{ tag: 'device-list', attrs: {}, content: list }] }],
  };
}

function keysOf(jid: string, known: Known): BinaryNode {
  const person = personOf(jid, known);
  if (!person) return { tag: 'user', attrs: { jid }, content: [{ tag: 'error', attrs: { code: '404', text: 'item-not-found' } }] };
  const { registrationId, identityKey, signedPreKey } = person.bundle;
  return {
    tag: 'user',
    attrs: { jid },
    content: [
      number('registration', registrationId, 4),
      leaf('type', Buffer.from([5])),
      leaf('identity', identityKey),
      {
        tag: 'skey',
        attrs: {},
        content: [number('id', signedPreKey.keyId, 3), leaf('value', signedPreKey.publicKey), leaf('signature', signedPreKey.signature)],
      },
    ],
  };
}

/** The keys that come with "I couldn't read this"; null where it only asks for it once more. */
export function keysIn(receipt: BinaryNode): Bundle | null {
  const keys = child(receipt, 'keys');
  if (keys.tag !== 'keys') return null;
  const [key, signed] = [child(keys, 'key'), child(keys, 'skey')];
  return {
    registrationId: numberOf(child(receipt, 'registration')),
    identityKey: bytesOf(child(keys, 'identity')),
    preKey: { keyId: numberOf(child(key, 'id')), publicKey: bytesOf(child(key, 'value')) },
    signedPreKey: {
      keyId: numberOf(child(signed, 'id')),
      publicKey: bytesOf(child(signed, 'value')),
      signature: bytesOf(child(signed, 'signature')),
    },
  };
}

/** The device hands in keys by which it is written to for the first time. */
function takeKeys(asked: BinaryNode, device: Device): void {
  for (const key of children(child(asked, 'list')))
    device.preKeys.push({ keyId: numberOf(child(key, 'id')), publicKey: bytesOf(child(key, 'value')) });
}
