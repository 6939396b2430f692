/**
 * Light Markdown as safe HTML, for text that a model or a stranger wrote: emphasis, lists, quotes, code and links.
 * Two locks: markdown-it takes no HTML in, sanitize-html lets only the tags below out. Headings become bold lines and
 * pictures become links: a bubble is no document, and a picture would tell its host that somebody reads.
 */
import { createRequire } from 'node:module';
import type { Env, MarkdownIt, RendererRule } from 'markdown-it';
import type { IOptions } from 'sanitize-html';
import { once } from './once.ts';

/** Where the source with this number stands on the page (`#q12-1`), or null when the answer has no such source. */
export type CiteTarget = (n: number) => string | null;

interface Environment extends Env {
  cite: CiteTarget;
}

const NO_CITES: CiteTarget = () => null;
const BLOCKS = new Set(['paragraph_open', 'bullet_list_open', 'ordered_list_open', 'blockquote_open', 'heading_open']);
const ADDRESS = /^(?:https?:\/\/|mailto:|tel:)/i;

/** The two locks are loaded with the first text: 45 ms and 9 MB, and most starts are followed by no page that shows one. */
const require = createRequire(import.meta.url);
const locks = once((): { markdown: MarkdownIt; sanitize: (html: string, options: IOptions) => string } => {
  const Markdown = require('markdown-it') as typeof import('markdown-it').default;
  const markdown = new Markdown({ html: false, linkify: true, breaks: true });
  markdown.disable(['table', 'hr', 'reference']);
  // Only what is written as an address becomes a link: "at 5.Then" is no host.
  markdown.linkify.set({ fuzzyLink: false });
  // A link that we made ourselves must not be confused with one that the text asks for: relative ones would point into our pages.
  const validate = markdown.validateLink.bind(markdown);
  markdown.validateLink = (url) => ADDRESS.test(url) && validate(url);
  readCites(markdown);
  // Each block finds its own direction: an Arabic line in an English answer reads from its own side.
  markdown.core.ruler.push('direction', (state) => {
    for (const token of state.tokens) if (BLOCKS.has(token.type)) token.attrSet('dir', 'auto');
  });
  Object.assign(markdown.renderer.rules, rulesOf(markdown.utils.escapeHtml));
  return { markdown, sanitize: require('sanitize-html') as typeof import('sanitize-html') };
});

function readCites(markdown: MarkdownIt): void {
  markdown.inline.ruler.before('link', 'cite', (state, silent) => {
    const found = /^\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\](?!\()/.exec(state.src.slice(state.pos, state.pos + 24));
    if (!found?.[1]) return false;
    const { cite } = state.env as Environment;
    const targets = found[1].split(',').map((n) => ({ n: Number(n), href: cite(Number(n)) }));
    if (!targets.some((target) => target.href)) return false;
    // A citation stands at its word, as a note does.
    if (!silent) state.pending = state.pending.trimEnd();
    if (!silent) for (const { n, href } of targets) if (href) Object.assign(state.push('cite', 'a', 0), { content: String(n), info: href });
    state.pos += found[0].length;
    return true;
  });
}

function rulesOf(escape: (text: string) => string): Record<string, RendererRule> {
  return {
    heading_open: () => '<p dir="auto"><strong>',
    heading_close: () => '</strong></p>\n',
    link_open: (tokens, index, options, _env, self) => {
      tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
      tokens[index]?.attrSet('target', '_blank');
      return self.renderToken(tokens, index, options);
    },
    image: (tokens, index) => {
      const token = tokens[index];
      const address = String(token?.attrGet('src') ?? '');
      return `<a href="${escape(address)}" rel="noopener noreferrer nofollow" target="_blank">${escape(token?.content || address)}</a>`;
    },
    cite: (tokens, index) => {
      const { content = '', info = '' } = tokens[index] ?? {};
      return `<a class="cite" href="${escape(info)}" aria-label="Source ${content}">${content}</a>`;
    },
  };
}

const ALLOWED: IOptions = {
  allowedTags: ['p', 'br', 'strong', 'em', 's', 'code', 'pre', 'ul', 'ol', 'li', 'blockquote', 'a'],
  allowedAttributes: {
    a: ['href', 'rel', 'target', 'aria-label', 'class'],
    ol: ['start', 'dir'],
    p: ['dir'],
    ul: ['dir'],
    blockquote: ['dir'],
  },
  allowedClasses: { a: ['cite'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
};

/**
 * HTML of `text`, safe to put into a page as it is.
 * With `cite`, a bracketed number such as `[2]` becomes a link to that source; numbers it doesn't know stay as text.
 */
export function markdownToHtml(text: string, cite: CiteTarget = NO_CITES): string {
  const environment: Environment = { cite };
  const { markdown, sanitize } = locks();
  return sanitize(markdown.render(text, environment), ALLOWED).trim();
}
