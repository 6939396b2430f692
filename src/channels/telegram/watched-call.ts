/**
 * What telegraf's client drops of a call, seen on the request itself. Its node-fetch keeps an error's text only (with the
 * token in it), tells nothing of a page that is no answer, follows redirects, reads any length, and waits for ever for
 * the rest of a body that was cut.
 */
import { once } from 'node:events';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { connectionFailure, OutboundError } from '../../lib/outbound-error.ts';

const BYTES_AT_MOST = 8 * 1024 * 1024;

/** The agent of one call: it hands its request on to the installation's own, and looks on. */
export class WatchedCall {
  readonly agent: Agent;
  /** False as long as it is certain that nothing was written: there was no connection to write to. */
  connected = false;
  /** The connection's own error. */
  failure: Error | undefined;
  /** What came back, where something did. */
  status: number | undefined;
  readonly #origin: string;
  readonly #end = new AbortController();
  #asked = false;
  #response: IncomingMessage | undefined;
  readonly #chunks: Buffer[] = [];

  constructor(agent: Agent, apiRoot: string) {
    this.#origin = new URL(apiRoot).origin;
    const addRequest = (request: ClientRequest, options: object) => {
      this.#watch(request);
      agent.addRequest(request, options);
    };
    this.agent = Object.assign(Object.create(agent) as Agent, { addRequest });
  }

  /** Aborts where what comes in can't become an answer; its reason is an OutboundError. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Lets go of what nobody read. */
  end(): void {
    this.#end.abort();
  }

  get faulty(): boolean {
    return (this.status ?? 0) >= 500;
  }

  /** The text that came with a status of 500 or above, which telegraf leaves unread. Throws where it doesn't come whole. */
  async faultText(signal: AbortSignal): Promise<string> {
    const response = this.#response;
    if (response && !response.readableEnded) {
      // Nobody takes it from where node-fetch puts it: that would fill, and hold up the rest.
      response.unpipe().resume();
      await once(response, 'end', { signal });
    }
    return Buffer.concat(this.#chunks).toString();
  }

  #watch(request: ClientRequest): void {
    if (this.#asked)
      throw new OutboundError('blocked', `${this.#host} sends us on to another page. Enter the right address.`, { maybeSent: true });
    this.#asked = true;
    // Unpacked, so that the length that is counted is the one that is read.
    request.setHeader('Accept-Encoding', 'identity');
    request.once('socket', () => (this.connected = true));
    request.once('error', (error) => (this.failure = error));
    request.once('response', (response) => this.#read(response));
  }

  #read(response: IncomingMessage): void {
    this.#response = response;
    this.status = response.statusCode ?? 0;
    const tooLong = () => this.#giveUp(new OutboundError('too-large', `${this.#host} answers at too great a length.`, { maybeSent: true }));
    if (response.headers['content-encoding']) tooLong();
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BYTES_AT_MOST) tooLong();
      else if (this.faulty) this.#chunks.push(chunk);
    });
    response.once('close', () => {
      if (!response.complete) this.#giveUp(connectionFailure(null, this.#origin, { maybeSent: true }));
    });
  }

  #giveUp(error: OutboundError): void {
    this.#end.abort(error);
  }

  get #host(): string {
    return new URL(this.#origin).host;
  }
}
