// Without JavaScript the button stays away; the browser's own menu prints as well.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
