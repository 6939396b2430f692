/** Stanzas, taken apart and put together. */
import type { BinaryNode } from './whatsapp-linked-library.ts';

export const children = ({ content }: BinaryNode): BinaryNode[] => (Array.isArray(content) ? content : []);

export function child(node: BinaryNode, tag: string): BinaryNode {
  return children(node).find((each) => each.tag === tag) ?? { tag: 'none', attrs: {} };
}

export function bytesOf({ content }: BinaryNode): Buffer {
  return Buffer.from(content instanceof Uint8Array ? content : []);
}

/** A number of a few bytes, the highest first. */
export const numberOf = (node: BinaryNode): number => {
  const bytes = bytesOf(node);
  return bytes.length === 0 ? 0 : bytes.readUIntBE(0, bytes.length);
};

export function leaf(tag: string, content: Uint8Array | string): BinaryNode {
  return { tag, attrs: {}, content: typeof content === 'string' ? Buffer.from(content) : content };
}

export function number(tag: string, value: number, bytes: number): BinaryNode {
  const content = Buffer.alloc(bytes);
  content.writeUIntBE(value, 0, bytes);
  return { tag, attrs: {}, content };
}

export const seconds = (at: number): string => String(Math.floor(at / 1000));
