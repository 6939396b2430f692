/** How a device introduces itself before it is linked, and how a connection is ended, as the real one words it. */
import * as B from './whatsapp-linked-library.ts';
import type { Device } from './whatsapp-linked-answers.ts';
import type { NoiseConnection } from './whatsapp-linked-noise.ts';

export interface Hello {
  name: string;
  registrationId: number;
  signedPreKey: Device['signedPreKey'];
  identity: Uint8Array;
}

export function readHello(data: B.proto.ClientPayload['devicePairingData']): Hello {
  const bytes = (value: Uint8Array | null | undefined) => Buffer.from(value ?? []);
  return {
    name: B.proto.DeviceProps.decode(bytes(data?.deviceProps)).os ?? '',
    registrationId: bytes(data?.eRegid).readUIntBE(0, 4),
    identity: bytes(data?.eIdent),
    signedPreKey: { keyId: bytes(data?.eSkeyId).readUIntBE(0, 3), publicKey: bytes(data?.eSkeyVal), signature: bytes(data?.eSkeySig) },
  };
}

/** What a device may show, one after the other, to be linked by. */
export function pictures(count: number): B.BinaryNode {
  const content = Array.from({ length: count }, (_, n) => ({ tag: 'ref', attrs: {}, content: Buffer.from(`2@ref-${n}`) }));
  const attrs = { from: 's.whatsapp.net', type: 'set', id: 'pair-1', xmlns: 'md' };
  return { tag: 'iq', attrs, content: [{ tag: 'pair-device', attrs: {}, content }] };
}

export function endBy(connection: NoiseConnection, code: number): void {
  if (code === 440) connection.send({ tag: 'stream:error', attrs: {}, content: [{ tag: 'conflict', attrs: { type: 'replaced' } }] });
  else if ([403, 405, 503].includes(code)) connection.send({ tag: 'failure', attrs: { reason: String(code) } });
  else connection.send({ tag: 'stream:error', attrs: { code: String(code) } });
  setTimeout(() => connection.close(), 10);
}
