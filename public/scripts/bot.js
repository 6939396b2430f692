// The playground and the editor, made quicker. Without this file everything still works: by the button, and after a reload.
const trial = document.getElementById('trial');

if (trial) {
  const question = trial.elements.namedItem('question');
  const scroll = document.getElementById('trial-thread')?.closest('.scroll');

  // The bot's own questions to start with are asked by one press; without this file they are not offered.
  for (const starters of document.querySelectorAll('[data-starters]')) {
    starters.hidden = false;
    starters.addEventListener('click', ({ target }) => {
      if (!target.matches('button')) return;
      question.value = target.textContent;
      trial.requestSubmit();
      question.focus();
    });
  }
  // The server has the question: the field is free for the next one.
  trial.addEventListener('asked', () => {
    question.value = '';
  });
  trial.addEventListener('htmx:sse:after:message', () => {
    const last = document.querySelector('#trial-thread > :last-child');
    if (last) scroll?.scrollTo({ top: last.offsetTop + last.offsetHeight - scroll.clientHeight });
  });
  question.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    trial.requestSubmit();
  });
}

// How long the instructions are, while they are written. As in src/lib/tokens.ts.
function aboutTokens(text) {
  let twelfths = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    twelfths += code < 0x80 ? 3 : code >= 0x2e80 ? 12 : 8;
  }
  return Math.ceil(twelfths / 12);
}

function plural(count, noun) {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

document.addEventListener('input', ({ target }) => {
  const size = document.querySelector(`[data-size-of="${target.id}"]`);
  if (!target.id || !size) return;
  const words = target.value.split(/\s+/).filter(Boolean).length;
  size.textContent = words === 0 ? '' : `${plural(words, 'word')}; about ${plural(aboutTokens(target.value), 'token')} in every question.`;
});
