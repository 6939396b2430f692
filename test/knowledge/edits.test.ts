import assert from 'node:assert/strict';
import { addText, editText, search } from '../../src/knowledge/index.ts';
import { editChunk } from '../../src/knowledge/edit-chunk.ts';
import { conflictsOf, passagesOnPage } from '../../src/knowledge/passages.queries.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { KINDS, settled } from './desk.ts';

const HOURS = 'We are open from Tuesday to Friday from 8 am to 6 pm, on Saturday and Sunday from 9 am to 5 pm.';
const CAKES = 'The carrot cake is vegan and contains walnuts. A slice costs 4.50.';
const MINE = 'The carrot cake is vegan and contains hazelnuts. A slice costs 4.50.';
const NEWER = CAKES.replace('4.50', '4.90');
const text = (cakes: string): string => `# Hours\n\n${HOURS}\n\n# Cakes\n\n${cakes}`;

describe('a passage that is written anew', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let id: number;
  let base: string;
  beforeEach(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    owner = await server.as('owner');
    id = addText(ws, { title: 'Visiting us', text: text(CAKES), by: null });
    await settled(ws, id);
    base = `/w/${server.workspace}/knowledge/${id}`;
  });
  afterEach(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
  });

  const shown = () => passagesOnPage(ws, id, 1).passages;
  const texts = (): string[] => shown().map((passage) => passage.text);
  const named = (word: string) => shown().find((passage) => passage.text.includes(word)) ?? assert.fail(`no passage has ${word}`);
  const found = async (query: string): Promise<string[]> => (await search(ws, { query })).map((passage) => passage.text);
  const edits = (): unknown[] => ws.sql.prepare('SELECT state, found, text FROM edits ORDER BY id').all();

  async function editCakes(): Promise<void> {
    const sent = await owner.post(`${base}/passages/${named('walnuts').id}`, { text: MINE });
    assert.equal(sent.status, 303);
  }

  async function sourceSays(cakes: string): Promise<void> {
    editText(ws, id, { title: 'Visiting us', text: cakes === '' ? `# Hours\n\n${HOURS}` : text(cakes) });
    await settled(ws, id);
  }

  it('is found by its new words at once, and no more by those it lost', async () => {
    await editCakes();
    assert.deepEqual(await found('hazelnuts'), [MINE]);
    assert.deepEqual(await found('walnuts'), []);
    assert.match((await owner.get(base)).text, /Edited</);
  });

  it('is kept when the source is read again', async () => {
    await editCakes();
    await owner.post(`${base}/reread`);
    await settled(ws, id);
    assert.deepEqual(texts(), [HOURS, MINE]);
    assert.deepEqual(edits(), [{ state: 'kept', found: null, text: MINE }]);
    assert.deepEqual(await found('hazelnuts'), [MINE]);
  });

  it('stays when the source changes there, and both texts are shown with a choice', async () => {
    await editCakes();
    await sourceSays(NEWER);
    assert.deepEqual(texts(), [HOURS, MINE]);
    assert.deepEqual(edits(), [{ state: 'changed', found: NEWER, text: MINE }]);
    const page = (await owner.get(base)).text;
    assert.match(
      page,
      /The source has changed what you wrote anew[^]*hazelnuts. A slice costs 4\.50[^]*Keep mine[^]*walnuts\. A slice costs 4\.90[^]*Take the new one/,
    );
    const viewer = (await (await server.as('viewer')).get(base)).text;
    assert.match(viewer, /4\.90/);
    assert.ok(!viewer.includes('Keep mine'), 'who may not edit is offered no choice');
  });

  it('that waits for a decision is told where knowledge begins, until it is made', async () => {
    const list = `/w/${server.workspace}/knowledge`;
    await editCakes();
    assert.doesNotMatch((await owner.get(list)).text, /decision|to decide/);
    await sourceSays(NEWER);
    assert.match((await owner.get(list)).text, /One of your edits waits for a decision\.[^]*1 edit to decide/);
    const [conflict] = conflictsOf(ws, id);
    await owner.post(`${base}/edits/${conflict?.id}/keep`);
    assert.doesNotMatch((await owner.get(list)).text, /decision|to decide/);
  });

  it('kept as one’s own, it is no conflict any more, not even at the next reading', async () => {
    await editCakes();
    await sourceSays(NEWER);
    const [conflict] = conflictsOf(ws, id);
    assert.equal((await owner.post(`${base}/edits/${conflict?.id}/keep`)).status, 303);
    await owner.post(`${base}/reread`);
    await settled(ws, id);
    assert.deepEqual(texts(), [HOURS, MINE]);
    assert.deepEqual(edits(), [{ state: 'kept', found: null, text: MINE }]);
  });

  it('the new one taken, the source speaks for itself', async () => {
    await editCakes();
    await sourceSays(NEWER);
    const [conflict] = conflictsOf(ws, id);
    assert.equal((await owner.post(`${base}/edits/${conflict?.id}/undo`)).status, 303);
    assert.deepEqual(texts(), [HOURS, NEWER]);
    assert.deepEqual(edits(), []);
    assert.deepEqual(await found('hazelnuts'), []);
    assert.deepEqual(await found('walnuts'), [NEWER]);
  });

  it('stays as a passage of its own when the source says nothing like it any more, and can be given up', async () => {
    await editCakes();
    await sourceSays('');
    assert.deepEqual(texts(), [HOURS, MINE]);
    assert.deepEqual(await found('hazelnuts'), [MINE]);
    assert.match((await owner.get(base)).text, /The source says nothing like this any more/);
    const [conflict] = conflictsOf(ws, id);
    await owner.post(`${base}/edits/${conflict?.id}/undo`);
    assert.deepEqual(texts(), [HOURS]);
  });

  it('undone, it says what the source says; so it does when one writes just that', async () => {
    await editCakes();
    await owner.post(`${base}/passages/${named('hazelnuts').id}`, { text: CAKES });
    assert.deepEqual([texts(), edits()], [[HOURS, CAKES], []]);
    await editCakes();
    const { editId } = named('hazelnuts');
    await owner.post(`${base}/edits/${editId}/undo`);
    assert.deepEqual([texts(), edits()], [[HOURS, CAKES], []]);
    assert.deepEqual(await found('walnuts'), [CAKES]);
  });

  it('written anew a second time, the first text is gone and the original is not', async () => {
    await editCakes();
    await owner.post(`${base}/passages/${named('hazelnuts').id}`, { text: 'No cakes on weekdays.' });
    assert.deepEqual(texts(), [HOURS, 'No cakes on weekdays.']);
    const { editId } = named('No cakes');
    await owner.post(`${base}/edits/${editId}/undo`);
    assert.deepEqual(texts(), [HOURS, CAKES]);
  });

  it('while its source is being read, it is in the new reading, too', async () => {
    editText(ws, id, { title: 'Visiting us', text: `${text(CAKES)}\n\n# Parking\n\n${'Behind the church. '.repeat(4000)}` });
    // Once chunks of the new reading are being written, the edits it goes by have been looked up.
    const generations = ws.prepare('SELECT count(DISTINCT generation) FROM chunks WHERE source_id = ?').pluck();
    while (Number(generations.get(id)) < 2) await new Promise((resolve) => setImmediate(resolve));
    await editChunk(ws, id, named('walnuts').id, { text: MINE, by: 1 });
    await settled(ws, id);
    assert.ok(texts().includes(MINE));
    assert.ok(!texts().includes(CAKES));
  });

  it('a passage that was switched off stays off while it is edited and read again', async () => {
    await owner.post(`${base}/passages/${named('walnuts').id}/switch`, { enabled: 'no', page: '1', words: '' });
    await editCakes();
    await owner.post(`${base}/reread`);
    await settled(ws, id);
    assert.deepEqual(await found('hazelnuts'), []);
  });

  it('an empty text is refused beside its field, with what to do instead', async () => {
    const { status, text: answered } = await owner.post(`${base}/passages/${named('walnuts').id}`, { text: '  ' });
    assert.equal(status, 422);
    assert.match(answered, /To do without the passage, switch it off\./);
  });

  it('is for those who may edit knowledge, and of this source alone', async () => {
    const passage = named('walnuts').id;
    const agent = await server.as('agent');
    assert.equal((await agent.post(`${base}/passages/${passage}`, { text: MINE })).status, 403);
    const other = addText(ws, { title: 'Other', text: 'Nothing.', by: null });
    await settled(ws, other);
    const elsewhere = `/w/${server.workspace}/knowledge/${other}`;
    assert.equal((await owner.post(`${elsewhere}/passages/${passage}`, { text: MINE })).status, 404);
    await editCakes();
    assert.equal((await owner.post(`${elsewhere}/edits/${named('hazelnuts').editId}/undo`)).status, 404);
    assert.deepEqual(texts(), [HOURS, MINE]);
  });
});
