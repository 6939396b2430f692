// What a model writes into the composer for a member to read and change: the bot's suggestion, and a translation of what they wrote.

const composer = () => document.getElementById('composer');
const words = () => document.getElementById('words');
const written = () => document.getElementById('written');

/** As if it had been typed: it is kept. */
function put(text) {
  words().value = text;
  words().dispatchEvent(new Event('input', { bubbles: true }));
}

function tell(says, run) {
  const said = document.getElementById('suggested');
  if (!said) return;
  said.textContent = says;
  if (run) said.append(' ', Object.assign(document.createElement('a'), { href: run, textContent: 'How it was made' }));
}

// ── The bot's suggestion ──

/** Lines of JSON as they come. */
async function* linesOf(answer) {
  let rest = '';
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

async function suggest(button) {
  const form = composer();
  const before = words().value === '' ? '' : `${words().value.trimEnd()}\n`;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  let text = '';
  button.setAttribute('aria-busy', 'true');
  tell('The bot is writing a suggestion.');
  try {
    const answer = await fetch(button.formAction, { method: 'POST', body, headers: { Accept: 'application/x-ndjson' } });
    if (!answer.ok) throw new Error(String(answer.status));
    for await (const line of linesOf(answer)) {
      if (!words()) return;
      if (line.text) {
        text += line.text;
        words().value = before + text;
      } else tell(line.says, line.run);
    }
  } catch {
    tell('No suggestion came: Deskbell can’t be reached just now. Try again.');
  }
  button.removeAttribute('aria-busy');
  words()?.focus();
  words()?.dispatchEvent(new Event('input', { bubbles: true }));
}

// ── Translating ──

async function translate(button) {
  const form = composer();
  const before = words().value;
  if (before.trim() === '') {
    tell('Write your message first, in your own language.');
    words().focus();
    return;
  }
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, text: before, original: form.elements.original?.value ?? '' });
  button.setAttribute('aria-busy', 'true');
  tell('Your message is being translated.');
  try {
    const answer = await fetch(button.formAction, { method: 'POST', body, headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    // What was written on meanwhile is never overwritten.
    if (!words() || words().value !== before) tell('You wrote on meanwhile, so the translation was left out. Translate again.');
    else {
      if (told.text) {
        written().innerHTML = told.written;
        put(told.text);
      }
      tell(told.says, told.run);
    }
  } catch {
    tell('No translation came: Deskbell can’t be reached just now. Try again.');
  }
  button.removeAttribute('aria-busy');
  words()?.focus();
}

function takeBack() {
  const { value } = composer().elements.original;
  written().replaceChildren();
  put(value);
  tell('');
  words().focus();
}

// Once it is emptied, what is written next is another message.
document.addEventListener('input', ({ target }) => target.id === 'words' && target.value.trim() === '' && written()?.replaceChildren());

const DO = { suggest, translate, untranslate: takeBack };

// Ahead of htmx, which would send the form.
document.addEventListener(
  'click',
  (event) => {
    const button = event.target.closest?.('#suggest, #translate, #untranslate');
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button.getAttribute('aria-busy') !== 'true') DO[button.id](button);
  },
  true,
);

// ── A summary, and a message's translation ──

// It takes a moment, and comes by the page's stream.
document.addEventListener('htmx:before:request', ({ detail }) => {
  const { sourceElement: form } = detail.ctx;
  if (form.id === 'sum-up') {
    document.getElementById('panel-one')?.hidePopover();
    const toast = Object.assign(document.createElement('div'), { className: 'toast', textContent: 'The conversation is being summed up.' });
    document.getElementById('notices')?.replaceChildren(toast);
  }
  if (form.matches?.('.translate')) Object.assign(form.querySelector('button'), { textContent: 'Translating', disabled: true });
});
document.addEventListener('htmx:after:request', ({ detail }) => {
  const { sourceElement: form } = detail.ctx;
  if (form.id === 'sum-up' && detail.ctx.response?.status === 204) document.getElementById('notices')?.replaceChildren();
  if (form.matches?.('.translate')) Object.assign(form.querySelector('button'), { textContent: 'Translate', disabled: false });
});
