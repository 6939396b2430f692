import assert from 'node:assert/strict';
import { listSources, questionsOf } from '../../src/knowledge/knowledge.queries.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Answer, type Client, type TestServer } from '../support/http.ts';
import { best, KINDS, settled } from './desk.ts';

describe('questions and answers out of a CSV or Excel file', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let base: string;
  before(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    owner = await server.as('owner');
    base = `/w/${server.workspace}/knowledge`;
  });
  afterEach(() => void ws.sql.exec('DELETE FROM chunks; DELETE FROM sources'));
  after(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
  });

  function upload(path: string, name: string, content: string): Promise<Answer> {
    const form = new FormData();
    form.append('csrf', owner.csrf ?? '');
    form.append('file', new Blob([content]), name);
    return owner.send('POST', path, { body: form, headers: { Accept: 'text/html', Origin: server.url } });
  }
  const only = () => listSources(ws)[0] ?? assert.fail('no source was added');
  const questions = (id: number): string[] => questionsOf(ws, id).map(({ question }) => question);

  it('become a source that is called as the file is, and are found', async () => {
    assert.match((await owner.get(`${base}/new/questions`)).text, /action="[^"]*\/new\/questions\/file" enctype="multipart\/form-data"/);
    const sent = await upload(
      `${base}/new/questions/file`,
      'House rules.csv',
      'Frage;Antwort\nDarf mein Hund mit?;Ja, an der Leine.\nGibt es WLAN?;Ja.\n',
    );
    const { id, title } = only();
    assert.deepEqual([sent.status, sent.location, title], [303, `${base}/${id}`, 'House rules']);
    assert.match((await owner.get(`${base}/${id}`)).text, /Two pairs came in\./);
    await settled(ws, id);
    assert.equal((await best(ws, 'Hund mitbringen')).text, 'Darf mein Hund mit?\nJa, an der Leine.');
  });

  it('what comes in and which rows don’t, with the reason, is shown; the mended file adds the rest alone', async () => {
    const rows = ['Dogs?,Welcome.', ',Lonely answer', `${'x'.repeat(1001)},Too long`, '"<b>Cats</b>?",\u200b', 'Birds?,Quiet ones.'];
    const sent = await upload(`${base}/new/questions/file`, 'faq.csv', `question,answer\n${rows.join('\n')}`);
    assert.equal(sent.status, 422);
    assert.match(sent.text, /Two pairs came in, three rows were skipped\./);
    const said = [...sent.text.matchAll(/<th scope="row"[^>]*>(\d+)<\/th><td>([^<]*)/g)].map(([, row, says]) => `${row} ${says}`);
    assert.deepEqual(said, ['3 The question is missing.', '4 The question can have 1000 characters at most.', '5 The answer is missing.']);
    const { id } = only();
    assert.ok(sent.text.includes(`action="${base}/${id}/questions/file"`), 'the form leads to the same source');
    const again = await upload(`${base}/${id}/questions/file`, 'faq.csv', 'question,answer\ndogs?,Welcome.\nCats?,Sorry.');
    assert.equal(again.status, 422);
    assert.match(again.text, /One pair came in, one row was skipped\.[^]*>2<[^]*This question is there already\./);
    assert.deepEqual(questions(id), ['Dogs?', 'Birds?', 'Cats?']);
  });

  it('a file without a good row adds nothing', async () => {
    for (const [content, says] of [
      ['question,answer\n,x\n', /Nothing came in, one row was skipped\./],
      ['question,answer\n', /There are no questions in this file\./],
      ['%PDF-1.7', /This is neither a CSV nor an Excel file\. Save the sheet as one of them and upload that\./],
      [`question,answer\n"${'x'.repeat(5 * 1024 * 1024)}`, /“faq\.csv” is larger than 5 MB\./],
    ] as const) {
      const sent = await upload(`${base}/new/questions/file`, 'faq.csv', content);
      assert.equal(sent.status, 422);
      assert.match(sent.text, says);
    }
    assert.deepEqual(listSources(ws), []);
    assert.match((await upload(`${base}/new/questions/file`, '', '')).text, /Choose a file\./);
  });

  it('five thousand come in at once, in their order', async () => {
    const rows = Array.from({ length: 5000 }, (_, n) => `"What about table ${n}?","It is number ${n}, by the window."`);
    const sent = await upload(`${base}/new/questions/file`, 'tables.csv', rows.join('\n'));
    assert.equal(sent.status, 303);
    const asked = questions(only().id);
    assert.deepEqual([asked.length, asked[0], asked[4999]], [5000, 'What about table 0?', 'What about table 4999?']);
  });

  it('is for editors, and for sources of questions', async () => {
    const agent = await server.as('agent');
    const form = new FormData();
    form.append('file', new Blob(['Dogs?,Yes.']), 'faq.csv');
    const sent = await agent.send('POST', `${base}/new/questions/file`, {
      body: form,
      headers: { Accept: 'text/html', Origin: server.url },
    });
    assert.equal(sent.status, 403);
    await owner.post(`${base}/new/text`, { title: 'Hours', text: 'Nine to five.' });
    assert.equal((await upload(`${base}/${only().id}/questions/file`, 'faq.csv', 'Dogs?,Yes.')).status, 404);
    assert.equal((await upload(`${base}/999/questions/file`, 'faq.csv', 'Dogs?,Yes.')).status, 404);
  });
});
