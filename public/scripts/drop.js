// Fields for files, made quicker. Without this file they work all the same: browsers let files be dropped on the field itself.
// With it the whole page takes them, a second lot is added to the first, and what was chosen is listed before it is sent.
const field = document.querySelector('[data-drop]');

if (field) {
  const input = field.querySelector('input[type=file]');
  const list = field.querySelector('.chosen');
  const most = Number(field.dataset.most);
  const largest = Number(field.dataset.largest);
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');

  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    // Else the browser would open the file in place of the page.
    event.preventDefault();
    field.classList.add('is-over');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) field.classList.remove('is-over');
  });
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    field.classList.remove('is-over');
    const all = new DataTransfer();
    for (const file of [...(most > 1 ? input.files : []), ...event.dataTransfer.files].slice(most > 1 ? 0 : -1)) all.items.add(file);
    input.files = all.files;
    show();
  });
  input.addEventListener('change', show);

  function show() {
    const files = [...input.files];
    list.replaceChildren(...files.map((file, place) => item(file, place)));
    list.hidden = files.length === 0;
  }

  function item(file, place) {
    const line = document.createElement('li');
    const name = document.createElement('span');
    name.dir = 'auto';
    name.textContent = file.name;
    line.append(name, `, ${sizeOf(file.size)}`);
    const trouble =
      place >= most ? `too many, ${most} at once are taken` : file.size > largest ? `too large, ${largest / 1_048_576} MB at most` : '';
    if (trouble !== '') line.append(', ', Object.assign(document.createElement('b'), { textContent: trouble }));
    return line;
  }

  function sizeOf(bytes) {
    return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  }
}
