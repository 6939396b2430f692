/*! Deskbell's chat bubble. Free software, AGPL-3.0-only. */

/**
 *   <script src="https://chat.example.com/widget.js" data-deskbell="wc_…" async></script>
 *
 * It runs on other people's pages: everything lives in a shadow root, styles are constructed (a page's CSP can't
 * forbid them), content becomes nodes and never HTML, the one global is `deskbell` with `open()`, `close()`,
 * `identify(token)`, `signOut()` and `destroy()`.
 * Written for browsers from spring 2023 on. Comments like this one aren't sent.
 * Until a visitor opens it there is this one request; until they write, nothing is kept in the browser. Then localStorage
 * holds `deskbell.<id>`: the token, what isn't sent yet, how far they have read, and whether the chat stands open. Of who is
 * signed in on the website it holds the same under a key of their own, but no token. Who opens it loads widget-drafts.js,
 * who sends or gets a file widget-files.js, who hears a sound widget-sound.js.
 */
(() => {
  'use strict';

  const script = document.currentScript ?? document.querySelector('script[data-deskbell]');
  const { deskbell: id, identity: signed } = script?.dataset ?? {};
  if (!id) return;
  if (window.deskbell?.identify) {
    // A single-page app laid this script anew: the one that runs makes sure that it still stands on the page.
    document.dispatchEvent(new Event('deskbell:again'));
    if (signed) window.deskbell.identify(signed);
    return;
  }

  const base = new URL(`widget/${encodeURIComponent(id)}/`, script.src);
  const fullPage = 'page' in script.dataset;
  const SEND_AT_MOST = 4000;
  const SILENT_MS = 60_000;
  const RETRY_AT_MOST_MS = 30_000;
  const ANSWER_MS = 45_000;
  const RECENT_MS = 24 * 3600_000;
  const HELD_MS = 10_000;

  /** What must be said before the settings are there: the button's name, and that the server can't be reached. */
  const FIRST = {
    en: ['Chat', 'The chat can’t be reached just now. It tries again by itself.'],
    de: ['Chat', 'Der Chat ist gerade nicht erreichbar. Er versucht es von selbst wieder.'],
    fr: ['Discussion', 'La discussion est injoignable pour l’instant. Une nouvelle tentative aura lieu d’elle-même.'],
    es: ['Chat', 'Ahora no se puede contactar con el chat. Lo intentará de nuevo por sí solo.'],
    it: ['Chat', 'Al momento la chat non è raggiungibile. Riproverà da sola.'],
    pt: ['Chat', 'O chat não está acessível agora. Ele tenta de novo sozinho.'],
    nl: ['Chat', 'De chat is nu niet bereikbaar. Hij probeert het vanzelf opnieuw.'],
    pl: ['Czat', 'Czat jest teraz niedostępny. Sam spróbuje ponownie.'],
    tr: ['Sohbet', 'Sohbete şu anda ulaşılamıyor. Kendiliğinden yeniden deneyecek.'],
    ru: ['Чат', 'Чат сейчас недоступен. Он сам попробует ещё раз.'],
    uk: ['Чат', 'Чат зараз недоступний. Він сам спробує ще раз.'],
    ar: ['محادثة', 'لا يمكن الوصول إلى المحادثة الآن. ستُعاد المحاولة تلقائيًا.'],
    he: ['צ׳אט', 'אין כרגע גישה לצ׳אט. הוא ינסה שוב מעצמו.'],
  };
  const [chat, unreachable] = FIRST[navigator.language.slice(0, 2)] ?? FIRST.en;

  // ── Look ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** One brand colour gives all others; browsers without relative colours get grey around it. */
  const STYLES = `
:host{all:initial!important;--start:auto;--end:20px}:host([start]){--start:20px;--end:auto}
aside{--fill:var(--brand);--on:var(--plain-on);--wash:#f2f1ef;--paper:#fff;--ink:#222;--soft:#5c5c5c;--rule:#ddd;--edge:#868686;--link:#222;
 font:400 15px/1.45 system-ui,"Noto Sans",sans-serif;color:var(--ink);text-align:start}
@media(prefers-color-scheme:dark){aside{--wash:#2e2d2c;--paper:#1c1b1b;--ink:#ececec;--soft:#b0b0b0;--rule:#3c3c3c;--edge:#8a8a8a;--link:#ececec}}
@supports(color:oklch(from red .5 c h)) and (color:light-dark(red,red)){aside{
 --fill:oklch(from var(--brand) clamp(.36,l,.5) c h);--on:oklch(from var(--brand) .99 .006 h);
 --wash:light-dark(oklch(from var(--brand) .958 calc(c*.13) h),oklch(from var(--brand) .29 calc(c*.16) h));
 --paper:light-dark(oklch(from var(--brand) .995 .003 h),oklch(from var(--brand) .205 .008 h));
 --ink:light-dark(oklch(from var(--brand) .25 .02 h),oklch(from var(--brand) .93 .006 h));
 --soft:light-dark(oklch(from var(--brand) .48 .02 h),oklch(from var(--brand) .73 .012 h));
 --rule:light-dark(oklch(from var(--brand) .9 .012 h),oklch(from var(--brand) .33 .012 h));
 --edge:light-dark(oklch(from var(--brand) .63 .02 h),oklch(from var(--brand) .55 .014 h));
 --link:light-dark(oklch(from var(--brand) .47 c h),oklch(from var(--brand) .8 calc(c*.6) h))}}
*{box-sizing:border-box;margin:0}[hidden]{display:none!important}button,textarea{font:inherit;color:inherit}button{cursor:pointer}
.unseen{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:6px}
.icon{inline-size:20px;block-size:20px;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round;display:block}
.panel{position:fixed;inset-block-end:calc(var(--up) + 68px);inset-inline:var(--start) var(--end);inline-size:384px;block-size:min(680px,calc(100dvh - 88px - var(--up)));display:flex;flex-direction:column;background:var(--paper);border:1px solid var(--rule);border-radius:18px;box-shadow:0 24px 64px -12px oklch(.2 .03 30/.4),0 2px 6px oklch(.2 .03 30/.1);overflow:hidden;z-index:2147483000}
header{display:flex;align-items:center;gap:12px;padding:14px 12px 14px 16px;padding-inline:16px 12px;min-block-size:67px;border-block-end:1px solid var(--rule)}header div{flex:1;min-inline-size:0}
h2{font-size:16px;line-height:1.25;font-weight:650;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}header p{font-size:13px;color:var(--soft)}
.face{flex:none;inline-size:38px;block-size:38px;border-radius:50%;background:var(--fill);color:var(--on);display:grid;place-items:center;font-size:17px;font-weight:600;overflow:hidden}
.i-bell{inline-size:26px;block-size:26px;margin-block-start:-3px}.i-bell path:first-child{fill:currentColor;stroke:none}
.plain{border:0;background:none;inline-size:44px;block-size:44px;display:grid;place-items:center;border-radius:10px;color:var(--soft)}.plain:hover,.person:hover,.replies button:hover{background:var(--wash)}.plain.shut{display:none}header .plain+.plain{margin-inline-start:-12px}.plain[aria-pressed=false] .wave{display:none}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:14px 16px;display:flex;flex-direction:column;gap:9px}.log:focus-visible{outline-offset:-3px;border-radius:0}
.notice{font-size:13px;color:var(--soft);padding-block-end:4px;text-wrap:pretty}
a{color:var(--link);text-underline-offset:.2em;text-decoration-thickness:1px}.notice a,footer a,.from a,.me a{color:inherit}
.m{max-inline-size:86%;padding:9px 13px;border-radius:16px;overflow-wrap:anywhere;position:relative}.m>*+*{margin-block-start:7px}.m>.unseen+*{margin-block-start:0}
.bot{background:var(--wash);align-self:start;border-end-start-radius:5px}.me{background:var(--fill);color:var(--on);align-self:end;border-end-end-radius:5px}.team{background:none;border:1px solid var(--rule)}
.m ul,.m ol{padding-inline-start:1.3em}.m pre{overflow-x:auto;font-size:13px;white-space:pre}.m code{font:.9em ui-monospace,monospace}
.m>.from,.mark,.by{font-size:13px;color:var(--soft);margin-block-start:5px}.m>.by{font-weight:600;margin-block-start:0}.by+*{margin-block-start:2px!important}.me .mark{color:inherit}.mark button{border:0;background:none;padding:0;font-weight:600;text-decoration:underline;text-underline-offset:.2em}
.rate{display:flex;margin:0 -10px -9px!important}.rate .plain{inline-size:36px;block-size:36px}.rate .icon{inline-size:16px}.rate .plain+* .icon{scale:1 -1}.rate [aria-pressed=true] .icon{fill:currentColor}
.event{font-size:13px;color:var(--soft);text-align:center;padding:4px 12px;text-wrap:balance}
.caret{display:inline-block;inline-size:2px;block-size:1.05em;background:var(--link);vertical-align:-.18em;margin-inline-start:3px;animation:b 1s steps(2,jump-none) infinite}@keyframes b{to{opacity:0}}
.dots{display:flex;gap:5px;padding:15px}.dots i{inline-size:6px;block-size:6px;margin:0;border-radius:50%;background:var(--soft);animation:w 1.2s ease-in-out infinite}.dots i+i{animation-delay:.15s;margin:0}.dots i+i+i{animation-delay:.3s}@keyframes w{0%,60%,100%{opacity:.35}30%{opacity:1}}
.replies{display:flex;gap:8px;flex-wrap:wrap;padding:2px 16px 12px}.replies button{border:1px solid var(--edge);background:none;border-radius:99px;padding:7px 14px;min-block-size:37px;font-size:14px;font-weight:560;color:var(--link);text-align:start}
.bar:not(:empty){font-size:13px;color:var(--soft);padding:2px 16px 10px;text-wrap:pretty}
form{display:flex;align-items:end;gap:2px;margin-inline:12px;padding:3px;border:1px solid var(--edge);border-radius:14px}form:focus-within{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
textarea{flex:1;min-inline-size:0;max-block-size:128px;field-sizing:content;border:0;background:none;outline:0;padding:8px 2px;font-size:16px;line-height:24px;resize:none}textarea:focus-visible{outline:0}textarea::placeholder{color:var(--soft);opacity:1}
form .plain{inline-size:40px;block-size:40px}.send{flex:none;border:0;inline-size:40px;block-size:40px;border-radius:11px;background:var(--fill);color:var(--on);display:grid;place-items:center}.stop{inline-size:12px;block-size:12px;border-radius:3px;background:var(--on)}
footer{display:flex;align-items:center;justify-content:space-between;gap:12px;padding:8px 16px 10px;padding-inline-start:8px;font-size:13px;color:var(--soft)}
.person{display:flex;align-items:center;gap:7px;border:0;background:none;padding:8px 10px;border-radius:9px;font-size:14px;font-weight:600;color:var(--ink)}
.launcher{position:fixed;inset-block-end:var(--up);inset-inline:var(--start) var(--end);inline-size:56px;block-size:56px;border-radius:50%;border:0;background:var(--fill);color:var(--on);display:grid;place-items:center;box-shadow:0 8px 24px -6px oklch(.2 .03 30/.5);z-index:2147483000}
.launcher:focus-visible{border-radius:50%}.launcher .icon{inline-size:26px;block-size:26px}.launcher .i-down,:host([open]) .launcher .i-chat{display:none}:host([open]) .launcher .i-down{display:block}
.dot{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;padding-inline:4px;border-radius:11px;background:#b3260a;color:#fff;border:2px solid var(--paper);font-size:12px;line-height:18px;font-weight:650}.dot::before{content:attr(data-count)}
@media(max-width:600px){:host([open]) .launcher{display:none}.plain.shut{display:grid}.panel{inset-block-end:0;inset-inline:0;inline-size:100%;block-size:calc(100dvh - 44px);border-radius:18px 18px 0 0;border-inline:0}.person,.replies button{min-block-size:44px}.send,form .plain{inline-size:44px;block-size:44px}textarea{padding-block:10px}}
:host([page]) .launcher,:host([page]) .plain.shut{display:none}:host([page]) .panel{inset-block:0;inset-inline:0;margin-inline:auto;inline-size:min(100%,720px);block-size:100dvh;border-block:0;border-radius:0;box-shadow:none}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
@media(forced-colors:active){.m,.launcher,.send{border:1px solid}}
@media print{.panel,.launcher{display:none}}`;

  // ── Nodes ───────────────────────────────────────────────────────────────────────────────────────────────────────

  const ICONS = {
    bell: ['M4 16a8 8 0 0 1 16 0z', 'M2 19h20'],
    chat: ['M3 20l1.3 -3.9a9 8 0 1 1 3.4 2.9l-4.7 1'],
    down: ['M6 9l6 6l6 -6'],
    person: ['M8 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0', 'M6 21v-2a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v2'],
    thumb: ['M7 11v9h-4v-9h4l4 -8a2 2 0 0 1 3 2v4h5a2 2 0 0 1 2 2l-1 5a3 3 0 0 1 -3 3h-10'],
    clip: ['M15 7l-6.5 6.5a1.5 1.5 0 0 0 3 3l6.5 -6.5a3 3 0 0 0 -6 -6l-6.5 6.5a4.5 4.5 0 0 0 9 9l6.5 -6.5'],
    send: ['M12 19v-14', 'M18 11l-6 -6', 'M6 11l6 -6'],
    sound: ['M6 15h-2a1 1 0 0 1 -1 -1v-4a1 1 0 0 1 1 -1h2l4 -4v14z', 'M14 8a5 5 0 0 1 0 8'],
  };

  /** An element. `on…` attributes are listeners, `true` is a bare attribute, `false`, null and undefined are none. */
  function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  function icon(name) {
    const make = (tag, attributes) => {
      const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return element;
    };
    const svg = make('svg', { viewBox: '0 0 24 24', class: `icon i-${name}`, 'aria-hidden': 'true' });
    svg.append(...ICONS[name].map((d, index) => make('path', { d, class: index ? 'wave' : '' })));
    return svg;
  }

  /** `text` with nodes in the place of `{name}`. */
  function fill(text, values) {
    return text.split(/\{(\w+)\}/).flatMap((part, index) => (index % 2 ? (values[part] ?? []) : part));
  }

  // ── Light Markdown as nodes ─────────────────────────────────────────────────────────────────────────────────────

  const INLINE =
    /`([^`\n]+)`|\*\*(?=\S)(.+?)\*\*|(?<!\w)__(?=\S)(.+?)__(?!\w)|(?<![\w*])\*(?=\S)([^*\n]+?)\*(?![\w*])|(?<!\w)_(?=\S)([^_\n]+?)_(?!\w)|\[([^\]\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?'’”»)\]*_])/g;

  function link(address, ...children) {
    let url;
    try {
      url = new URL(address);
    } catch {
      return h('span', {}, ...children);
    }
    if (!['https:', 'http:', 'mailto:', 'tel:'].includes(url.protocol)) return h('span', {}, ...children);
    return h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...children);
  }

  function inline(text) {
    const nodes = [];
    let from = 0;
    for (const found of text.matchAll(INLINE)) {
      const [whole, code, strong, strong2, em, em2, label, address, bare] = found;
      nodes.push(text.slice(from, found.index));
      from = found.index + whole.length;
      if (code) nodes.push(h('code', {}, code));
      else if (strong ?? strong2) nodes.push(h('strong', {}, ...inline(strong ?? strong2)));
      else if (em ?? em2) nodes.push(h('em', {}, ...inline(em ?? em2)));
      else if (bare) nodes.push(link(bare, bare));
      else nodes.push(link(address, ...inline(label)));
    }
    nodes.push(text.slice(from));
    return nodes;
  }

  function lines(text) {
    return text.split('\n').flatMap((line, index) => (index ? [h('br'), ...inline(line)] : inline(line)));
  }

  const BULLET = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;

  /** Consecutive list lines become one list, others one paragraph. */
  function block(text) {
    const nodes = [];
    let open = null;
    for (const line of text.split('\n')) {
      const [bullet, number, item] = BULLET.exec(line) ?? [];
      const kind = bullet === undefined ? 'p' : number ? 'ol' : 'ul';
      if (open?.kind !== kind) nodes.push((open = { kind, number, lines: [] }));
      open.lines.push(item ?? line.replace(/^(#{1,6})\s+(.*)$/, '**$2**').replace(/^>\s?/, ''));
    }
    return nodes.map(({ kind, number, lines: all }) =>
      kind === 'p'
        ? h('p', { dir: 'auto' }, ...lines(all.join('\n')))
        : h(kind, { dir: 'auto', start: number > 1 ? number : null }, ...all.map((item) => h('li', { dir: 'auto' }, ...inline(item)))),
    );
  }

  /** Paragraphs, lists, code, emphasis and links. Anything else stays the text it is. */
  function markdown(text) {
    // "[2]" names a source by its number; here the sources stand below by their names.
    const words = text.replace(/ ?\[\d{1,2}(?:, ?\d{1,2})*\](?!\()/g, '');
    return words.split(/^```[^\n]*\n([\s\S]*?)(?:^```[ \t]*$|$(?![\s\S]))/m).flatMap((part, index) => {
      if (index % 2) return h('pre', { tabindex: '0' }, h('code', {}, part.replace(/\n$/, '')));
      return part.split(/\n\s*\n/).flatMap((paragraph) => (paragraph.trim() ? block(paragraph.replace(/^\n+|\s+$/g, '')) : []));
    });
  }

  // ── The server ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** An answer that is an error: `says` is for the visitor, in their language. */
  class Refused extends Error {
    constructor(status, body, retryAfter) {
      super(body.error);
      this.status = status;
      this.body = body;
      this.retryAfter = retryAfter;
    }
  }

  async function refusal(response) {
    const body = await response.json().catch(() => ({}));
    return new Refused(response.status, body, Number(response.headers.get('Retry-After')) || 0);
  }

  /** Throws Refused, or TypeError when the server wasn't reached. */
  async function call(path, body, token) {
    const response = await fetch(new URL(path, base), {
      method: body ? 'POST' : 'GET',
      headers: {
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: body && JSON.stringify(body),
      // What is posted goes out though the page is left.
      keepalive: Boolean(body),
      credentials: 'omit',
      cache: 'no-store',
    });
    if (!response.ok) throw await refusal(response);
    return response.json();
  }

  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  const backoff = (tries) => Math.min(RETRY_AT_MOST_MS, 500 * 2 ** tries) * (0.7 + Math.random() * 0.6);

  /** Which of the website's users a token is for: a number that says nothing to whoever finds it. */
  function userOf(token) {
    let subject = '';
    try {
      subject = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub;
    } catch {
      // The server will say what is wrong with it.
    }
    let number = 0;
    for (const letter of String(subject)) number = Math.imul(number ^ letter.charCodeAt(0), 16777619) + 11;
    return (number >>> 0).toString(36);
  }

  /**
   * The chat of one visitor, from the bubble to the last listener. Who signs in or out gets another: nothing of the one
   * before can stay in it. `identity`: what the website's server signed of them; without it they have no name.
   */
  function chatOf(identity) {
    const life = new AbortController();
    const { signal } = life;

    // ── What is kept in this browser ────────────────────────────────────────────────────────────────────────────────

    const UNNAMED = `deskbell.${id}`;
    const KEY = identity ? `${UNNAMED}.${userOf(identity)}` : UNNAMED;
    const memory = {};

    function kept(key = KEY) {
      const nothing = { token: null, outbox: [], open: false, at: 0, seen: 0, muted: false };
      try {
        const found = JSON.parse(localStorage.getItem(key));
        if (found) return { ...nothing, ...found };
      } catch {
        // Storage is switched off, or another script wrote there: the page's memory will do.
      }
      return { ...nothing, ...memory[key] };
    }

    /** Another tab may have written in between: read, change, write. */
    function keep(change, key = KEY) {
      if (signal.aborted) return;
      memory[key] = { ...kept(key), ...change(kept(key)) };
      try {
        localStorage.setItem(key, JSON.stringify(memory[key]));
      } catch {
        // Full or forbidden: the conversation then lasts as long as the page.
      }
    }

    /** What proves who asks. */
    const bearer = () => identity ?? kept().token;
    /** What they wrote before they signed in. */
    const before = () => (identity ? kept(UNNAMED) : { token: null, at: 0 });
    const hasWritten = () => Boolean(kept().at || kept().outbox.length || before().token);

    const sleepers = new Set();

    /** Waits, but no longer than until the browser is online again. */
    function pause(ms) {
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        sleepers.add(wake);
      });
    }

    /** Reads server-sent events until the stream ends. A silence longer than two heartbeats is a dead line. */
    async function readEvents(response, abort, onEvent) {
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      heard = Date.now();
      for (;;) {
        const silence = setTimeout(() => abort.abort(), SILENT_MS);
        const { done, value } = await reader.read().finally(() => clearTimeout(silence));
        if (done) return;
        heard = Date.now();
        const events = (rest + value).split('\n\n');
        rest = events.pop();
        for (const event of events) {
          const field = (name) =>
            event
              .split('\n')
              .find((line) => line.startsWith(`${name}: `))
              ?.slice(name.length + 2);
          if (field('data')) onEvent(field('event'), JSON.parse(field('data')));
        }
      }
    }

    // ── The conversation ────────────────────────────────────────────────────────────────────────────────────────────

    let settings = null;
    let texts = { chat, unreachable };
    /** Message id → its node. */
    const shown = new Map();
    /** Unsent post's clientId → its node. */
    const waiting = new Map();
    /** The customer's messages from the stream, while a post is on its way that may be them. */
    let held = [];
    /** Posts with files, which no storage takes: they wait in this page alone. */
    let uploads = [];
    let lastId = 0;
    /** Ids of what others said. */
    const others = [];
    /** When the stream last gave a sign of life. */
    let heard = 0;
    /** The website's token holds no longer. */
    let ended = false;
    let draft = null;
    let closeMarks = (text) => text;
    let who = { turn: 'bot', who: null, wanted: false };
    let posting = false;
    /** Who listens, and the connection of the moment. */
    let listener = null;
    let line = null;
    /** The newest message that wasn't the visitor's own. */
    let answered = 0;

    async function load() {
      settings = await call('settings');
      texts = settings.texts;
      const mayWrite = identity || !settings.onlySignedIn;
      const known = identity ? await introduce() : mayWrite && kept().token;
      view.dress(mayWrite);
      if (!mayWrite) return;
      if (known) await history();
      for (const post of kept().outbox) if (!waiting.has(post.clientId)) waiting.set(post.clientId, view.mine(post.text));
      view.starters();
      look();
      prepare();
      if (known && bearer()) listen();
      void flush();
    }

    /** What an answer needs while it is being written comes while one reads the greeting; until then it is shown as it is. */
    function prepare() {
      const ready = (part) => ({ closeMarks } = part);
      import(new URL('widget-drafts.js', script.src)).then(ready, () => undefined);
    }

    /** Says who is signed in, and takes along what they wrote just before. True when they have a conversation here. */
    async function introduce() {
      const { token, at, outbox } = before();
      const { joined, known } = await call('identity', token ? { token } : {}, identity);
      if (known) keep((mine) => ({ at: mine.at || at || Date.now(), open: view.isOpen() }));
      if (joined) {
        keep((mine) => ({ outbox: [...mine.outbox, ...outbox] }));
        keep(() => ({ token: null, at: 0, outbox: [] }), UNNAMED);
      }
      return known;
    }

    async function history() {
      try {
        const { messages, state } = await call('thread', null, bearer());
        for (const message of messages) hear(message);
        setState(state);
      } catch (error) {
        if (error.status !== 401 || identity) throw error;
        forget();
      }
    }

    /** The token holds no longer. Without a name, what was said stays on the screen and the next message begins anew. */
    function forget(error) {
      if (identity) {
        ended = true;
        stopListening();
        view.bar(error.message);
        return;
      }
      keep(() => ({ token: null, at: 0 }));
      stopListening();
      lastId = 0;
      view.event(texts.ended);
    }

    function hear(message) {
      lastId = Math.max(lastId, message.id);
      if (message.author !== 'customer') answered = Math.max(answered, message.id);
      if (shown.has(message.id)) return;
      if (message.author === 'bot' || message.author === 'person') others.push(message.id);
      if (message.author === 'customer' && posting) {
        held.push(message);
        return;
      }
      shown.set(message.id, view.message(message));
    }

    const isLookedAt = () => view.isOpen() && !document.hidden;

    /** What they have before their eyes is read; everything else is counted. */
    function look() {
      const { seen } = kept();
      if (isLookedAt() && lastId > seen && hasWritten()) keep(() => ({ seen: lastId }));
      view.unread(isLookedAt() ? 0 : others.filter((each) => each > seen).length);
    }

    function setState(state) {
      who = state;
      view.state();
    }

    /** `choice`: the id of an answer that was offered, and touched. */
    function say(text, choice) {
      const post = { clientId: newId(), text, choice };
      keep(({ outbox }) => ({ outbox: [...outbox, post], open: true, at: Date.now() }));
      waiting.set(post.clientId, view.mine(text));
      void flush();
    }

    function drop(clientId) {
      const others = (posts) => posts.filter((post) => post.clientId !== clientId);
      uploads = others(uploads);
      keep(({ outbox }) => ({ outbox: others(outbox) }));
    }

    /** Sends what waits, one after the other: the first brings the token that the next ones need. */
    async function flush() {
      if (posting) return;
      posting = true;
      for (let tries = 0, post; !ended && !signal.aborted && (post = uploads[0] ?? kept().outbox[0]);) {
        try {
          await deliver(post);
          tries = 0;
          view.bar('');
        } catch (error) {
          await survive(error, post, tries++);
        }
      }
      posting = false;
      const news = held;
      held = [];
      for (const message of news) hear(message);
    }

    async function deliver({ clientId, text, choice, person, upload }) {
      const { token: made, messageId } = await (upload?.(bearer()) ??
        call(person ? 'person' : 'messages', person ? { clientId } : { clientId, text, choice }, bearer()));
      drop(clientId);
      keep(() => ({ ...(made ? { token: made } : {}), open: view.isOpen(), at: Date.now() }));
      const node = waiting.get(clientId);
      waiting.delete(clientId);
      if (node && shown.has(messageId)) node.remove();
      else if (node) shown.set(messageId, node);
      if (node) view.mark(node, null);
      listen();
      if (who.turn === 'bot' && !person && !draft && answered < messageId) view.think(true);
    }

    /** What a failed post means: another try, or that it is never taken. */
    async function survive(error, post, tries) {
      const node = waiting.get(post.clientId);
      if (error.status === 401) {
        forget(error);
        return;
      }
      if (!error.status || error.status === 429 || error.status >= 500) {
        view.bar(error.status === 429 ? error.message : navigator.onLine ? texts.unreachable : texts.offline);
        if (node) view.mark(node, texts.unsent);
        await pause(error.retryAfter ? error.retryAfter * 1000 : backoff(tries));
        return;
      }
      drop(post.clientId);
      waiting.delete(post.clientId);
      if (node) view.refused(node, post, error.message);
      else view.bar(error.message);
    }

    function stopListening() {
      listener = null;
      line?.abort();
    }

    /** Keeps one stream open as long as there is a token; it resumes after the last message it saw. */
    async function listen() {
      if (listener || signal.aborted) return;
      const me = (listener = {});
      for (let tries = 0; listener === me && bearer(); tries++) {
        const begun = Date.now();
        try {
          await follow();
        } catch (error) {
          if (listener !== me) return;
          if (error.status === 401) forget(error);
          else if (error.status === 403 || error.status === 410) stopListening();
          if (error.status && error.status !== 401) view.bar(error.message);
          else if (!error.status && tries > 0) view.bar(navigator.onLine ? texts.unreachable : texts.offline);
        }
        view.draft(null);
        // A line that held a while is begun anew at once; one that is cut each time as soon as it is open, ever more seldom.
        if (Date.now() - begun > HELD_MS) tries = 0;
        if (listener === me) await pause(backoff(tries));
      }
      if (listener === me) listener = null;
    }

    /** One connection, to its end. */
    async function follow() {
      line = new AbortController();
      const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${bearer()}`, 'Last-Event-ID': String(lastId) };
      const response = await fetch(new URL('stream', base), { headers, credentials: 'omit', cache: 'no-store', signal: line.signal });
      if (!response.ok) throw await refusal(response);
      if (!posting) view.bar('');
      view.draft(null);
      await readEvents(response, line, onEvent);
    }

    function onEvent(kind, data) {
      if (kind === 'message') {
        if (data.author === 'bot') view.draft(null);
        const before = others.length;
        hear(data);
        keep(() => ({ at: Date.now() }));
        look();
        if (others.length > before && !isLookedAt() && settings.sound && !kept().muted) ring();
      } else if (kind === 'draft') {
        view.draft(draft?.run === data.run ? { run: data.run, text: draft.text + data.text } : data);
      } else if (kind === 'draft-ended') {
        if (data.messageId === null || shown.has(data.messageId)) view.draft(null);
      } else if (kind === 'state') {
        setState(data);
      }
    }

    /** Best effort: a page that nobody has touched yet may make no sound. */
    function ring() {
      import(new URL('widget-sound.js', script.src)).then(
        ({ play }) => play(),
        () => undefined,
      );
    }

    function askPerson() {
      const post = { clientId: newId(), person: true };
      keep(({ outbox }) => ({ outbox: [...outbox, post], open: true, at: Date.now() }));
      view.personAsked();
      void flush();
    }

    async function stop() {
      view.think(false);
      try {
        await call('stop', {}, bearer());
      } catch {
        // The answer goes on to its end, and says so by going on.
      }
    }

    // ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────

    let files;
    let loadingFiles;

    /** What chooses, sends and shows files is a script of its own, for those who meet one. The page's CSP takes it as it took this one. */
    function withFiles() {
      const begun = ({ begin }) => (files = begin({ h, icon, fill, base, newId, bearer, refusal, texts, view, queue }));
      const failed = (error) => {
        loadingFiles = null;
        throw error;
      };
      return (loadingFiles ??= import(new URL('widget-files.js', script.src)).then(begun, failed));
    }

    function queue(post, node) {
      uploads.push(post);
      waiting.set(post.clientId, node);
      void flush();
    }

    // ── What one sees ───────────────────────────────────────────────────────────────────────────────────────────────

    const view = (() => {
      const host = document.createElement('deskbell-chat');
      const root = host.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLES);
      const coat = new CSSStyleSheet();
      root.adoptedStyleSheets = [sheet, coat];
      const looks = { ...script.dataset };

      const log = h('div', { class: 'log', role: 'log', tabindex: '0' });
      const replies = h('div', { class: 'replies', role: 'group' });
      const bar = h('p', { class: 'bar', role: 'status' });
      const status = h('p', { class: 'unseen', role: 'status' });
      const field = h('textarea', { rows: '1', dir: 'auto', maxlength: String(SEND_AT_MOST), enterkeyhint: 'send', autocomplete: 'off' });
      const button = h('button', { class: 'send', type: 'submit' });
      const picker = h('input', { type: 'file', multiple: true, hidden: true, onchange: () => (take(picker.files), (picker.value = '')) });
      const clip = h('button', { class: 'plain', type: 'button', onclick: () => picker.click() }, icon('clip'));
      const form = h('form', {}, clip, picker, field, button);
      const title = h('bdi');
      const line = h('p');
      const face = h('span', { class: 'face', 'aria-hidden': 'true' });
      const mute = h('button', { class: 'plain', type: 'button', hidden: true, onclick: () => silence(!kept().muted) }, icon('sound'));
      const shut = h('button', { class: 'plain shut', type: 'button', onclick: () => close() }, icon('down'));
      const person = h('button', { class: 'person', type: 'button', onclick: askPerson }, icon('person'), h('span'));
      const privacy = h('a', { target: '_blank', rel: 'noopener' });
      const footer = h('footer', { hidden: true }, person, privacy);
      const panel = h(
        'section',
        { class: 'panel', hidden: true },
        h('header', {}, face, h('div', {}, h('h2', {}, title), line), mute, shut),
        log,
        replies,
        bar,
        form,
        footer,
      );
      const dot = h('span', { class: 'dot', hidden: true });
      const launcher = h(
        'button',
        {
          class: 'launcher',
          type: 'button',
          'aria-expanded': 'false',
          'aria-label': chat,
          onclick: () => (panel.hidden ? open() : close()),
        },
        icon('chat'),
        icon('down'),
        dot,
      );
      root.append(h('aside', { 'aria-label': chat }, panel, launcher, status));

      let thinking = null;
      let thinkTimer;
      /** Whether the visitor reads at the end of the log; then it stays there, whatever grows. */
      let atEnd = true;

      function toEnd() {
        atEnd = true;
        log.scrollTop = log.scrollHeight;
      }

      /** How it looks and where it stands: first as the page's line says, then as the settings do. */
      function paint(next) {
        const { colour, scheme, side, lift } = Object.assign(looks, next);
        const brand = /^#[0-9a-f]{6}$/i.test(colour) ? colour : '#2c6b55';
        const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(brand.slice(at, at + 2), 16) / 255) ** 2.2);
        // For browsers without relative colours: black or white on it, whichever reads better.
        const on = 0.21 * red + 0.72 * green + 0.07 * blue > 0.18 ? '#000' : '#fff';
        const schemes = scheme === 'light' || scheme === 'dark' ? scheme : 'light dark';
        coat.replaceSync(`:host{--brand:${brand};--plain-on:${on};--up:${20 + (Number(lift) || 0)}px}aside{color-scheme:${schemes}}`);
        host.toggleAttribute('start', side === 'start');
      }

      function silence(muted) {
        keep(() => ({ muted }));
        mute.setAttribute('aria-pressed', !muted);
      }

      function attach() {
        if (!host.isConnected) (document.body ?? document.documentElement).append(host);
      }

      /** The panel turns within itself; on which side of a page it stands is not its language's. */
      function speak({ language, dir }) {
        root.firstChild.setAttribute('lang', language);
        for (const part of panel.children) part.setAttribute('dir', dir);
      }

      /** Names, colours and words, once the settings are there. */
      function dress(mayWrite) {
        paint(settings);
        speak(settings);
        root.firstChild.setAttribute('aria-label', texts.chat);
        panel.setAttribute('aria-label', fill(texts.title, { name: settings.name }).join(''));
        title.textContent = settings.name;
        face.replaceChildren(settings.avatar || icon('bell'));
        shut.setAttribute('aria-label', texts.close);
        launcher.setAttribute('aria-label', texts.chat);
        log.setAttribute('aria-label', texts.log);
        field.setAttribute('aria-label', texts.message);
        field.placeholder = texts.placeholder;
        clip.setAttribute('aria-label', texts.attach);
        person.lastChild.textContent = texts.person;
        privacy.textContent = texts.privacy;
        privacy.href = new URL(settings.privacy, base);
        mute.setAttribute('aria-label', texts.sound);
        mute.setAttribute('aria-pressed', !kept().muted);
        mute.hidden = !settings.sound;
        log.replaceChildren(notice());
        if (settings.greeting) log.append(bubble('bot', settings.bot, markdown(settings.greeting)));
        if (!mayWrite) log.append(h('p', { role: 'status' }, texts.signIn));
        form.hidden = person.hidden = !mayWrite;
        footer.hidden = false;
        state();
        press();
      }

      /** The AI says first that it is one, in the wording that the server keeps on record. */
      function notice() {
        const more = h('a', { href: new URL(settings.privacy, base), target: '_blank', rel: 'noopener' }, texts.noticeLink);
        return h('p', { class: 'notice' }, ...(settings.ai ? [`${settings.notice} `] : []), more);
      }

      /** A closed chat says whose it is, and how else they are reached. */
      function closed(says) {
        speak(says);
        paint(says);
        for (const each of [panel, log]) each.setAttribute('aria-label', says.name);
        title.textContent = says.name;
        face.replaceChildren(icon('bell'));
        shut.setAttribute('aria-label', says.close);
        tell('');
        const ways = fill(says.otherWays, { ways: listed(says.ways, says.language) });
        log.replaceChildren(h('p', { role: 'status' }, says.error), h('p', { hidden: !says.ways.length }, ...ways));
      }

      function bubble(kind, author, content, ...after) {
        return h('div', { class: `m ${kind}` }, h('span', { class: 'unseen' }, `${author}: `), ...content, ...after);
      }

      function add(node) {
        if (thinking && node !== thinking) thinking.before(node);
        else if (log.lastChild !== node) log.append(node);
        if (atEnd) toEnd();
        return node;
      }

      function event(text) {
        return add(h('p', { class: 'event', dir: 'auto' }, text));
      }

      function mine(text, box) {
        replies.hidden = true;
        atEnd = true;
        return add(bubble('me', texts.you, [box, text && h('p', { dir: 'auto' }, ...lines(text))]));
      }

      function take(list) {
        const chosen = [...list];
        if (settings && chosen.length)
          withFiles().then(
            ({ add }) => add(chosen),
            () => tell(texts.unreachable),
          );
      }

      /** A place for files that is filled once their script is there. */
      function boxOf(list) {
        const box = list && h('div', { class: 'files' });
        if (box)
          withFiles().then(
            ({ show }) => box.append(...show(list)),
            () => box.append(texts.fileNotNow),
          );
        return box;
      }

      function sources(list) {
        const named = new Map(list.map((source) => [source.title, source]));
        return h('p', { class: 'from' }, ...fill(texts.from, { sources: listed([...named.values()], settings.language) }));
      }

      /** "A, B and C", as links where there are addresses. */
      function listed(list, language) {
        const links = list.map(({ title: name, url }) => (url ? link(url, name) : h('span', {}, name)));
        const parts = new Intl.ListFormat(language).formatToParts(links.map((_, index) => String(index)));
        return parts.map(({ type, value }) => (type === 'element' ? links[Number(value)] : value));
      }

      const EVENTS = {
        'took-over': ({ name }) => (name ? fill(texts.joined, { name }).join('') : texts.someoneJoined),
        'handed-back': () => texts.left,
        resolved: () => texts.closed,
      };

      /** Did it help? Pressed again, a button is let go. */
      function rate(messageId, rating) {
        const buttons = {};
        const set = (value) => {
          rating = value;
          for (const each in buttons) buttons[each].setAttribute('aria-pressed', each === value);
        };
        for (const value of ['good', 'bad']) {
          const onclick = () => {
            const before = rating;
            set(rating === value ? null : value);
            call('rating', { messageId, rating }, bearer()).catch((error) => {
              set(before);
              tell(error.status ? error.message : texts.unreachable);
            });
          };
          buttons[value] = h('button', { class: 'plain', type: 'button', 'aria-label': texts[value], onclick }, icon('thumb'));
        }
        set(rating);
        return h('div', { class: 'rate' }, ...Object.values(buttons));
      }

      function message({ id: messageId, author, name, text, event: kind, sources: list = [], cutOff, rating, files, choices = [] }) {
        replies.hidden = true;
        if (author === 'event') return EVENTS[kind] ? once(EVENTS[kind]({ name })) : h('p');
        if (author === 'customer') return mine(text, boxOf(files));
        think(false);
        const from = list.length > 0 ? sources(list) : null;
        const mark = cutOff ? h('p', { class: 'from' }, texts.stopped) : null;
        const after = rating === undefined ? mark : rate(messageId, rating);
        offer(texts.choices, choices);
        if (author === 'bot') return add(bubble('bot', settings.bot || texts.ai, markdown(text), from, after));
        const person = name ?? settings.name;
        return add(bubble('bot team', person, [h('p', { class: 'by', 'aria-hidden': 'true' }, person), boxOf(files), ...markdown(text)]));
      }

      /** A press of "Talk to a person" says so at once; the server's word for it isn't said twice. */
      function once(text) {
        if (log.lastElementChild?.textContent === text) return log.lastElementChild;
        return event(text);
      }

      /** Under an unsent bubble: that it waits. */
      function mark(node, text) {
        node.querySelector('.mark')?.remove();
        if (text) node.append(h('p', { class: 'mark' }, text));
        if (atEnd) toEnd();
      }

      function refused(node, post, says) {
        mark(node, null);
        const again = h(
          'button',
          { type: 'button', onclick: () => (node.remove(), (post.again ?? say)(post.text, post.choice)) },
          texts.retry,
        );
        const off = h('button', { type: 'button', onclick: () => node.remove() }, texts.remove);
        node.append(h('p', { class: 'mark', role: 'alert' }, says ?? texts.unsent, ' ', again, ' ', off));
      }

      function writing(on) {
        if (!panel.hidden) status.textContent = on ? texts.writing : '';
      }

      function think(on) {
        clearTimeout(thinkTimer);
        if (on === Boolean(thinking)) return;
        thinking?.remove();
        thinking = null;
        if (on) {
          const dots = h('div', { class: 'm bot dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
          add(dots);
          thinking = dots;
          thinkTimer = setTimeout(() => think(false), ANSWER_MS);
        }
        writing(on || draft);
        press();
      }

      let frame = 0;

      /** The answer so far; hidden from screen readers, which get the whole. */
      function showDraft(next) {
        if (next && draft?.run !== next.run) {
          draft?.node?.remove();
          next.node = null;
        }
        if (!next) draft?.node?.remove();
        draft = next && { ...next, node: draft?.run === next.run ? draft.node : null };
        writing(draft);
        press();
        if (!draft || frame) return;
        frame = requestAnimationFrame(() => {
          frame = 0;
          if (!draft) return;
          if (!draft.node) {
            think(false);
            draft.node = h('div', { class: 'm bot draft', 'aria-hidden': 'true' });
          }
          const content = markdown(closeMarks(draft.text));
          (content.at(-1)?.lastElementChild?.matches('li') ? content.at(-1).lastElementChild : content.at(-1))?.append(
            h('i', { class: 'caret' }),
          );
          draft.node.replaceChildren(...content);
          add(draft.node);
        });
      }

      function state() {
        if (!settings) return;
        const { turn, who: name, wanted } = who;
        line.textContent =
          turn === 'person' && name ? fill(texts.team, { name }).join('') : wanted ? texts.waiting : settings.ai ? texts.assistant : '';
        if (turn === 'person') think(false);
      }

      /** The one button sends; while an answer is being written and nothing is typed, it stops that. */
      function press() {
        const stops = Boolean(draft ?? thinking) && field.value.trim() === '' && !files?.count();
        button.setAttribute('aria-label', (stops ? texts.stop : texts.send) ?? '');
        button.classList.toggle('stops', stops);
        if (button.dataset.does === String(stops)) return;
        button.dataset.does = String(stops);
        button.replaceChildren(stops ? h('span', { class: 'stop', 'aria-hidden': 'true' }) : icon('send'));
      }

      function submit(submitted) {
        submitted?.preventDefault();
        if (button.classList.contains('stops')) {
          void stop();
          return;
        }
        const text = field.value.trim();
        const send = files?.count() ? files.say : text && say;
        if (!send || !settings) return;
        field.value = '';
        grow();
        send(text);
        press();
      }

      /** The field grows with what is typed, to five lines. */
      function grow() {
        if (CSS.supports('field-sizing', 'content')) return;
        field.style.blockSize = 'auto';
        field.style.blockSize = `${Math.min(field.scrollHeight, 128)}px`;
      }

      /** What can be said by one touch. */
      function offer(label, list) {
        replies.setAttribute('aria-label', label);
        replies.replaceChildren(
          ...list.map(({ id: choice, title: text }) =>
            h('button', { type: 'button', dir: 'auto', onclick: () => (say(text, choice), focus()) }, text),
          ),
        );
        replies.hidden = list.length === 0;
        if (atEnd) toEnd();
      }

      function starters() {
        if (shown.size + waiting.size > 0) return;
        offer(
          texts.starters,
          settings.starters.map((text) => ({ title: text })),
        );
      }

      function tell(text) {
        if (bar.textContent !== (text ?? '')) bar.textContent = text ?? '';
      }

      const small = matchMedia('(max-width: 600px)');
      const touch = matchMedia('(pointer: coarse)');

      /** Keeps the panel above a phone's keyboard, which covers the page. */
      function fit() {
        const { height, offsetTop } = visualViewport;
        const covered = small.matches && height < innerHeight - 100;
        panel.style.blockSize = covered ? `${height}px` : '';
        panel.style.insetBlockStart = covered ? `${offsetTop}px` : '';
        panel.style.insetBlockEnd = covered ? 'auto' : '';
      }

      function focusable() {
        return [...panel.querySelectorAll('button, a[href], textarea, [tabindex="0"]')].filter(
          (element) => element.getClientRects().length > 0,
        );
      }

      function keys(event) {
        // The page's shortcuts have no business here.
        event.stopPropagation();
        if (event.key === 'Escape' && !fullPage && !panel.hidden) close();
        if (event.key === 'Enter' && event.target === field && !event.shiftKey && !event.isComposing) submit(event);
        if (event.key !== 'Tab' || panel.hidden || !small.matches) return;
        // On a phone the panel covers the page: the focus stays in it.
        const all = focusable();
        const edge = event.shiftKey ? all[0] : all.at(-1);
        if (root.activeElement !== edge) return;
        event.preventDefault();
        (event.shiftKey ? all.at(-1) : all[0]).focus();
      }

      function show(on) {
        panel.hidden = !on;
        host.toggleAttribute('open', on);
        launcher.setAttribute('aria-expanded', String(on));
        if (on) toEnd();
        look();
      }

      /** By touch not into the field: a keyboard would cover the greeting. */
      function focus() {
        if (touch.matches && fullPage) return;
        (touch.matches || !settings ? log : field).focus({ preventScroll: true });
      }

      let prefix = '';

      /** How much is unread: on the button, in the page's title, and said to who hears the page. */
      function unread(count) {
        if (document.title.startsWith(prefix)) document.title = document.title.slice(prefix.length);
        prefix = count ? `(${count}) ` : '';
        if (count) document.title = prefix + document.title;
        const more = count > 1 ? ` (${count})` : '';
        const says = count ? `${texts.unread}${more}` : '';
        launcher.setAttribute('aria-label', says ? `${texts.chat}, ${says}` : texts.chat);
        dot.hidden = !count || !panel.hidden;
        dot.dataset.count = count > 9 ? '9+' : count;
        if (panel.hidden) status.textContent = says;
      }

      /** The server says it in the conversation, unless a person has it already. */
      function personAsked() {
        if (who.turn === 'person') once(texts.personAsked);
        replies.hidden = true;
        think(false);
      }

      form.hidden = true;
      log.addEventListener('scroll', () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60), { passive: true });
      new ResizeObserver(() => atEnd && toEnd()).observe(log);
      form.addEventListener('submit', submit);
      field.addEventListener('input', () => (grow(), press()));
      for (const kind of ['keydown', 'keyup', 'keypress'])
        root.addEventListener(kind, kind === 'keydown' ? keys : (event) => event.stopPropagation());
      for (const kind of ['paste', 'drop', 'dragover'])
        panel.addEventListener(kind, (event) => {
          const { types, files: given } = event.clipboardData ?? event.dataTransfer;
          // Copied from a letter or a table, words come with a picture of themselves.
          if (!types.includes('Files') || types.includes('text/plain')) return;
          event.preventDefault();
          take(given);
        });
      window.visualViewport?.addEventListener('resize', fit, { signal });
      paint();
      host.toggleAttribute('page', fullPage);

      return {
        attach,
        dress,
        closed,
        event,
        mine,
        message,
        mark,
        refused,
        think,
        draft: showDraft,
        state,
        starters,
        bar: tell,
        press,
        grown: () => atEnd && toEnd(),
        host,
        root,
        form,
        show,
        focus,
        unread,
        personAsked,
        launcher,
        isOpen: () => !panel.hidden,
      };
    })();

    // ── Open and close ──────────────────────────────────────────────────────────────────────────────────────────────

    let loading = null;

    /** Fetches what is needed once; until it is there, tries again for as long as the panel stands open. */
    async function begin() {
      for (let tries = 0; !settings && !signal.aborted && (view.isOpen() || hasWritten()); tries++) {
        try {
          await load();
          view.bar('');
        } catch (error) {
          settings = null;
          if (error.body?.ways) view.closed(error.body);
          else view.bar(error.status && error.message ? error.message : unreachable);
          if ([401, 403, 404, 410].includes(error.status)) return;
          await pause(backoff(tries));
        }
      }
    }

    async function open({ focus = true } = {}) {
      view.show(true);
      if (focus) view.focus();
      if (hasWritten()) keep(() => ({ open: true }));
      loading ??= begin();
      await loading;
      if (!settings) loading = null;
      else if (focus && view.isOpen()) view.focus();
    }

    function close() {
      if (fullPage || !view.isOpen()) return;
      view.show(false);
      view.launcher.focus({ preventScroll: true });
      if (hasWritten()) keep(() => ({ open: false }));
    }

    const wakeAll = () => {
      for (const wake of sleepers) wake();
    };

    /** A line that broke while the device slept says nothing of it. */
    function comeBack() {
      look();
      if (document.hidden || Date.now() - heard < SILENT_MS) return;
      line?.abort();
      wakeAll();
    }

    function online() {
      if (!ended) view.bar('');
      line?.abort();
      wakeAll();
    }

    function destroy() {
      life.abort();
      observer.disconnect();
      stopListening();
      wakeAll();
      view.unread(0);
      view.host.remove();
    }

    /** Nothing of who was signed in stays in this browser, and their token is good for nothing. */
    async function signOut() {
      if (!identity) return;
      life.abort();
      try {
        localStorage.removeItem(KEY);
        await call('sign-out', {}, identity);
      } catch {
        // The server can't be reached, or has ended the token before: it ends by itself.
      }
    }

    addEventListener('online', online, { signal });
    addEventListener('offline', () => settings && view.bar(texts.offline), { signal });
    addEventListener('pagehide', stopListening, { signal });
    addEventListener('pageshow', (event) => event.persisted && settings && listen(), { signal });
    document.addEventListener('visibilitychange', comeBack, { signal });
    document.addEventListener('deskbell:again', view.attach, { signal });
    // Some single-page apps change the whole body.
    const observer = new MutationObserver(view.attach);
    observer.observe(document.documentElement, { childList: true });

    view.attach();
    const { open: stood, at, outbox } = kept();
    if (fullPage) void open();
    else if (stood && hasWritten()) void open({ focus: false });
    // Whoever wrote lately is told of an answer though the chat is closed; everybody else costs one request.
    else if (hasWritten() && (outbox.length > 0 || Date.now() - Math.max(at, before().at) < RECENT_MS)) loading = begin();

    return { open, close, destroy, signOut, isOpen: view.isOpen, identity };
  }

  // ── For the page ────────────────────────────────────────────────────────────────────────────────────────────────

  let current;

  function become(identity) {
    if (current && current.identity === identity) return;
    const stood = current?.isOpen();
    const hadFocus = document.activeElement?.localName === 'deskbell-chat';
    current?.destroy();
    current = chatOf(identity);
    if (stood) void current.open({ focus: hadFocus });
  }

  window.deskbell = Object.freeze({
    open: () => current?.open(),
    close: () => current?.close(),
    /** What the website's server signed of who is signed in there. */
    identify: (token) => become(token || undefined),
    async signOut() {
      await current?.signOut();
      become();
    },
    /** Takes the chat off the page. */
    destroy() {
      current?.destroy();
      delete window.deskbell;
    },
  });

  const start = () => current || become(signed || undefined);
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start, { once: true });
})();
