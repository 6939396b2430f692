/**
 * Light Markdown in WhatsApp's own marks: *bold*, _italic_, ~struck~, and code as it is. Links have no text of their own
 * there, so the address stands behind it. What a mark's inside can't carry (a star within bold) is left as it was: marks
 * that don't fit are shown as they are, and nothing is lost.
 */
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;

export function markdownToWhatsapp(text: string): string {
  return text
    .split(CODE)
    .map((piece, at) => (at % 2 === 1 ? piece.replace(/^```[\w+#.-]+\n/, '```\n') : marked(piece)))
    .join('');
}

function marked(text: string): string {
  return text
    .replace(/!?\[([^\]\n]*)\]\((https?:\/\/[^\s)]+)\)/g, (_all, words: string, url: string) =>
      words === '' || words === url ? url : `${words} (${url})`,
    )
    .replace(/^([ \t]*)[*+][ \t]+/gm, '$1- ')
    .replace(/(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/g, '_$1_')
    .replace(/\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*/g, '*$1*')
    .replace(/~~([^\s~](?:[^~\n]*[^\s~])?)~~/g, '~$1~')
    .replace(/^#{1,6}[ \t]+(\S.*?)[ \t]*#*$/gm, '*$1*');
}
