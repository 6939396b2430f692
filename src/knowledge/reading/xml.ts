/** XML out of an archive, as it unfolds: no tree is built, no entity is defined, nothing is fetched. */
import { Parser } from 'htmlparser2';
import type { Archive } from './archive.ts';
import { Unreadable } from './material.ts';

/** Deeper than any program writes. */
const DEEPEST = 2000;

export type Attributes = Readonly<Record<string, string>>;

/** Names come without their prefix: which one stands for a namespace is each file's own choice. */
export interface XmlReader {
  open?(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Reads one member of an archive. Throws Unreadable when it isn't whole, is nested absurdly, or defines entities. */
export function readXml(archive: Archive, member: string, reader: XmlReader): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > DEEPEST) throw absurd();
        reader.open?.(bare(name), attributes);
      },
      onclosetag(name) {
        depth -= 1;
        reader.close?.(bare(name));
      },
      ontext: (text) => reader.text?.(text),
      onprocessinginstruction(_name, data) {
        if (/^!ENTITY|^!DOCTYPE[^]*<!ENTITY/i.test(data)) throw absurd();
      },
    },
    { xmlMode: true },
  );
  let decoded = (piece: Uint8Array): string => {
    const decoder = new TextDecoder(encodingOf(piece));
    decoded = (more) => decoder.decode(more, { stream: true });
    return decoded(piece);
  };
  archive.stream(member, (piece) => parser.write(decoded(piece)));
  // What is open here would be closed by the parser as if the file had said so.
  if (depth > 0) throw cutOff();
  parser.end();
}

function bare(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff || (start[0] === 0x3c && start[1] === 0)) return 'utf-16le';
  if (start[0] === 0xfe || (start[0] === 0 && start[1] === 0x3c)) return 'utf-16be';
  return 'utf-8';
}

/** An attribute by its name without prefix. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  return attributes[name] ?? prefixed(attributes, name);
}

/** The one of two of the same name that has a prefix: `id` and `r:id`. */
export function prefixed(attributes: Attributes, name: string): string | undefined {
  for (const key in attributes) if (key.endsWith(`:${name}`)) return attributes[key];
  return undefined;
}

function cutOff(): Unreadable {
  return new Unreadable('This file is damaged: a part of it breaks off. Open it where it was made, save it again and upload that.');
}

function absurd(): Unreadable {
  return new Unreadable('This file holds what no office program writes, so Deskbell doesn’t open it. Save it again, or paste the text.');
}
