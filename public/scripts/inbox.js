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
  const files = document.getElementById('files')?.files.length ?? 0;
  if (target.value.trim() === '' && files === 0) return;
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

// What is being written survives a reload and a session that has ended. The server keeps it (writing.js); until it has it,
// it stays in this tab, and for this person.
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
  if (!words || !kept) return;
  const { kind, text } = JSON.parse(kept);
  words.value = text;
  document.querySelector(`#composer [value="${kind}"]`).click();
}

bringWordsBack();
document.addEventListener('input', ({ target }) => target.id === 'words' && keepWords());
document.addEventListener('change', ({ target }) => target.name === 'for' && keepWords());
document.addEventListener('htmx:after:swap', ({ detail }) => detail.ctx.sourceElement?.id === 'composer' && keepWords());
// The server has them: what it gives back from then on is the newer of both.
document.addEventListener('words:kept', () => sessionStorage.removeItem(keptUnder));

// Files in the composer, beyond the field itself: chosen, dropped or pasted, they are listed before they go, and can be
// taken out again.

const composer = () => document.getElementById('composer');
const input = () => document.getElementById('files');
const forCustomer = () => document.querySelector('#composer [value="customer"]')?.checked;
const carriesFiles = (data) => data?.types.includes('Files');

function choose(files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input().files = all.files;
  listFiles();
}

function add(files) {
  if (files.length > 0 && input()) choose([...input().files, ...files]);
}

function listFiles() {
  const field = input();
  const attached = composer()?.querySelector('.attached');
  if (!field || !attached) return;
  attached.replaceChildren(...[...field.files].map(item));
  const words = document.getElementById('words');
  words.required = field.files.length === 0;
  const wrong = attached.querySelector('b') !== null;
  field.setCustomValidity(wrong ? 'Take out what can’t be sent.' : '');
}

function item(file, place) {
  const { most, largest } = composer().dataset;
  const line = document.createElement('li');
  const name = Object.assign(document.createElement('bdi'), { textContent: file.name });
  if (/^image\/(?:png|jpeg|gif|webp)$/.test(file.type)) line.append(picture(file));
  line.append(name);
  const trouble =
    place >= Number(most)
      ? `too many, ${most} at once`
      : file.size > Number(largest)
        ? `too large, ${Number(largest) / 1_048_576} MB at most`
        : file.size === 0
          ? 'empty'
          : '';
  if (trouble !== '') line.append(Object.assign(document.createElement('b'), { textContent: trouble }));
  line.append(remover(file, place));
  return line;
}

/** Drawn on a canvas: the page's own policy lets no picture in but those of this server. */
function picture(file) {
  const canvas = document.createElement('canvas');
  canvas.className = 'thumb';
  canvas.width = canvas.height = 72;
  createImageBitmap(file).then(
    (bitmap) => {
      const scale = Math.max(72 / bitmap.width, 72 / bitmap.height);
      const [width, height] = [bitmap.width * scale, bitmap.height * scale];
      canvas.getContext('2d').drawImage(bitmap, (72 - width) / 2, (72 - height) / 2, width, height);
      bitmap.close();
    },
    () => canvas.remove(),
  );
  return canvas;
}

function remover(file, place) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn is-plain is-square is-small';
  button.setAttribute('aria-label', `Take out ${file.name}`);
  button.textContent = '×';
  button.addEventListener('click', () => {
    choose([...input().files].filter((_, at) => at !== place));
    (composer().querySelectorAll('.attached button')[place] ?? document.getElementById('words')).focus();
  });
  return button;
}

document.addEventListener('change', ({ target }) => target.id === 'files' && listFiles());
// After sending, the composer is a new one, and empty.
document.addEventListener('htmx:after:swap', listFiles);
// What was held back without a new page still has them.
document.addEventListener('htmx:after:swap', () => {
  const again = composer()?.querySelector('.held .again');
  if (again) again.hidden = (input()?.files.length ?? 0) > 0 || composer().elements.answers.value.trim() !== '';
});
document.addEventListener('paste', (event) => {
  const { files } = event.clipboardData ?? {};
  if (event.target.id !== 'words' || !files?.length || !input() || !forCustomer()) return;
  event.preventDefault();
  add(files);
});
document.addEventListener('dragover', (event) => {
  if (!carriesFiles(event.dataTransfer)) return;
  // Else the browser would open the file in place of the page.
  event.preventDefault();
  composer()
    ?.querySelector('.box')
    .classList.toggle('is-over', Boolean(input()) && forCustomer());
});
document.addEventListener('dragleave', ({ relatedTarget }) => {
  if (relatedTarget === null) composer()?.querySelector('.box').classList.remove('is-over');
});
document.addEventListener('drop', (event) => {
  if (!carriesFiles(event.dataTransfer)) return;
  event.preventDefault();
  composer()?.querySelector('.box').classList.remove('is-over');
  if (forCustomer()) add(event.dataTransfer.files);
});

// A file that is large takes its time: the button says so.
document.addEventListener('htmx:before:request', ({ detail }) => {
  if (detail.ctx.sourceElement?.id === 'composer') composer().querySelector('button.for-customer').setAttribute('aria-busy', 'true');
});
document.addEventListener('htmx:after:request', ({ detail }) => {
  if (detail.ctx.sourceElement?.id === 'composer') composer()?.querySelector('button.for-customer').removeAttribute('aria-busy');
});
