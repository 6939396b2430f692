// "New picture in 17 s": without it the page says until when, and changes by itself or when it is loaded again.
const ends = new Map();

function show() {
  for (const place of document.querySelectorAll('[data-left]')) {
    const { until, left, says } = place.dataset;
    // The visitor's clock may be wrong: only how long it was is believed, from when it was first seen.
    if (!ends.has(until)) ends.set(until, performance.now() + Number(left));
    const seconds = Math.max(0, Math.round((ends.get(until) - performance.now()) / 1000));
    place.textContent = `${says} ${seconds} s`;
  }
}
show();
setInterval(show, 1000);
document.addEventListener('htmx:after:swap', show);
