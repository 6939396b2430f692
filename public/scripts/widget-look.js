// The chat bubble in small, as its settings would make it, before they are saved. Without this file there is no such picture.
const look = document.querySelector('[data-look]');
const form = document.querySelector('[data-look-form]');

function show() {
  const { colour, scheme, side, lift } = Object.fromEntries(new FormData(form));
  look.style.setProperty('--brand', colour);
  Object.assign(look.dataset, { scheme, side, lift });
}

if (look && form) {
  show();
  look.hidden = false;
  form.addEventListener('input', show);
}
