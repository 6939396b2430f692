// A page that slept, in a closed laptop or behind other tabs, is told what it missed by its own stream, which goes on where it
// broke off. This wakes a stream that looks open and is dead, and says in one line how much came.

const SLEPT_MS = 3 * 60_000;
const TICK_MS = 10_000;

const live = document.getElementById('live');

/** When this page was last looked at with its stream open. */
let awake = Date.now();
let connected = false;
let connection;

const seen = () => document.visibilityState === 'visible';

/** Tries again at once, whatever it was doing: waiting for its turn, or reading from where nothing comes. */
function reconnect() {
  connected = false;
  connection?.delayCanceller?.();
  // Its stream may have ended in the same moment.
  connection?.reader?.cancel().catch(() => undefined);
}

function tick() {
  if (!seen()) return;
  if (connected && Date.now() - awake > SLEPT_MS) reconnect();
  else if (connected) awake = Date.now();
}

/** Stays until it is pressed: whoever opens the lid may look elsewhere first. */
function say(text, word, act, kind = '') {
  const line = document.createElement('div');
  line.className = `banner slept ${kind}`;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn is-small', textContent: word });
  button.addEventListener('click', () => act(line));
  line.append(Object.assign(document.createElement('p'), { textContent: text }), button);
  document.getElementById('notices')?.replaceChildren(line);
}

async function tell(ms) {
  const address = new URL(live.getAttribute('hx-sse:connect'), location.href);
  const query = new URLSearchParams({ ms: String(ms), conversation: address.searchParams.get('conversation') ?? '' });
  const answer = await fetch(`${address.pathname}/slept?${query}`).catch(() => undefined);
  if (answer?.status === 200 && !answer.redirected) say(await answer.text(), 'Dismiss', (line) => line.remove());
}

/** The session is over: the stream is answered with the way to the sign-in, which it can't go. */
function sayEnded() {
  if (document.querySelector('#notices .slept.is-failed')) return;
  say('You were signed out meanwhile. What you wrote is kept.', 'Sign in again', () => location.reload(), 'is-failed');
}

live?.addEventListener('htmx:sse:before:connection', ({ detail }) => {
  ({ connection } = detail);
  connected = false;
});
live?.addEventListener('htmx:sse:after:connection', ({ detail }) => {
  ({ connection } = detail);
  if (connection.status === 204) {
    sayEnded();
    return;
  }
  connected = true;
  const slept = Date.now() - awake;
  awake = Date.now();
  if (slept > SLEPT_MS) tell(slept);
});
live?.addEventListener('htmx:sse:after:message', ({ detail }) => {
  ({ connection } = detail);
  connected = true;
});
live?.addEventListener('htmx:sse:error', () => {
  connected = false;
});
document.addEventListener('visibilitychange', () => {
  // Hidden, its stream is closed: from now on it sleeps.
  if (!seen()) {
    if (connected) awake = Date.now();
    connected = false;
  } else connection?.delayCanceller?.();
});
addEventListener('online', reconnect);
setInterval(tick, TICK_MS);
