// What the composer has beyond a form: what is written is kept on the server, a slash opens the canned replies, a message is
// replied to without leaving the page, and what came meanwhile counts as seen only once it could be read.

const KEEP_MS = 1500;
const READ_MS = 1000;

const composer = () => document.getElementById('composer');
const words = () => document.getElementById('words');
const picker = () => document.getElementById('canned');
const field = (name) => composer()?.elements.namedItem(name);

// ── Drafts ──

let keeping;

function keepSoon() {
  keeping ??= setTimeout(keep, KEEP_MS);
}

async function keep() {
  clearTimeout(keeping);
  keeping = undefined;
  const form = composer();
  if (!form) return;
  const body = new URLSearchParams({
    csrf: form.elements.csrf.value,
    draft: form.elements.draft.value,
    text: words().value,
    kind: form.querySelector('[name="for"][value="team"]').checked ? 'note' : 'reply',
    replyTo: field('replyTo')?.value ?? '',
    original: field('original')?.value ?? '',
  });
  const kept = words().value;
  try {
    const { ok } = await fetch(`${form.dataset.path}/draft`, { method: 'POST', body, keepalive: true });
    // What this tab keeps for itself is for what the server hasn't got.
    if (ok && words()?.value === kept) document.dispatchEvent(new CustomEvent('words:kept'));
  } catch {
    return; // offline: this tab keeps the words, and the next letter tries again
  }
}

function dontKeep() {
  clearTimeout(keeping);
  keeping = undefined;
}

document.addEventListener('input', ({ target }) => target.id === 'words' && keepSoon());
document.addEventListener('change', ({ target }) => target.name === 'for' && words()?.value && keepSoon());
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keeping && keep());
addEventListener('pagehide', () => keeping && keep());
document.addEventListener('submit', ({ target }) => target.id === 'composer' && dontKeep(), true);

// ── Seen ──

function newestShown() {
  const said = document.querySelectorAll('#thread > :is(.is-customer, .is-bot, .is-person)');
  return Math.floor(Number(said[said.length - 1]?.dataset.order ?? 0) / 2);
}

function noteSeen() {
  const seen = field('seen');
  const newest = newestShown();
  if (!seen || newest <= Number(seen.value)) return;
  setTimeout(() => {
    const now = field('seen');
    if (now && document.visibilityState === 'visible') now.value = Math.max(Number(now.value), newest);
  }, READ_MS);
}

document.addEventListener('htmx:after:swap', noteSeen);
document.addEventListener('visibilitychange', noteSeen);

// ── Reply to a certain message ──

function replyTo(item, text) {
  const place = document.getElementById('replying');
  if (!place) return;
  place.replaceChildren();
  if (item !== '') {
    const id = Object.assign(document.createElement('input'), { type: 'hidden', name: 'replyTo', value: item.slice(1) });
    const quoted = Object.assign(document.createElement('p'), { className: 'quoted', dir: 'auto', textContent: text.slice(0, 160) });
    quoted.prepend(Object.assign(document.createElement('span'), { className: 'unseen', textContent: 'In reply to: ' }));
    const drop = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'btn is-plain is-square is-small',
      textContent: '×',
      ariaLabel: 'Don’t reply to this one',
    });
    drop.dataset.reply = '';
    place.append(id, quoted, drop);
  }
  words().focus();
  keepSoon();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-reply]');
  if (!link || !words()) return;
  event.preventDefault();
  const bubble = link.closest('.msg')?.querySelector('.bubble');
  replyTo(link.dataset.reply, (bubble?.querySelector('.as-written') ?? bubble)?.textContent.trim() ?? '');
});

// ── Canned replies ──

/** The slash and what is typed behind it, just before the cursor. */
function asked() {
  const { value, selectionStart } = words();
  const [typed, , word] = /(^|\s)\/([\p{L}\p{M}\p{N}_-]*)$/u.exec(value.slice(0, selectionStart)) ?? [];
  return typed === undefined ? null : { word: word.toLowerCase(), from: selectionStart - word.length - 1, to: selectionStart };
}

let dismissed = false;

/** Once for each composer: after sending it is a new one. */
async function load() {
  const answer = await fetch(`${composer().dataset.path}/canned`, { headers: { 'HX-Request': 'true' } });
  if (answer.ok && picker()?.childElementCount === 0) picker().innerHTML = await answer.text();
}

const options = () => [...picker().querySelectorAll('[role="option"]:not([hidden])')];
const active = () => picker().querySelector('[aria-selected="true"]');

async function openPicker() {
  if (picker().childElementCount === 0) await load().catch(() => undefined);
  const search = words() && asked();
  if (!search || !picker() || picker().childElementCount === 0) return;
  for (const option of picker().querySelectorAll('[role="option"]')) {
    const shortcut = option.querySelector('bdi').textContent;
    option.hidden = !shortcut.startsWith(search.word) && !option.dataset.text.toLowerCase().includes(search.word);
  }
  const all = options();
  picker().hidden = false;
  words().setAttribute('aria-controls', 'canned-list');
  choose(all.find((option) => option.querySelector('bdi').textContent.startsWith(search.word)) ?? all[0]);
  const found = document.getElementById('canned-found');
  if (found) found.textContent = `${all.length === 1 ? 'One reply' : `${all.length} replies`}.`;
}

function closePicker() {
  if (!picker() || picker().hidden) return;
  picker().hidden = true;
  words().removeAttribute('aria-activedescendant');
  words().removeAttribute('aria-controls');
}

function choose(option) {
  active()?.setAttribute('aria-selected', 'false');
  if (!option) {
    words().removeAttribute('aria-activedescendant');
    return;
  }
  option.setAttribute('aria-selected', 'true');
  option.scrollIntoView({ block: 'nearest' });
  words().setAttribute('aria-activedescendant', option.id);
}

function insert(option) {
  const search = asked();
  if (!search) return;
  words().setRangeText(option.dataset.text, search.from, search.to, 'end');
  closePicker();
  words().focus();
  words().dispatchEvent(new Event('input', { bubbles: true }));
}

document.addEventListener('input', ({ target }) => {
  if (target.id !== 'words') return;
  dismissed = dismissed && asked() !== null;
  if (asked() && !dismissed && composer().querySelector('[name="for"][value="customer"]').checked) openPicker();
  else closePicker();
});

// Before the key that sends is heard: Enter in the open list takes the reply.
document.addEventListener(
  'keydown',
  (event) => {
    if (event.target.id !== 'words' || !picker() || picker().hidden) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length > 0) choose(all[(all.indexOf(active()) + step + all.length) % all.length]);
    else if ((event.key === 'Enter' || event.key === 'Tab') && active() && !event.isComposing) insert(active());
    else if (event.key === 'Escape') {
      dismissed = true;
      closePicker();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener('click', (event) => {
  const option = event.target.closest('#canned [role="option"]');
  if (option) insert(option);
  else if (event.target.closest('#open-canned')) {
    dismissed = false;
    words().focus();
    if (!asked()) words().setRangeText(words().value === '' ? '/' : ' /', words().selectionStart, words().selectionEnd, 'end');
    openPicker();
  } else if (!event.target.closest('#canned')) closePicker();
});
