import assert from 'node:assert/strict';
import { addFile, addQuestions, addText } from '../../src/knowledge/index.ts';
import { listSources, questionsOf } from '../../src/knowledge/knowledge.queries.ts';
import { passagesOnPage } from '../../src/knowledge/passages.queries.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Answer, type Client, type TestServer } from '../support/http.ts';
import { gone, KINDS, settled, streamOf } from './desk.ts';

describe('the knowledge pages', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let base: string;
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    owner = await server.as('owner');
    base = `/w/${server.workspace}/knowledge`;
  });
  afterEach(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
  });

  const only = () => listSources(ws)[0] ?? assert.fail('no source was added');

  /** Uploads as a browser does, the token behind the address of the page it came from. */
  function upload(path: string, files: [name: string, content: Uint8Array | string][]): Promise<Answer> {
    const form = new FormData();
    form.append('csrf', owner.csrf ?? '');
    for (const [name, content] of files)
      form.append('files', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
    return owner.send('POST', path, { body: form, headers: { Accept: 'text/html', Origin: server.url } });
  }

  it('an empty workspace is led on to its first source', async () => {
    const { status, text } = await owner.get(base);
    assert.equal(status, 200);
    assert.match(text, /Your bots know nothing yet\./);
    assert.ok(text.includes(`href="${base}/new"`));
    const viewer = await (await server.as('viewer')).get(base);
    assert.ok(!viewer.text.includes(`${base}/new`), 'who may not edit is not offered it');
  });

  it('a text is written, read, changed and found', async () => {
    const sent = await owner.post(`${base}/new/text`, { title: 'Hours', text: '# Sunday\n\nThe zeppelin lands at nine.' });
    assert.deepEqual([sent.status, sent.location], [303, base]);
    const { id } = await settled(ws, only().id);
    assert.match((await owner.get(base)).text, /Your bots can look things up in 1 passage\.[^]*In use/);
    assert.match((await owner.get(`${base}/${id}`)).text, /Sunday[^]*The zeppelin lands at nine\./);
    await owner.post(`${base}/${id}/edit`, { title: 'Hours', text: 'The balloon lands at ten.' });
    await settled(ws, id);
    const tried = (await owner.get(`${base}/try?q=when+does+the+balloon+land`)).text.replace(/<\/?mark>/g, '');
    assert.match(tried, /This is what a bot would read[^]*The balloon lands at ten\./);
  });

  it('what is missing is said beside its field, and what was typed stays', async () => {
    const { status, text } = await owner.post(`${base}/new/text`, { title: 'Zeppelin', text: '   ' });
    assert.equal(status, 422);
    assert.match(text, /The text is missing\./);
    assert.match(text, /value="Zeppelin"/);
    const pair = await owner.post(`${base}/new/questions`, { title: 'Q', question: 'Any dogs?', answer: '' });
    assert.equal(pair.status, 422);
    assert.match(pair.text, /The answer is missing\./);
    assert.deepEqual(listSources(ws), []);
  });

  it('a megabyte of text is taken, more is refused in words', async () => {
    assert.equal((await owner.post(`${base}/new/text`, { title: 'Long', text: 'x '.repeat(499_999) })).status, 303);
    const { status, text } = await owner.post(`${base}/new/text`, { title: 'Longer', text: 'x'.repeat(1_000_001) });
    assert.equal(status, 422);
    assert.match(text, /The text can have 1000000 characters at most\./);
  });

  it('pairs are added, changed and removed', async () => {
    const first = await owner.post(`${base}/new/questions`, { title: 'Questions', question: 'Any dogs?', answer: 'Welcome.' });
    const { id } = only();
    assert.equal(first.location, `${base}/${id}`);
    await owner.post(`${base}/${id}/questions`, { question: 'Any parrots?', answer: 'Quiet ones.' });
    const [dogs, parrots] = questionsOf(ws, id);
    assert.match((await owner.get(`${base}/${id}`)).text, /Any dogs\?[^]*Any parrots\?/);
    await owner.post(`${base}/${id}/questions/${parrots?.id}`, { question: 'Any parrots?', answer: 'None.' });
    assert.equal(questionsOf(ws, id)[1]?.answer, 'None.');
    await owner.post(`${base}/${id}/questions/${dogs?.id}/remove`);
    assert.deepEqual(
      questionsOf(ws, id).map(({ question }) => question),
      ['Any parrots?'],
    );
    assert.equal((await owner.get(`${base}/${id}/questions/${dogs?.id}`)).status, 404);
  });

  it('many files are uploaded at once, each with its own fate', async () => {
    const sent = await upload(`${base}/new/files`, [
      ['hours.txt', 'The zeppelin lands at nine.'],
      ['scan.png', Buffer.from('\x89PNG\r\n', 'latin1')],
    ]);
    assert.deepEqual([sent.status, sent.location], [303, base]);
    for (const { id } of listSources(ws)) await settled(ws, id);
    const { text } = await owner.get(base);
    assert.match(text, /One couldn’t be read\./);
    assert.match(text, /scan\.png[^]*This is a picture, and Deskbell can’t read pictures\.[^]*Replace the file/);
    assert.match(text, /hours\.txt[^]*In use/);
  });

  it('a file above 25 MB is named and refused, the others are taken', async () => {
    const sent = await upload(`${base}/new/files`, [
      ['large.txt', Buffer.alloc(25 * 1024 * 1024 + 1, 'a')],
      ['hours.txt', 'The zeppelin lands at nine.'],
    ]);
    assert.equal(sent.status, 422);
    assert.match(sent.text, /“large\.txt” is larger than 25 MB\./);
    assert.match(sent.text, /1 other file was added and is being read\./);
    assert.deepEqual(
      listSources(ws).map(({ title }) => title),
      ['hours.txt'],
    );
  });

  it('an upload without a file, a form that is none, and one that is cut off are said in words', async () => {
    const none = await upload(`${base}/new/files`, []);
    assert.equal(none.status, 422);
    assert.match(none.text, /Choose at least one file\./);
    assert.equal((await owner.post(`${base}/new/files`, { files: 'x' })).status, 400);
    const cut = await owner.send('POST', `${base}/new/files`, {
      body: '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf a fi',
      headers: { Accept: 'text/html', Origin: server.url, 'Content-Type': 'multipart/form-data; boundary=x' },
    });
    assert.equal(cut.status, 400);
    assert.match(cut.text, /didn’t arrive whole/);
    assert.deepEqual(listSources(ws), []);
  });

  it('a file’s name is shown as text, whatever it says', async () => {
    await upload(`${base}/new/files`, [['<img src=x onerror=alert(1)>\u202Etxt.exe', 'Soup.']]);
    const { text } = await owner.get(base);
    assert.ok(!text.includes('<img src=x') && !text.includes('\u202E'));
    assert.match(text, /&lt;img src&#x3D;x onerror&#x3D;alert\(1\)&gt;txt\.exe/);
  });

  it('a source and a passage are switched off and on', async () => {
    const id = addText(ws, { title: 'Hours', text: 'The zeppelin lands.', by: null });
    await settled(ws, id);
    const found = async () => /The <mark>zeppelin<\/mark> lands/.test((await owner.get(`${base}/try?q=zeppelin`)).text);
    assert.ok(await found());
    await owner.post(`${base}/${id}/switch`, { enabled: 'no' });
    assert.ok(!(await found()));
    assert.match((await owner.get(base)).text, /Switched off/);
    await owner.post(`${base}/${id}/switch`, { enabled: 'yes' });
    const [passage] = passagesOnPage(ws, id, 1).passages;
    await owner.post(`${base}/${id}/passages/${passage?.id}/switch`, { enabled: 'no', page: '1' });
    assert.ok(!(await found()));
    assert.match((await owner.get(`${base}/${id}`)).text, /Use again/);
  });

  it('the dialog names what is lost, and then it is gone', async () => {
    const id = await addFile(ws, { name: 'menu.txt', content: streamOf('The zeppelin serves soup.'), by: null });
    await settled(ws, id);
    assert.match((await owner.get(`${base}/${id}`)).text, /The file and the 1 passage read from it are deleted for good\./);
    const { status, location } = await owner.post(`${base}/${id}/remove`);
    assert.deepEqual([status, location], [303, base]);
    await gone(ws, id);
    assert.equal((await owner.get(`${base}/${id}`)).status, 404);
    assert.equal((await owner.post(`${base}/${id}/remove`)).status, 404);
  });

  it('a question that nothing answers is told apart', async () => {
    addQuestions(ws, { title: 'Questions', pairs: [{ question: 'Any dogs?', answer: 'Welcome on the terrace.' }], by: null });
    await settled(ws, 1);
    assert.match((await owner.get(`${base}/try?q=${encodeURIComponent('Who won the football cup?')}`)).text, /Nothing here answers that\./);
    assert.equal((await owner.get(`${base}/try?q=`)).status, 422);
  });

  it('a stream tells the page how the reading goes', async () => {
    const abort = new AbortController();
    const response = await fetch(`${server.url}${base}/live`, { headers: { Cookie: owner.cookie ?? '' }, signal: abort.signal });
    const reader = (response.body ?? assert.fail('a stream')).pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const until = async (words: string) => {
      while (!seen.includes(words)) seen += (await reader.read()).value ?? assert.fail(`the stream ended: ${seen}`);
    };
    await until('Your bots know nothing yet.');
    addText(ws, { title: 'Hours', text: 'The zeppelin lands.', by: null });
    await until('hx-target="#sources"');
    await until('Your bots can look things up in 1 passage.');
    abort.abort();
  });
});
