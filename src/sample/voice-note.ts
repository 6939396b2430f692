import { Readable } from 'node:stream';
import { keepFile, keepText, receiveEvents, wantText, type Received } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';

const SECONDS = 3;
const RATE = 8000;

/** A customer's voice note, written down as their bot's model would. Nothing is heard in it. */
export async function sendVoice(
  ws: Workspace,
  channelId: number,
  said: { thread: string; name: string; language: string; externalId: string; text: string },
): Promise<Received | undefined> {
  const { thread, name, language, externalId, text } = said;
  const file = { name: 'voice.wav', file: await keepFile(ws, Readable.from([silence()])) };
  const event = {
    type: 'message' as const,
    thread,
    sender: { externalId: thread, displayName: name, language },
    externalId,
    saidAt: ws.clock.now(),
    parts: [{ kind: 'audio' as const, file: { reference: 'voice' }, detail: { voice: true } }],
  };
  const [received] = await receiveEvents(ws, channelId, [event], { files: new Map([['voice', file]]) });
  ws.write(() => {
    const id = ws.prepare('SELECT max(id) FROM attachments').pluck().get() as number;
    wantText(ws, id, 'voice');
    keepText(ws, id, { text });
  });
  return received;
}

/** WAV, a byte for each sample. */
function silence(): Buffer {
  const samples = Buffer.alloc(SECONDS * RATE, 0x80);
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\0\0\0\0\0\0\0\0\x01\0\x08\0data\0\0\0\0', 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE, 28);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
