/** What in a group is for the bot. */
import type { Entity, Message } from './shapes.ts';

/** The bot: its id, and its user name with the @. */
export interface Self {
  id: string;
  name: string;
}

const COMMAND = /^\/(start|human|delete)(@\w+)?(?:\s+([\s\S]*\S))?\s*$/i;

export interface Command {
  name: 'start' | 'human' | 'delete';
  words: string | undefined;
}

/** The command that a message is; null for one that isn't ours, or that is another bot's by name. */
export function commandIn(said: Message, self: Self | undefined): Command | null {
  const [, name, to, words] = COMMAND.exec(said.text ?? '') ?? [];
  if (name === undefined || (to !== undefined && self !== undefined && !isName(to, self))) return null;
  return { name: name.toLowerCase() as Command['name'], words };
}

/** Whether a message in a group is for the bot: it names it, replies to it, or is one of its commands. */
export function isToBot(said: Message, self: Self | undefined): boolean {
  if (self === undefined) return false;
  const repliesTo = said.reply_to_message;
  // In a forum everything replies to the note that began the topic.
  if (String(repliesTo?.from?.id) === self.id && repliesTo?.['forum_topic_created'] === undefined) return true;
  return commandIn(said, self) !== null || mentions(said, self).length > 0;
}

/** The message as it would be said to the bot alone: without its user name, which no knowledge holds. */
export function withoutMention(said: Message, self: Self | undefined): Message {
  if (self === undefined) return said;
  const cut = (text: string): string => {
    let rest = text;
    const names = mentions(said, self).filter(({ type }) => type === 'mention');
    for (const { offset, length } of names.toReversed())
      rest = `${rest.slice(0, offset).trimEnd()} ${rest.slice(offset + length).trimStart()}`;
    return rest.trim() === '' ? text : rest.trim();
  };
  if (said.text !== undefined) return { ...said, text: cut(said.text) };
  return said.caption === undefined ? said : { ...said, caption: cut(said.caption) };
}

/** In the order in which they stand. */
function mentions(said: Message, self: Self): Entity[] {
  const text = said.text ?? said.caption ?? '';
  const entities = said.text === undefined ? said.caption_entities : said.entities;
  return (entities ?? [])
    .filter(({ type, offset, length, user }) =>
      type === 'mention' ? isName(text.slice(offset, offset + length), self) : type === 'text_mention' && String(user?.id) === self.id,
    )
    .toSorted((a, b) => a.offset - b.offset);
}

function isName(word: string, { name }: Self): boolean {
  return word.toLowerCase() === name.toLowerCase();
}
