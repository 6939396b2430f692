/**
 * The only way out of this process. Every outgoing connection is made by a `fetch` that is bound to one configured origin,
 * so that a key, a token or a customer's words can't be sent anywhere else: not by a redirect, not by a DNS answer, not by
 * an address in an odd notation. Names are checked when they are resolved for the connection itself, so that the address
 * that was checked is the one that is used.
 */
import dns from 'node:dns';
import { once } from 'node:events';
import type http from 'node:http';
import type https from 'node:https';
import { createRequire } from 'node:module';
import type net from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Agent, Dispatcher } from 'undici';
import { isAddress, reachOf, type Reach } from './addresses.ts';
import { bindAgent } from './outbound-agent.ts';
import { limitedBody } from './outbound-body.ts';
import { blocked, connectionFailure, elsewhere, failure, host, needsHttps, OutboundError } from './outbound-error.ts';

export { OutboundError, type OutboundErrorKind } from './outbound-error.ts';

export type Fetch = typeof globalThis.fetch;

export interface OutboundLimits {
  /** ms until the headers are there, and, except for an event stream, until the body is. 60,000 where not given. */
  timeoutMs?: number;
  /** Bytes of a body after decompression; an event stream has no end and no limit. 32 MiB where not given. */
  maxBytes?: number;
}

export interface Outbound {
  /**
   * A fetch for one origin (scheme, host, port). Throws OutboundError at once for an origin that is never allowed; the
   * fetch throws it for what turns out later. An abort throws the signal's own reason. With `redirect: 'manual'` a
   * redirect is the answer, for who decides by himself whether to go there.
   */
  to(baseUrl: string, limits?: OutboundLimits): Fetch;
  /**
   * The same for an SDK that takes one of Node's agents: its connections go to this origin or nowhere. An agent sees no
   * bodies: who uses it limits their time and length, and minds that an SDK may follow a redirect within the origin.
   */
  agent(baseUrl: string): http.Agent;
  /**
   * A bare connection to a mail server, for an SDK that speaks its protocol itself. It is not encrypted yet: who uses it
   * sees to that before a word is said. Throws OutboundError, and the signal's own reason.
   */
  socket(host: string, port: number, signal: AbortSignal): Promise<net.Socket>;
  /** The same for an SDK that takes undici's dispatcher for Node's own fetch. It limits no bodies either. */
  dispatcher(baseUrl: string): Dispatcher;
  /** Lets go of every connection. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_REDIRECTS = 3;
const CONNECT_MS = 10_000;
/** `timeout` is that of a connection without a request. */
const KEPT: https.AgentOptions = { keepAlive: true, timeout: 30_000, rejectUnauthorized: true };
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Makes the way out. `allowPrivate` opens private and loopback addresses, with plain http to them; the internet is always
 * reached by https, and its certificates are always verified. `lookup` is the resolver, the system's own unless a test
 * plays a hostile one.
 */
export function createOutbound({ allowPrivate, lookup = dns.lookup }: { allowPrivate: boolean; lookup?: typeof dns.lookup }): Outbound {
  const may = (reach: Reach) => reach === 'public' || (allowPrivate && reach === 'private');
  // The check of a plain connection is stricter: over http nothing may go to the internet.
  const secureLookup = checkedLookup(lookup, (reach, name) => (may(reach) ? null : blocked(name)));
  const plainLookup = checkedLookup(lookup, (reach, name) => (reach === 'public' ? needsHttps(name) : may(reach) ? null : blocked(name)));
  const secure = new Pool(secureLookup);
  const plain = new Pool(plainLookup);
  const agents = new Map<string, http.Agent>();

  return {
    to(baseUrl, limits = {}) {
      const base = configured(baseUrl, allowPrivate);
      const pool = base.protocol === 'https:' ? secure : plain;
      return (input, init) => send(input, init ?? {}, { origin: base.origin, dispatcher: pool.dispatcher, limits });
    },
    agent(baseUrl) {
      const base = configured(baseUrl, allowPrivate);
      // Not by import: that reads every export, and one of node:http's is a second HTTP client, 35 ms and 14 MB of every start.
      const { Agent } = process.getBuiltinModule(base.protocol === 'https:' ? 'node:https' : 'node:http');
      const lookup = base.protocol === 'https:' ? secureLookup : plainLookup;
      const agent = agents.get(base.origin) ?? bindAgent(new Agent({ ...KEPT, lookup }), base);
      agents.set(base.origin, agent);
      return agent;
    },
    async socket(name, port, signal) {
      if (isAddress(name) && !may(reachOf(name))) throw blocked(name);
      signal.throwIfAborted();
      return await connected(process.getBuiltinModule('node:net').connect({ host: name, port, lookup: secureLookup }), name, signal);
    },
    dispatcher(baseUrl) {
      const base = configured(baseUrl, allowPrivate);
      const pool = base.protocol === 'https:' ? secure : plain;
      return pool.dispatcher.compose((dispatch) => (options, handler) => {
        if (String(options.origin) !== base.origin) throw elsewhere(base.origin, String(options.origin));
        return dispatch(options, handler);
      });
    },
    async close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
      await Promise.all([secure.close(), plain.close()]);
    },
  };
}

const require = createRequire(import.meta.url);

/** Connections that are kept: long enough that a conversation's next message finds its own, and as many as streams are open. */
class Pool {
  readonly #lookup: LookupFunction;
  #agent: Agent | null = null;

  constructor(lookup: LookupFunction) {
    this.#lookup = lookup;
  }

  /**
   * Made at the first connection, and loaded alone: the whole of undici costs 80 ms and 29 MB, its agent 28 ms and 14 MB,
   * and a start without connections nothing.
   */
  get dispatcher(): Agent {
    this.#agent ??= this.#make();
    return this.#agent;
  }

  #make(): Agent {
    const AgentAlone = require('undici/lib/dispatcher/agent.js') as typeof Agent;
    const connect = { lookup: this.#lookup, timeout: CONNECT_MS };
    return new AgentAlone({ connect, keepAliveTimeout: 30_000, keepAliveMaxTimeout: 300_000 });
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
    this.#agent = null;
  }
}

function configured(baseUrl: string, allowPrivate: boolean): URL {
  const url = URL.parse(baseUrl);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new OutboundError('blocked', `"${baseUrl}" is no web address. It has to begin with https://.`);
  }
  if (url.username || url.password) throw new OutboundError('blocked', 'An address must not hold a user name or a password.');
  // URL has already turned 0x7f.1, 2130706433 and the like into plain notation.
  const reach = isAddress(url.hostname) ? reachOf(url.hostname) : null;
  if (reach === 'never' || (reach === 'private' && !allowPrivate)) throw blocked(url.hostname);
  if (url.protocol === 'http:' && (!allowPrivate || reach === 'public')) throw needsHttps(url.hostname);
  return url;
}

/** The system's resolver, with every address it gives checked: one bad address refuses the name. */
function checkedLookup(lookup: typeof dns.lookup, objection: (reach: Reach, host: string) => OutboundError | null): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error || !first) return done(error ?? new OutboundError('unreachable', `${hostname} has no address.`), '', 0);
      for (const { address } of addresses) {
        const refused = objection(reachOf(address), hostname);
        if (refused) return done(refused, '', 0);
      }
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

/** Waits until it is connected, ten seconds at most. */
async function connected(socket: net.Socket, name: string, signal: AbortSignal): Promise<net.Socket> {
  const late = AbortSignal.timeout(CONNECT_MS);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, late]) });
    return socket;
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    if (late.aborted) throw new OutboundError('timeout', `${name} didn't answer within ${CONNECT_MS / 1000} seconds. Try again later.`);
    throw connectionFailure(cause, `tcp://${name}`, { maybeSent: false });
  }
}

interface Way {
  origin: string;
  dispatcher: Agent;
  limits: OutboundLimits;
}

async function send(input: Parameters<Fetch>[0], init: RequestInit, way: Way): Promise<Response> {
  const clock = new AbortController();
  const timeoutMs = way.limits.timeoutMs ?? TIMEOUT_MS;
  const timer = setTimeout(
    () =>
      clock.abort(
        new OutboundError('timeout', `${host(way.origin)} didn't answer within ${timeoutMs / 1000} seconds. Try again later.`, {
          maybeSent: true,
        }),
      ),
    timeoutMs,
  );
  const signal = init.signal ? AbortSignal.any([init.signal, clock.signal]) : clock.signal;
  // It alone is no reason for the process to live on.
  timer.unref();
  const stop = () => clearTimeout(timer);
  try {
    const response = await follow(input, { ...init, signal }, way);
    if (!response.body || response.headers.get('content-type')?.startsWith('text/event-stream')) {
      stop();
      return response;
    }
    return limitedBody(response, response.body, { origin: way.origin, maxBytes: way.limits.maxBytes ?? MAX_BYTES }, stop);
  } catch (cause) {
    stop();
    if (init.signal?.aborted) throw init.signal.reason;
    throw failure(cause, way.origin);
  }
}

/** Redirects are followed by hand, since fetch would carry a key over to another host. */
async function follow(input: Parameters<Fetch>[0], init: RequestInit, way: Way): Promise<Response> {
  let target = input;
  for (let hops = 0; ; hops++) {
    const url = new URL(target instanceof Request ? target.url : String(target));
    if (url.origin !== way.origin) throw elsewhere(way.origin, url.host);
    const response = await fetch(target, { ...init, redirect: 'manual', dispatcher: way.dispatcher });
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null || init.redirect === 'manual') return response;
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (next?.origin !== way.origin)
      throw new OutboundError(
        'blocked',
        `${host(way.origin)} sends us on to another place, which is not followed. Enter the right address.`,
        { maybeSent: true },
      );
    if (hops === MAX_REDIRECTS) throw new OutboundError('blocked', `${host(way.origin)} sends us in circles.`, { maybeSent: true });
    // A post that is sent on would have to be repeated or turned into a get: an API does neither, a wrong address does.
    if ((init.method ?? 'GET').toUpperCase() !== 'GET')
      throw new OutboundError('blocked', `${host(way.origin)} sends us on to another page. Enter the right address.`, { maybeSent: true });
    target = next;
  }
}
