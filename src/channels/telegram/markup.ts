/**
 * Light Markdown as the HTML that Telegram takes. HTML rather than MarkdownV2: three characters to escape instead of
 * eighteen, and tags that markdown-it has already paired. What a reader sees is never longer than the Markdown was, so
 * a text within the limit stays within it.
 */
import { createRequire } from 'node:module';
import type { MarkdownIt, Token } from 'markdown-it';
import { once } from '../../lib/once.ts';

const require = createRequire(import.meta.url);

/** Loaded with the first message: it costs 10 ms, and most starts send nothing to Telegram. */
const markdown = once((): MarkdownIt => {
  const Reader = require('markdown-it') as typeof import('markdown-it').default;
  const reader = new Reader({ html: false, linkify: false, breaks: true });
  // A table has no form in a chat, "Hours\n---" is no heading there, and an indented line is no code.
  return reader.disable(['table', 'lheading', 'code', 'reference']);
});

const INLINE: Record<string, string> = {
  strong_open: '<b>',
  strong_close: '</b>',
  em_open: '<i>',
  em_close: '</i>',
  s_open: '<s>',
  s_close: '</s>',
  link_close: '</a>',
  softbreak: '\n',
  hardbreak: '\n',
};

export function markdownToTelegram(text: string): string {
  const page = new Page();
  for (const token of markdown().parse(text, {})) page.add(token);
  return page.html.trim();
}

/** Collects blocks, with a blank line between two wherever the source had one. */
class Page {
  html = '';
  #line = 0;
  #lists: { ordered: boolean }[] = [];
  /** What stands before the next block: a bullet, a number. */
  #before = '';
  #quotes = 0;
  #quoteIsOpen = false;

  add(token: Token): void {
    const { type } = token;
    if (type === 'bullet_list_open' || type === 'ordered_list_open') this.#lists.push({ ordered: type === 'ordered_list_open' });
    else if (type === 'bullet_list_close' || type === 'ordered_list_close') this.#lists.pop();
    else if (type === 'list_item_open')
      this.#before = '  '.repeat(this.#lists.length - 1) + (this.#lists.at(-1)?.ordered ? `${token.info}${token.markup} ` : '• ');
    else if (type === 'blockquote_open') this.#quotes += 1;
    else if (type === 'blockquote_close') this.#endQuote();
    else if (type === 'heading_open') this.#before += '<b>';
    else if (type === 'heading_close') this.html += '</b>';
    else if (type === 'inline') this.#block(token, inline(token.children ?? []));
    else if (type === 'fence') this.#block(token, code(token));
    else if (type === 'hr') this.#block(token, '———');
  }

  #block(token: Token, html: string): void {
    const [first, end] = token.map ?? [this.#line, this.#line + 1];
    if (this.html !== '') this.html += first > this.#line ? '\n\n' : '\n';
    this.#line = end;
    // Telegram takes no quote within a quote.
    if (this.#quotes > 0 && !this.#quoteIsOpen) {
      this.html += '<blockquote>';
      this.#quoteIsOpen = true;
    }
    this.html += this.#before + html;
    this.#before = '';
  }

  #endQuote(): void {
    this.#quotes -= 1;
    if (this.#quotes > 0 || !this.#quoteIsOpen) return;
    this.html += '</blockquote>';
    this.#quoteIsOpen = false;
  }
}

function inline(tokens: Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'link_open') return `<a href="${escaped(String(token.attrGet('href') ?? ''))}">`;
      if (token.type === 'code_inline') return `<code>${escaped(token.content)}</code>`;
      if (token.type === 'image') {
        const address = String(token.attrGet('src') ?? '');
        return `<a href="${escaped(address)}">${escaped(token.content || address)}</a>`;
      }
      return INLINE[token.type] ?? escaped(token.content);
    })
    .join('');
}

function code(token: Token): string {
  const language = /^[\w+#.-]+/.exec(token.info)?.[0];
  const text = escaped(token.content.replace(/\n$/, ''));
  return language ? `<pre><code class="language-${escaped(language)}">${text}</code></pre>` : `<pre>${text}</pre>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
