/** Beyond this an open bracket is only a bracket, and what follows it isn't kept waiting. */
const LABEL_AT_MOST = 80;

interface Read {
  /** What can be shown of the paragraph. */
  shown: string;
  /** Marks that are still open, the innermost last. */
  open: string[];
}

/**
 * The beginning of a Markdown text that is still being written, so that it reads well as it stands: what was opened is
 * closed, and what may still become a mark or a link waits. Its last paragraph alone can be open; a fence closes by
 * itself wherever Markdown is read. One walk, no pattern that looks back: a flood of marks costs no more than its length.
 * The widget does the same in public/widget.js.
 */
export function closeMarks(text: string): string {
  if ((text.match(/^```/gm)?.length ?? 0) % 2 === 1) return text;
  const start = text.lastIndexOf('\n\n') + 1;
  const { shown, open } = read(text.slice(start).replace(/\n[-=+#>]{1,6} ?$/, ''));
  let rest = shown.trimEnd();
  // An opener that nothing follows yet.
  for (let last = open.at(-1); last !== undefined && rest.endsWith(last); last = open.at(-1)) {
    rest = rest.slice(0, -last.length).trimEnd();
    open.pop();
  }
  return text.slice(0, start) + rest + open.reverse().join('');
}

function read(paragraph: string): Read {
  const open: string[] = [];
  for (let at = 0; at < paragraph.length; at++) {
    const character = paragraph[at];
    if (character === '\\') at++;
    else if (character === '`') {
      const end = paragraph.indexOf('`', at + 1);
      if (end === -1) return { shown: paragraph, open: [...open, '`'] };
      at = end;
    } else if (character === '[') {
      const words = unfinishedLink(paragraph, at);
      if (words !== null) return { shown: paragraph.slice(0, at) + words, open };
    } else if (character === '*' || character === '_') {
      const run = /^(?:\*{1,3}|_{1,3})/.exec(paragraph.slice(at, at + 3))?.[0] ?? character;
      const left = take(run, paragraph.charAt(at - 1), paragraph.charAt(at + run.length), open);
      at += run.length - 1;
      if (left !== '' && at === paragraph.length - 1) return { shown: paragraph.slice(0, -left.length), open };
    }
  }
  return { shown: paragraph, open };
}

/** Closes what a run of marks closes, and opens what it opens; returns what it did neither with. */
function take(run: string, before: string, after: string, open: string[]): string {
  const within = run.startsWith('_') && /\w/.test(before) && /\w/.test(after);
  let left = run;
  for (let last = open.at(-1); last !== undefined && /\S/.test(before) && !within && left.startsWith(last); last = open.at(-1)) {
    left = left.slice(last.length);
    open.pop();
  }
  if (left === '' || within || !/\S/.test(after)) return left;
  open.push(left);
  return '';
}

/** What can be shown of a link or a citation that may not have ended; null when it has, or is none. */
function unfinishedLink(text: string, at: number): string | null {
  const window = text.slice(at + 1, at + 1 + LABEL_AT_MOST + 1);
  const end = window.indexOf(']');
  if (end === -1) return window.length > LABEL_AT_MOST ? null : '';
  const label = window.slice(0, end);
  const next = at + end + 2;
  if (next === text.length) return /^[\d, ]*$/.test(label) ? '' : label;
  return text[next] === '(' && /^[^)\s]*$/.test(text.slice(next)) ? label : null;
}
