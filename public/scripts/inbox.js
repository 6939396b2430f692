// What the inbox has beyond forms and links: sending by Enter, moving by arrows, and a list that shows where you are.

const list = document.getElementById('list');

// The open conversation may stand far down in the list.
list?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });

// Enter sends where there is a keyboard; Shift and Enter make a new line. On a phone Enter makes a line, the button sends.
document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (target.id !== 'words' || event.key !== 'Enter' || event.shiftKey || event.isComposing || matchMedia('(pointer: coarse)').matches)
    return;
  event.preventDefault();
  if (target.value.trim() === '') return;
  const note = target.form.querySelector('[value="team"]').checked;
  target.form.requestSubmit(target.form.querySelector(note ? 'button.for-team' : 'button.for-customer'));
});

// After sending, the composer is a new one: go on writing in it, in the same kind of message.
let wroteNote = false;
document.addEventListener('htmx:before:request', (event) => {
  if (event.detail.ctx.sourceElement.id === 'composer') wroteNote = document.querySelector('#composer [value="team"]').checked;
});
document.addEventListener('htmx:after:swap', (event) => {
  if (event.detail.ctx.sourceElement?.id !== 'composer') return;
  document.getElementById('words')?.focus();
  if (wroteNote) document.querySelector('#composer [value="team"]')?.click();
});

// Who touched "Note" means to write one. Arrow keys stay where they are: focus that jumps is lost focus.
let touched = false;
document.addEventListener('pointerdown', (event) => {
  touched = event.target.closest('#composer .seg') !== null;
});
document.addEventListener('change', (event) => {
  if (event.target.name !== 'for') return;
  const words = document.getElementById('words');
  words.dataset.customer ??= words.placeholder;
  words.placeholder = words.dataset[event.target.value];
  if (touched) words.focus();
});

// Arrow keys move through the list.
list?.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches('.row')) return;
  const rows = [...list.querySelectorAll('.row')];
  const next = rows[rows.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// Escape closes what is known of the customer, where it lies above the page.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && location.hash === '#who') location.hash = '#main';
});

// What is being written survives a reload and a session that has ended; it stays in this tab, and for this person.
const me = document.querySelector('.monogram.is-person')?.getAttribute('aria-label');
const keptUnder = `words ${me} ${location.pathname}`;

function keepWords() {
  const words = document.getElementById('words');
  if (!words) return;
  const kind = document.querySelector('#composer [name="for"]:checked').value;
  if (words.value.trim() === '') sessionStorage.removeItem(keptUnder);
  else sessionStorage.setItem(keptUnder, JSON.stringify({ kind, text: words.value }));
}

function bringWordsBack() {
  const words = document.getElementById('words');
  const kept = sessionStorage.getItem(keptUnder);
  if (!words || !kept || words.value !== '') return;
  const { kind, text } = JSON.parse(kept);
  words.value = text;
  document.querySelector(`#composer [value="${kind}"]`).click();
}

bringWordsBack();
document.addEventListener('input', ({ target }) => target.id === 'words' && keepWords());
document.addEventListener('change', ({ target }) => target.name === 'for' && keepWords());
document.addEventListener('htmx:after:swap', ({ detail }) => detail.ctx.sourceElement?.id === 'composer' && keepWords());
