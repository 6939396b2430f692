// The inbox by keyboard. One list says what each key does; the sheet under `?` is drawn from it.

const list = document.getElementById('list');
const talk = document.querySelector('.pane.talk:not(.is-blank)');
const rows = () => [...document.querySelectorAll('#list .row')];
const press = (selector) => document.querySelector(selector)?.click();
const way = (name) => () => document.querySelector(`.ways a[href$="/${name}"]`)?.click();
/** The row that keys mean: the one with focus, else the open conversation's. */
const here = () => document.activeElement?.closest('#list li') ?? list?.querySelector('li:has([aria-current])');

function step(by) {
  const all = rows();
  const at = all.indexOf(here()?.querySelector('.row'));
  const next = at < 0 ? all.at(by > 0 ? 0 : -1) : all[at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

const onList = () => document.activeElement?.closest('#list') !== null && document.activeElement?.closest('#list') !== undefined;
const anySelected = () => document.querySelector('.pick:checked') !== null;

/** Does it to those selected, else to the row with focus, else to the open conversation. */
function change(what, inTalk) {
  const bulk = document.getElementById('bulk');
  if (!bulk) return;
  if (!anySelected()) {
    if (talk && !onList()) {
      inTalk();
      return;
    }
    const pick = here()?.querySelector('.pick');
    if (!pick) return;
    pick.checked = true;
    pick.dispatchEvent(new Event('change', { bubbles: true }));
  }
  const button = bulk.querySelector(`[value="${what}"]`) ?? document.querySelector(`[form="bulk"][value="${what}"]`);
  bulk.requestSubmit(button);
}

/** Opens the panel at one of its parts; a row with focus is selected for it. */
function panel(part) {
  if (!anySelected() && talk && !onList()) {
    openPanel('one', part);
    return;
  }
  const pick = here()?.querySelector('.pick');
  if (!anySelected() && pick) {
    pick.checked = true;
    pick.dispatchEvent(new Event('change', { bubbles: true }));
  }
  if (anySelected()) openPanel('bulk', part);
}

function openPanel(of, part) {
  const menu = document.getElementById(`panel-${of}`);
  const opener = document.querySelector(`[popovertarget="panel-${of}"]`);
  if (!menu || !opener) return;
  if (!menu.matches(':popover-open')) opener.click();
  menu.querySelector(`[aria-labelledby="${part}-${of}"] :is(button, a, input)`)?.focus();
}

function select() {
  const pick = here()?.querySelector('.pick');
  if (!pick) return;
  pick.checked = !pick.checked;
  pick.dispatchEvent(new Event('change', { bubbles: true }));
}

function write(kind) {
  const words = document.getElementById('words');
  if (!words) return;
  document.querySelector(`#composer [name="for"][value="${kind}"]`)?.click();
  words.focus();
}

const act = (verb) => () => press(`#talk-head form[action$="/${verb}"] button, #talk-foot form[action$="/${verb}"] button`);

const KEYS = [
  [
    'Moving',
    [
      ['j', 'Next conversation', () => step(1)],
      ['k', 'Conversation before', () => step(-1)],
      ['Enter', 'Open it'],
      ['/', 'Search', () => document.getElementById('search')?.focus()],
      ['f', 'Filter', () => press('#narrow > summary')],
      ['g i', 'Inbox', way('inbox')],
      ['g b', 'Bots', way('bots')],
      ['g k', 'Knowledge', way('knowledge')],
      ['g c', 'Channels', way('channels')],
      ['g n', 'Insights', way('insights')],
      ['g s', 'Settings', way('settings')],
    ],
  ],
  [
    'Conversations',
    [
      ['x', 'Select', select],
      [
        'e',
        'Done, or open again',
        () => change('done', () => press('#talk-head form:is([action$="/resolve"], [action$="/reopen"]) button')),
      ],
      ['u', 'Mark as unread', () => change('unread', () => press('#panel-one [value="unread"]'))],
      ['a', 'Assign', () => panel('assign')],
      ['l', 'Label', () => panel('label')],
      ['z', 'Snooze', () => panel('snooze')],
    ],
  ],
  [
    'Answering',
    [
      ['t', 'Take over', act('takeover')],
      ['b', 'Hand back to the bot', act('handback')],
      ['r', 'Reply', () => write('customer')],
      ['n', 'Note for the team', () => write('team')],
      ['Escape', 'Leave a field, close what is open'],
      ['?', 'These keys', () => sheet().showModal()],
    ],
  ],
];
const acts = new Map(KEYS.flatMap(([, keys]) => keys.map(([key, , does]) => [key, does])));

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function sheet() {
  const known = document.getElementById('keys');
  if (known) return known;
  const dialog = element('dialog');
  dialog.id = 'keys';
  dialog.className = 'dialog keys';
  dialog.setAttribute('aria-labelledby', 'keys-head');
  const head = element('h2', 'Keys');
  head.id = 'keys-head';
  const parts = KEYS.map(([name, keys]) => {
    const pairs = keys.map(([key, says]) =>
      element('div', '', element('dt', says), element('dd', '', ...key.split(' ').map((one) => element('kbd', one)))),
    );
    return element('section', '', element('h3', name), element('dl', '', ...pairs));
  });
  const columns = element('div', '', ...parts);
  columns.className = 'columns';
  const close = element('button', 'Close');
  close.className = 'btn';
  close.value = 'close';
  const form = element('form', '', close);
  form.method = 'dialog';
  dialog.append(head, columns, form);
  document.body.append(dialog);
  return dialog;
}

/** A letter typed is a letter, in a field, a list of choices, or before a dialog. */
function typing({ target }) {
  return (
    target.closest?.(
      'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], dialog, .panel-menu, audio, video',
    ) !== null
  );
}

let first = '';
let forget;
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target.matches?.('#words, #search')) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event) || document.querySelector('dialog[open]'))
    return;
  clearTimeout(forget);
  const key = first === '' ? event.key : `${first} ${event.key}`;
  first = event.key === 'g' && first === '' ? 'g' : '';
  forget = setTimeout(() => (first = ''), 1500);
  const does = acts.get(key);
  if (!does) return;
  event.preventDefault();
  does();
});
