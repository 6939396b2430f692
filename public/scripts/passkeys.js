// A form with `data-passkey` is sent with what a passkey signed. The address in it gives what there is to sign; the form itself
// goes the way of every form. Where a browser has no passkeys, the form stays hidden: the password does it there.
const has = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function';

async function ask(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf?.value ?? '' });
  const response = await fetch(form.dataset.passkey, { method: 'POST', body, headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error((await response.json()).error);
  const options = await response.json();
  const credential =
    'user' in options
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify(credential);
}

function reason(error) {
  if (error.name === 'InvalidStateError') return 'This device has a passkey for you already.';
  if (error instanceof DOMException) return 'Nothing came of it: it was stopped, or took too long. Try it again.';
  return error.message;
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const says = form.querySelector('[data-passkey-says]');
  form.hidden = !has;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    says.textContent = '';
    try {
      form.elements.answer.value = await ask(form);
      form.submit();
    } catch (error) {
      says.textContent = reason(error);
    }
  });
}
