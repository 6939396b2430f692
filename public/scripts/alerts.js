// Asks the browser to be told, and gives its address to the form.
const form = document.getElementById('join-device');
const says = document.getElementById('join-says');
const button = form.querySelector('button');

if ('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  button.disabled = false;
  says.textContent =
    Notification.permission === 'denied'
      ? 'You have forbidden it here before. Allow notifications in your browser’s settings for this page.'
      : '';
}

form.addEventListener('submit', (event) => {
  if (form.elements.endpoint.value !== '') return;
  event.preventDefault();
  button.disabled = true;
  says.textContent = 'Your browser asks whether you want it.';
  join().then(
    () => form.submit(),
    (error) => {
      button.disabled = false;
      says.textContent =
        error.name === 'NotAllowedError'
          ? 'Your browser was not allowed to. Allow notifications for this page, then try again.'
          : 'Your browser couldn’t reach its own service. Try again, or in another browser.';
    },
  );
});

async function join() {
  // One for each workspace, since each has a key of its own, by which the browser's service knows it.
  await navigator.serviceWorker.register('/service-worker.js', { scope: form.dataset.scope });
  const registration = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: form.dataset.key };
  const { endpoint, keys } = (await registration.pushManager.subscribe(wanted)).toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
}
