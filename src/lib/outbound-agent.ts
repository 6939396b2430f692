/**
 * The way out for an SDK that takes no fetch but one of Node's agents: the same rules, kept where a connection is made.
 * What opens the connection is handed in, so that only outbound.ts holds the means.
 */
import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connectionFailure, elsewhere, OutboundError } from './outbound-error.ts';

const CONNECT_WITHIN_MS = 10_000;

/** What Node's types leave out: the method by which a request asks its agent for a connection. */
declare module 'node:http' {
  interface Agent {
    addRequest(request: ClientRequest, options: object): void;
  }
}

/**
 * Binds an agent to one origin. A request gets its connection when that is whole, its certificate verified: an error
 * before is an OutboundError with `maybeSent: false`, and whatever comes after may have been sent.
 */
export function bindAgent(agent: Agent, { protocol, hostname, port, origin }: URL): Agent {
  const open = agent.createConnection.bind(agent);
  const secure = protocol === 'https:';
  const only = `${hostname.replace(/^\[|\]$/g, '')}:${port || (secure ? 443 : 80)}`;
  agent.createConnection = (options, done) => {
    if (`${options.host}:${options.port}` !== only || options.socketPath) throw elsewhere(origin, options.host ?? '');
    const socket = open(options) as Socket;
    const settle = (error: Error | null) => {
      clearTimeout(limit);
      socket.off('error', fail);
      done?.(error, socket);
    };
    const fail = (cause: Error) => settle(connectionFailure(cause, origin, { maybeSent: false }));
    const limit = setTimeout(() => socket.destroy(tooSlow(origin)), CONNECT_WITHIN_MS);
    socket.once('error', fail);
    socket.once(secure ? 'secureConnect' : 'connect', () => settle(null));
    return null;
  };
  return agent;
}

function tooSlow(origin: string): OutboundError {
  return new OutboundError('timeout', `${new URL(origin).host} couldn't be reached in time. Try again later.`);
}
