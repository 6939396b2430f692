/** What the library tells, as the plain body that `parseLinked` reads. */
import type { Arrival } from './arrivals.ts';
import type { Baileys, Creds } from './baileys.ts';
import { userOf } from './ids.ts';
import type { Body } from './shapes.ts';

/** The account's own numbers, by which others mention it: its phone's and its LID's. */
export function ownOf({ me }: Creds): string[] {
  return [userOf(me?.id ?? ''), userOf(me?.lid ?? '')].filter((user) => user !== '');
}

/** Messages with bytes as base64 and numbers as numbers, and without the library's classes. */
export function bodyOf(
  { proto }: Baileys,
  creds: Creds,
  about: Pick<Body, 'groups' | 'at'>,
  news: { messages?: Told[]; updates?: object[] },
): Body {
  const messages = (news.messages ?? []).map(({ key, messageTimestamp, pushName, messageStubType, message }) => ({
    key: { ...key },
    messageTimestamp: Number(messageTimestamp ?? about.at / 1000),
    pushName,
    messageStubType,
    message: message ? proto.Message.toObject(proto.Message.fromObject(message), { longs: Number, bytes: String }) : null,
  }));
  return { own: ownOf(creds), ...about, messages, updates: news.updates ?? [] };
}

type Told = Pick<Parameters<Baileys['cleanMessage']>[0], 'key' | 'messageTimestamp' | 'pushName' | 'messageStubType' | 'message'>;

/** The message of an arrival as the library itself would tell it; null for one that it can't read. */
export function openArrival(
  { decodeMessageNode, proto, unpadRandomMax16 }: Baileys,
  { me }: Creds,
  { attrs, words }: Arrival,
): Told | null {
  try {
    const { fullMessage } = decodeMessageNode({ tag: 'message', attrs }, me?.id ?? '', me?.lid ?? '');
    const message = proto.Message.decode(unpadRandomMax16(Buffer.from(words, 'base64')));
    return { ...fullMessage, message: message.deviceSentMessage?.message ?? message };
  } catch {
    return null;
  }
}
