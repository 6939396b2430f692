// What every page has beyond HTML. Nothing here is needed: without it pages reload, and texts are copied by hand.

// Copy buttons: hidden until there is a script that makes them work.
function showCopyButtons(root) {
  for (const button of root.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;
}
showCopyButtons(document);
document.addEventListener('htmx:after:swap', () => showCopyButtons(document));

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy)?.textContent ?? '';
  await navigator.clipboard.writeText(text);
  say('Copied.');
});

// A short word of what was done, for what leaves no other trace.
function say(text) {
  const toast = document.createElement('div');
  toast.className = 'toast';
  toast.textContent = text;
  document.getElementById('notices')?.replaceChildren(toast);
}

// A form that was sent shows that it is busy, and can't be sent twice by an impatient second press.
document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (form.matches('[hx-post], [hx-boost]') || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  submitter?.setAttribute('aria-busy', 'true');
});
// On a phone the tab where one is may stand beyond the edge.
for (const tab of document.querySelectorAll('.tabs [aria-current]')) tab.scrollIntoView({ block: 'nearest', inline: 'center' });

// Back to a page that the browser kept: its forms are fresh again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
  }
});

// What a page asks for by itself can fail without a word: the connection, or a proxy in front. It is said, and nothing typed is lost.
function warn(text) {
  const banner = document.createElement('div');
  banner.className = 'banner is-failed';
  banner.dataset.lost = '';
  banner.append(Object.assign(document.createElement('p'), { textContent: text }));
  document.getElementById('notices')?.replaceChildren(banner);
}
function notLost() {
  document.querySelector('#notices [data-lost]')?.remove();
}
document.addEventListener('htmx:error', ({ detail }) => {
  // A page's own stream comes back by itself.
  if (detail.ctx && !detail.ctx.sourceElement?.hasAttribute('hx-sse:connect'))
    warn('Deskbell can’t be reached just now, so this wasn’t done. What you wrote is still here: try again.');
});
document.addEventListener('htmx:response:error', ({ detail }) => {
  if ([502, 504].includes(detail.ctx.response.status)) warn('Deskbell didn’t answer in time. What you wrote is still here: try again.');
});
document.addEventListener('htmx:after:swap', notLost);
addEventListener('offline', () => warn('You are offline. This page goes on by itself once the connection is back.'));
addEventListener('online', notLost);
