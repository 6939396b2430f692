import { noteHeard, writeState, type ChannelEvent } from '../channels/index.ts';
import { warmSearch } from '../knowledge/index.ts';
import type { Workspace } from '../workspace.ts';
import type { NamedFile } from './attachments/attachment.ts';
import { channelFor, type OpenChannel } from './open-channel.ts';
import { receiveCommand } from './receive-command.ts';
import { receiveEcho } from './receive-echo.ts';
import { receiveFromMember } from './receive-from-member.ts';
import { receiveIdentity } from './receive-identity.ts';
import { receiveMessage, receiveRevocation } from './receive-message.ts';
import { receiveReach } from './receive-reach.ts';
import { receiveReaction } from './receive-reaction.ts';
import { receiveReceipt, receiveThrough } from './receive-receipt.ts';

/** Files that came with their event, and lie sealed on the disk already, by the `reference` of their part. */
export type FilesByReference = ReadonlyMap<string, NamedFile>;

const NO_FILES: FilesByReference = new Map();

/** What became of one event. */
export interface Received {
  outcome: 'stored' | 'duplicate' | 'edited' | 'settled' | 'kept' | 'ignored';
  conversationId?: number;
  /** The conversation's name to the outside, where a message was stored. */
  publicId?: string;
  messageId?: number;
}

/**
 * Takes in what a channel heard: all events and the channel's new state in one durable transaction, each event in a
 * savepoint. Resolves after the commit; only then may a webhook answer 200 or a poller go on. Nothing is lost when it
 * throws: the far side delivers again, and what was stored is known by its hash.
 */
export function receiveEvents(
  ws: Workspace,
  channelId: number,
  events: ChannelEvent[],
  options: { state?: unknown; files?: FilesByReference } = {},
): Promise<Received[]> {
  warmSearch();
  return ws.together(() => {
    const channel = channelFor(ws, channelId);
    const [only] = events;
    const received =
      events.length === 1 && only
        ? [receiveOne(ws, channel, only, options.files)]
        : events.map((event) => receiveInSavepoint(ws, channel, event));
    if ('state' in options) writeState(ws, channelId, options.state);
    const heard = events.some((event) => !event.type.startsWith('receipt'));
    if (heard) noteHeard(ws, channelId);
    return received;
  });
}

/**
 * One event in a savepoint of its own: an event that can't be stored must not hold up the rest of its batch for ever.
 * It is kept as unrecognised, for a person to see. A full or ill disk is another matter: then nothing is acknowledged.
 */
function receiveInSavepoint(ws: Workspace, channel: OpenChannel, event: ChannelEvent): Received {
  ws.sql.exec('SAVEPOINT event');
  try {
    const received = receiveOne(ws, channel, event);
    ws.sql.exec('RELEASE event');
    return received;
  } catch (err) {
    if (!ws.sql.inTransaction || isDiskTrouble(err)) throw err;
    ws.sql.exec('ROLLBACK TO event; RELEASE event');
    ws.installation.log.error(
      { err, workspace: ws.id, channel: channel.id, event: event.type },
      'an event could not be stored and was kept as unrecognised',
    );
    return keep(ws, channel.id, JSON.stringify(event));
  }
}

function isDiskTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(FULL|IOERR|CORRUPT|READONLY|CANTOPEN)/.test(code);
}

function keep(ws: Workspace, channelId: number, body: string): Received {
  ws.prepare('INSERT INTO unrecognised (channel_id, body, received_at) VALUES (?, ?, ?)').run(channelId, body, ws.clock.now());
  return { outcome: 'kept' };
}

function receiveOne(ws: Workspace, channel: OpenChannel, event: ChannelEvent, files = NO_FILES): Received {
  const fromMember = receiveFromMember(ws, channel, event);
  if (fromMember) return fromMember;
  switch (event.type) {
    case 'message':
      return receiveMessage(ws, channel, event, files);
    case 'revoked':
      return receiveRevocation(ws, channel, event);
    case 'reaction':
      return receiveReaction(ws, channel.id, event);
    case 'reach':
      return receiveReach(ws, channel.id, event);
    case 'identity':
      return receiveIdentity(ws, channel.id, event);
    case 'receipt':
      return receiveReceipt(ws, channel.id, event);
    case 'receipt-through':
      return receiveThrough(ws, channel.id, event);
    case 'echo':
      return receiveEcho(ws, channel, event);
    case 'command':
      return receiveCommand(ws, channel, event);
    case 'unrecognised':
      return keep(ws, channel.id, event.body);
  }
}
