/*! Deskbell's chat bubble, its part for answers that are being written. Free software, AGPL-3.0-only. */

/** A text that is still being written, with open marks closed and half ones left out: as src/lib/unfinished-markdown.ts does. */
export function closeMarks(text) {
  if (text.split(/^```/m).length % 2 === 0) return text;
  const start = text.lastIndexOf('\n\n') + 1;
  let part = text.slice(start);
  const open = [];
  for (let at = 0; at < part.length; at++) {
    const inner = open.at(-1) === '*' && part.startsWith('***', at);
    const [run] = inner ? ['*'] : (/^(?:\*\*?|__?|`|\[)/.exec(part.slice(at, at + 2)) ?? ['']);
    const after = part[at + run.length] ?? '';
    if (run === '`') {
      const end = part.indexOf(run, at + 1);
      if (end < 0 && open.push(run)) break;
      at = end;
    } else if (run === '[') {
      const [found, words, address] = /^([^\]]{0,80})(?:\](?:(\()[^)\s]*)?)?$/.exec(part.slice(at + 1, at + 400)) ?? [];
      if (found !== undefined) part = part.slice(0, at) + (address ? words : '');
    } else if (run && !/^\w_+[^\W_]/.test(part.slice(at - 1, at + 3))) {
      if (open.at(-1) === run) open.pop();
      else if (!after) part = part.slice(0, at);
      else if (/\S/.test(after)) open.push(run);
      at += run.length - 1;
    }
  }
  part = part.trimEnd();
  while (open.length && part.endsWith(open.at(-1))) part = part.slice(0, -open.pop().length).trimEnd();
  return text.slice(0, start) + part + open.reverse().join('');
}
