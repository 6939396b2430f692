import assert from 'node:assert/strict';
import { addFile, addText, replaceFile } from '../../src/knowledge/index.ts';
import { passagesOnPage } from '../../src/knowledge/passages.queries.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { KINDS, settled, streamOf } from './desk.ts';
import { pdf, type PdfLine } from './made-files.ts';

const serving = (what: string): PdfLine[] => [
  { text: what, size: 24, y: 700 },
  { text: `The zeppelin serves ${what} at any time of the day.`, y: 650 },
];

describe('the passages of a source', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  before(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    owner = await server.as('owner');
  });
  after(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
  });

  it('an answer of some time ago leads to the passage, and to its source when that has been read again since', async () => {
    const id = addText(ws, { title: 'Cakes', text: 'The carrot cake contains walnuts.', by: null });
    await settled(ws, id);
    const base = `/w/${server.workspace}/knowledge/${id}`;
    const passage = passagesOnPage(ws, id, 1).passages[0]?.id;
    assert.match((await owner.get(`${base}/passages/${passage}`)).text, /walnuts/);
    await owner.post(`${base}/reread`);
    await settled(ws, id);
    const gone = await owner.get(`${base}/passages/${passage}`);
    assert.deepEqual([gone.status, gone.location], [303, base]);
    assert.match((await owner.get(base)).text, /That passage isn’t there any more/);
    assert.equal((await owner.get(`/w/${server.workspace}/knowledge/999/passages/${passage}`)).status, 404);
  });

  it('a long source is leafed through and narrowed by words, also by their forms', async () => {
    const parts = Array.from(
      { length: 95 },
      (_, n) => `# Part ${n}\n\nAbout number ${n}${n % 30 === 7 ? ': deliveries by zeppelin' : ''}.`,
    );
    const long = addText(ws, { title: 'Long', text: `${parts.join('\n\n')}\n\nOf this and that, and of nothing in particular.`, by: null });
    await settled(ws, long);
    const path = `/w/${server.workspace}/knowledge/${long}`;
    const second = (await owner.get(`${path}?page=2`)).text;
    assert.match(second, /About number 40\./);
    assert.doesNotMatch(second, /About number 39\.|About number 80\./);
    assert.match(second, /\?page&#x3D;1"[^]*\?page&#x3D;3"/);
    const narrowed = (await owner.get(`${path}?words=delivery+zepp`)).text;
    assert.deepEqual(
      [...narrowed.matchAll(/dir="auto">About number (\d+)/g)].map(([, n]) => n),
      ['7', '37', '67'],
    );
    assert.match(narrowed, /3 passages with “<bdi>delivery zepp<\/bdi>”, 1 to 3 below/);
    assert.match(narrowed, /type="search" name="words" value="delivery zepp"/);
    const switched = /passages\/\d+\/switch"><input[^>]*><input[^>]*><input type="hidden" name="words" value="delivery zepp">/;
    assert.match(narrowed, switched, 'a switch comes back to what was narrowed');
    for (const words of ['balloon', '"*) OR', '🎉']) {
      const none = await owner.get(`${path}?words=${encodeURIComponent(words)}`);
      assert.equal(none.status, 200);
      assert.match(none.text, /No passage has these words/);
    }
  });

  it('of a source of thousands every page is reached; of what many have in common the first thousand', () => {
    const many = ws.write(() => {
      const id = Number(
        ws.sql.prepare("INSERT INTO sources (kind, title, state, created_at, updated_at) VALUES ('text', 'Many', 'ready', 0, 0)").run()
          .lastInsertRowid,
      );
      const insert = ws.sql.prepare("INSERT INTO chunks (source_id, position, text, words, hash, created_at) VALUES (?, ?, ?, ?, '', 0)");
      for (let n = 0; n < 1100; n++) insert.run(id, n, `Cake ${n}`, `cake ${n}`);
      return id;
    });
    const last = passagesOnPage(ws, many, 28);
    assert.deepEqual([last.all, last.more, last.passages.at(-1)?.text], [1100, false, 'Cake 1099']);
    const common = passagesOnPage(ws, many, 1, '("cake" *)');
    assert.deepEqual([common.all, common.more, common.passages.length], [1000, true, 40]);
  });

  it('a passage of a PDF leads to the file at its page', async () => {
    const file = await addFile(ws, {
      name: 'ménu (1).pdf',
      content: streamOf(pdf([serving('Soup'), serving('Cake')])),
      by: null,
    });
    await settled(ws, file);
    const path = `/w/${server.workspace}/knowledge/${file}`;
    const page = (await owner.get(path)).text;
    assert.ok(page.includes(`href="${path}/file#page&#x3D;2"`), page);
    const opened = await owner.get(`${path}/file`);
    assert.deepEqual([opened.status, opened.headers.get('content-type')], [200, 'application/pdf']);
    assert.equal(opened.headers.get('content-disposition'), "inline; filename*=UTF-8''m%C3%A9nu%20%281%29.pdf");
    assert.ok(opened.text.startsWith('%PDF'));
    await replaceFile(ws, file, {
      name: 'x.html',
      content: streamOf('<html><body><p>Hello you.</p><script>alert(1)</script></body></html>'),
    });
    await settled(ws, file);
    const handed = await owner.get(`${path}/file`);
    assert.deepEqual(
      [handed.headers.get('content-type'), handed.headers.get('content-disposition')?.startsWith('attachment')],
      ['application/octet-stream', true],
    );
  });
});
