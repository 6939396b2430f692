/**
 * Light Markdown as plain text, since neither Messenger nor Instagram shows marks to everybody. A link's address stands
 * behind its words. Marks that don't fit are left as they are, so that nothing is lost.
 */
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;

export function markdownToPlain(text: string): string {
  const plain = text
    .split(CODE)
    .map((piece, at) => (at % 2 === 1 ? piece.replace(/^```(?:[\w+#.-]+\n|\n)?|^`|\n?```$|`$/g, '') : unmarked(piece)))
    .join('');
  // Marks around nothing are all that there is to send.
  return plain.trim() === '' ? text : plain;
}

function unmarked(text: string): string {
  return text
    .replace(/!?\[([^\]\n]*)\]\((https?:\/\/[^\s)]+)\)/g, (_all, words: string, url: string) =>
      words === '' || words === url ? url : `${words} (${url})`,
    )
    .replace(/^([ \t]*)[*+][ \t]+/gm, '$1- ')
    .replace(/\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*/g, '$1')
    .replace(/(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/g, '$1')
    .replace(/(?<!\w)__([^\s_](?:[^_\n]*[^\s_])?)__(?!\w)/g, '$1')
    .replace(/(?<!\w)_([^\s_](?:[^_\n]*[^\s_])?)_(?!\w)/g, '$1')
    .replace(/~~([^\s~](?:[^~\n]*[^\s~])?)~~/g, '$1')
    .replace(/^#{1,6}[ \t]+(\S.*?)[ \t]*#*$/gm, '$1');
}
