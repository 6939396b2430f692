/** A browser with its push service: gives an address and keys, checks who sends, and opens what is sealed for it (RFC 8291, 8292). */
import { createECDH, createHmac, createDecipheriv, createPublicKey, randomBytes, verify, type ECDH } from 'node:crypto';
import { httpSimulator, type HttpSimulator } from './http.ts';

export interface Notice {
  title: string;
  body: string;
  path: string;
  tag: string;
}

const P256 = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');

function hkdf(salt: Buffer, key: Buffer, info: Buffer, length: number): Buffer {
  const extracted = createHmac('sha256', salt).update(key).digest();
  return createHmac('sha256', extracted)
    .update(Buffer.concat([info, Buffer.from([1])]))
    .digest()
    .subarray(0, length);
}

/** aes128gcm of RFC 8188 with the keys of RFC 8291. Throws on a wrong seal. */
function opened(body: Buffer, own: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const length = body.readUInt8(20);
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender]);
  const key = hkdf(auth, own.computeSecret(sender), info, 32);
  const content = hkdf(salt, key, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = hkdf(salt, key, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', content, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString();
}

export class PushSimulator {
  readonly notices: Notice[] = [];
  readonly #auth = randomBytes(16);
  readonly #own = createECDH('prime256v1');
  #http: HttpSimulator | undefined;
  /** What it answers next, instead of 201. */
  readonly statuses: number[] = [];
  /** The key that the browser agreed to, base64url; another sender is refused. */
  agreedTo = '';

  async start(): Promise<this> {
    this.#own.generateKeys();
    this.#http = await httpSimulator((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => response.writeHead(this.#take(request.headers, Buffer.concat(pieces))).end());
    });
    return this;
  }

  get subscription(): { endpoint: string; p256dh: string; auth: string } {
    const endpoint = `${this.#http?.url}/send/${this.#auth.toString('hex')}`;
    return { endpoint, p256dh: this.#own.getPublicKey('base64url'), auth: this.#auth.toString('base64url') };
  }

  async stop(): Promise<void> {
    await this.#http?.close();
  }

  #take(headers: Record<string, string | string[] | undefined>, body: Buffer): number {
    const status = this.statuses.shift();
    if (status !== undefined) return status;
    if (headers['content-encoding'] !== 'aes128gcm' || headers['ttl'] === undefined || body.length > 4096) return 400;
    if (!this.#isAgreed(String(headers['authorization']))) return 403;
    this.notices.push(JSON.parse(opened(body, this.#own, this.#auth)) as Notice);
    return 201;
  }

  /** `vapid t=<JWT>, k=<key>`: signed by the key that the browser agreed to, for this service, not for longer than a day. */
  #isAgreed(authorization: string): boolean {
    const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
    if (key !== this.agreedTo) return false;
    const [head = '', claims = '', signature = ''] = token.split('.');
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string; exp: number; sub: string };
    const publicKey = createPublicKey({ key: Buffer.concat([P256, Buffer.from(key, 'base64url')]), format: 'der', type: 'spki' });
    const signed = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    return signed && aud === this.#http?.url && exp * 1000 - Date.now() <= 24 * 3600_000 && /^(https|mailto):/.test(sub);
  }
}
