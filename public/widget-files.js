/*! Deskbell's chat bubble, its part for files. Free software, AGPL-3.0-only. */

/**
 * Chooses, sends and shows files. widget.js loads it for those who meet one, and hands it what it needs. Pictures are drawn
 * on canvases and files are got by fetch: a page's CSP, which may know nothing of our server's pictures, has no say in either,
 * and no address ever holds the visitor's token.
 */
export function begin(kit) {
  const { h, icon, fill, base, newId, bearer, refusal, texts, view, queue } = kit;
  const MB = 1024 * 1024;
  const LARGEST_MB = 20;
  const AT_ONCE = 5;
  const DRAWN = /^image\/(?:png|jpeg|gif|webp)$/;
  const SHOWN_PX = 240;

  const STYLES = `
.tray{display:flex;flex-wrap:wrap;gap:8px;list-style:none;padding:0 16px 10px}
.tray li,.files .plain.doc{display:flex;align-items:center;gap:8px;min-inline-size:0;max-inline-size:100%;block-size:auto;min-block-size:44px;border:1px solid var(--rule);border-radius:10px;padding-inline:10px;font-size:14px;text-align:start}
.tray li{padding-inline-end:0;background:var(--wash)}.tray canvas{block-size:44px;inline-size:44px;margin-inline-start:-10px;border-start-start-radius:9px;border-end-start-radius:9px;object-fit:cover}
.tray span,.doc span{min-inline-size:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.tray .plain{flex:none;font-size:20px}.doc .icon{flex:none}
.files{display:grid;grid-template-columns:minmax(0,1fr);gap:7px;justify-items:start}.files>div{max-inline-size:100%;min-inline-size:0}.files .shot,.files .plain.doc{color:inherit;background:none;inline-size:auto}.files .shot{border:0;padding:0;border-radius:10px}
.files canvas{display:block;max-inline-size:100%;border-radius:10px}.me .files .plain.doc{border-color:currentColor}.files .plain.doc:hover{background:none;text-decoration:underline}`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  view.root.adoptedStyleSheets.push(sheet);

  const nameOf = (name) => h('span', { dir: 'auto' }, name);
  const say = (text, values) => fill(text, values).join('');

  // ── What is chosen ──────────────────────────────────────────────────────────────────────────────────────────────

  let chosen = [];
  const tray = h('ul', { class: 'tray', dir: view.form.dir, 'aria-label': texts.filesChosen, hidden: true });
  view.form.before(tray);

  /** Why a file can't be sent; undefined when it can. The server looks again. */
  function objection({ name, size }) {
    if (size === 0) return say(texts.fileIsEmpty, { name });
    if (size > LARGEST_MB * MB) return say(texts.fileTooLarge, { name, mb: LARGEST_MB });
    return undefined;
  }

  function add(files) {
    const wrong = files.map(objection).filter(Boolean);
    const good = files.filter((file) => !objection(file));
    const room = AT_ONCE - chosen.length;
    if (good.length > room) wrong.push(say(texts.filesAtOnce, { count: AT_ONCE }));
    chosen = [...chosen, ...good.slice(0, room)];
    view.bar(wrong.join(' '));
    list();
  }

  function list() {
    tray.replaceChildren(...chosen.map(item));
    tray.hidden = chosen.length === 0;
    view.press();
  }

  function item(file) {
    const onclick = () => {
      const place = chosen.indexOf(file);
      chosen = chosen.filter((other) => other !== file);
      list();
      (tray.querySelectorAll('button')[place] ?? view.form.querySelector('textarea')).focus();
    };
    const out = h('button', { class: 'plain', type: 'button', 'aria-label': `${texts.remove}: ${file.name}`, onclick }, '×');
    const line = h('li', {}, nameOf(file.name), out);
    if (DRAWN.test(file.type)) draw(file, 88, true).then((canvas) => line.prepend(canvas), ignore);
    return line;
  }

  /** What can't be drawn stands there by its name. */
  const ignore = () => undefined;

  // ── What is sent ────────────────────────────────────────────────────────────────────────────────────────────────

  function send(text) {
    const files = chosen;
    chosen = [];
    list();
    view.bar('');
    post(text, files);
  }

  function post(text, files) {
    const node = view.mine(text, h('div', { class: 'files' }, ...files.map(own)));
    const clientId = newId();
    const again = () => post(text, files);
    queue({ clientId, text, again, upload: (token) => upload({ clientId, text, files, token, node }) }, node);
  }

  function own(file) {
    const box = h('div', {}, h('div', { class: 'plain doc' }, icon('clip'), nameOf(file.name)));
    if (DRAWN.test(file.type)) draw(file, SHOWN_PX).then((canvas) => drawn(box, labelled(canvas, file.name)), ignore);
    return box;
  }

  /** What grows at the end is read to its end. */
  function drawn(box, picture) {
    box.replaceChildren(picture);
    view.grown();
  }

  function labelled(canvas, name) {
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', say(texts.picture, { name }));
    return canvas;
  }

  /** By XMLHttpRequest, which alone tells how far it is. Throws Refused, or TypeError when the server wasn't reached. */
  function upload({ clientId, text, files, token, node }) {
    const form = new FormData();
    form.append('clientId', clientId);
    if (text) form.append('text', text);
    for (const file of files) form.append('file', file, file.name);
    const request = new XMLHttpRequest();
    request.open('POST', new URL('files', base));
    request.setRequestHeader('Accept', 'application/json');
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`);
    return new Promise((resolve, reject) => {
      const cancel = () => {
        request.abort();
        node.remove();
      };
      const percent = h('span', { role: 'progressbar', 'aria-valuemin': '0', 'aria-valuemax': '100' });
      const show = (done) => {
        percent.textContent = say(texts.sendingFiles, { percent: done });
        percent.setAttribute('aria-valuenow', done);
        percent.setAttribute('aria-label', percent.textContent);
      };
      show(0);
      view.mark(node, null);
      node.append(h('p', { class: 'mark' }, percent, ' ', h('button', { type: 'button', onclick: cancel }, texts.cancel)));
      request.upload.onprogress = ({ loaded, total }) => show(Math.floor((100 * loaded) / total));
      request.onload = () => settle(request).then(resolve, reject);
      request.onerror = () => reject(new TypeError('not reached'));
      // A status that is no network's, so that nobody tries again.
      request.onabort = () => reject(Object.assign(new Error(''), { status: 499 }));
      request.send(form);
    });
  }

  async function settle(request) {
    const headers = { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' };
    const response = new Response(request.responseText, { status: request.status, headers });
    if (!response.ok) throw await refusal(response);
    return response.json();
  }

  // ── What is shown ───────────────────────────────────────────────────────────────────────────────────────────────

  function show(files) {
    return files.map((file) => {
      const onclick = () => save(file).catch(() => view.bar(texts.fileNotNow));
      const label = say(texts.saveFile, { name: file.name });
      const doc = h('button', { class: 'plain doc', type: 'button', 'aria-label': label, onclick }, icon('clip'), nameOf(file.name));
      const box = h('div', {}, doc);
      if (file.shown === 'image') {
        const named = `${say(texts.picture, { name: file.name })}. ${label}`;
        const shot = (canvas) => h('button', { class: 'shot', type: 'button', 'aria-label': named, onclick }, canvas);
        content(file)
          .then((blob) => draw(blob, SHOWN_PX))
          .then((canvas) => drawn(box, shot(canvas)), ignore);
      }
      return box;
    });
  }

  async function content({ id }) {
    const headers = { Authorization: `Bearer ${bearer()}` };
    const response = await fetch(new URL(`files/${id}`, base), { headers, credentials: 'omit', cache: 'no-store' });
    if (!response.ok) throw await refusal(response);
    return response.blob();
  }

  async function save(file) {
    const href = URL.createObjectURL(new Blob([await content(file)], { type: 'application/octet-stream' }));
    h('a', { href, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  /** A picture of at most `px`, sharp on screens of double density; or a square of its middle. */
  async function draw(blob, px, square = false) {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const scale = square ? px / Math.min(width, height) : Math.min(1, (2 * px) / Math.max(width, height));
    const canvas = h('canvas');
    canvas.width = square ? px : Math.max(1, Math.round(width * scale));
    canvas.height = square ? px : Math.max(1, Math.round(height * scale));
    const [x, y] = [(canvas.width - width * scale) / 2, (canvas.height - height * scale) / 2];
    canvas.getContext('2d').drawImage(bitmap, x, y, width * scale, height * scale);
    bitmap.close();
    // As an attribute the page's CSP would forbid it.
    if (!square) canvas.style.inlineSize = `${Math.min(canvas.width, (px * canvas.width) / Math.max(canvas.width, canvas.height))}px`;
    return canvas;
  }

  return { add, show, say: send, count: () => chosen.length };
}
