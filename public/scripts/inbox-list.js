// What the inbox's list has beyond forms and links: how many are selected, and a soft bell when a person is wanted.

const pane = document.querySelector('.pane.list');
const selected = () => [...document.querySelectorAll('.pick:checked')];

function countSelected() {
  const says = document.getElementById('selected');
  if (says) says.textContent = `${selected().length} selected`;
}
document.addEventListener('change', ({ target }) => target.matches('.pick') && countSelected());

// What was done to those selected is done: none is selected any more. A panel closes with what was chosen in it.
document.addEventListener('htmx:after:request', ({ detail }) => {
  const { sourceElement, response } = detail.ctx;
  if (!sourceElement?.matches('#bulk, #one') || !response?.raw?.ok) return;
  document.querySelectorAll('.panel-menu:popover-open').forEach((panel) => panel.hidePopover());
  if (sourceElement.id !== 'bulk') return;
  for (const pick of selected()) pick.checked = false;
});

// Two soft notes, made here: no file to fetch, and nothing that rings without having been asked for.
let ringing = Number.parseInt(document.getElementById('bell')?.textContent, 10) || 0;
let sounds;
if (pane?.matches('[data-sound]')) {
  document.addEventListener('pointerdown', () => (sounds ??= new AudioContext()).resume(), { once: true });
  document.addEventListener('keydown', () => (sounds ??= new AudioContext()).resume(), { once: true });
}

function ring() {
  [659, 880].forEach((pitch, index) => {
    const [note, loudness] = [sounds.createOscillator(), sounds.createGain()];
    const at = sounds.currentTime + index * 0.16;
    note.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.08, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.9);
    note.connect(loudness).connect(sounds.destination);
    note.start(at);
    note.stop(at + 1);
  });
}

document.addEventListener('htmx:after:swap', () => {
  const wanted = Number.parseInt(document.getElementById('bell')?.textContent, 10) || 0;
  if (wanted > ringing && sounds?.state === 'running') {
    ring();
    pane.dataset.rang = String(wanted);
  }
  ringing = wanted;
});
