import assert from 'node:assert/strict';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addFile,
  addQuestion,
  addQuestions,
  addText,
  editQuestion,
  editText,
  NoSource,
  removeQuestion,
  removeSource,
  renameSource,
  replaceFile,
  rereadSource,
  search,
  sweepFiles,
  switchChunk,
  TooLarge,
} from '../../src/knowledge/index.ts';
import { lineOfKnowledge, listSources, questionsOf, standing } from '../../src/knowledge/knowledge.queries.ts';
import { passagesOnPage } from '../../src/knowledge/passages.queries.ts';
import type { BusEvent } from '../../src/lib/bus.ts';
import { eventually } from '../support/eventually.ts';
import { best, filesOf, gone, KINDS, openDesk, passagesOf, readFile, settled, streamOf, terms, type Desk } from './desk.ts';
import { pdf } from './made-files.ts';

describe('sources', () => {
  let desk: Desk;
  beforeEach(async () => void (desk = await openDesk()));
  afterEach(() => desk.end());

  it('an edited text is found by its new words alone', async () => {
    const { ws } = desk;
    const id = addText(ws, { title: 'Hours', text: 'We open at nine, says the marmalade zeppelin.', by: null });
    await settled(ws, id);
    editText(ws, id, { title: 'Hours', text: 'We open at ten, says the lemonade balloon.' });
    await settled(ws, id);
    assert.equal((await best(ws, 'lemonade')).sourceId, id);
    assert.deepEqual(await search(ws, { query: 'marmalade zeppelin' }), []);
    await eventually(() => assert.deepEqual(terms(ws, 'marmalad'), []));
  });

  it('what was read before stays in use until the new reading is whole', async () => {
    const { ws, installation } = desk;
    const id = addText(ws, { title: 'Hours', text: 'The zeppelin lands at nine.', by: null });
    await settled(ws, id);
    await installation.jobs.stop(0);
    editText(ws, id, { title: 'Hours', text: 'The balloon lands at ten.' });
    assert.equal((await best(ws, 'zeppelin lands')).sourceId, id);
  });

  it('a new title is found, and stands at the passage', async () => {
    const { ws } = desk;
    const id = addText(ws, { title: 'Old', text: 'Nine to five.', by: null });
    await settled(ws, id);
    renameSource(ws, id, 'Zeppelin timetable');
    await settled(ws, id);
    assert.equal((await best(ws, 'zeppelin')).title, 'Zeppelin timetable');
  });

  it('pairs are added, changed and taken out one by one', async () => {
    const { ws } = desk;
    const id = addQuestions(ws, { title: 'Questions', pairs: [{ question: 'Any dogs?', answer: 'Welcome.' }], by: null });
    const second = addQuestion(ws, id, { question: 'Any parrots?', answer: 'Only quiet ones.' });
    await settled(ws, id);
    assert.deepEqual(passagesOf(ws, id), [' |  | Any dogs?\nWelcome.', ' |  | Any parrots?\nOnly quiet ones.']);
    editQuestion(ws, id, second, { question: 'Any parrots?', answer: 'None.' });
    await settled(ws, id);
    assert.equal((await best(ws, 'parrots')).text, 'Any parrots?\nNone.');
    removeQuestion(ws, id, second);
    await settled(ws, id);
    assert.deepEqual(
      questionsOf(ws, id).map(({ question }) => question),
      ['Any dogs?'],
    );
    await eventually(() => assert.deepEqual(terms(ws, 'parrot'), []));
    assert.throws(() => editQuestion(ws, id, second, { question: 'x', answer: 'y' }), NoSource);
  });

  it('a passage that was switched off stays off when the source is read again, as long as it says the same', async () => {
    const { ws } = desk;
    const id = addText(ws, { title: 'T', text: '# A\n\nThe zeppelin lands.\n\n# B\n\nThe balloon rises.', by: null });
    await settled(ws, id);
    const [first] = passagesOnPage(ws, id, 1).passages;
    switchChunk(ws, id, first?.id ?? 0, false);
    editText(ws, id, { title: 'T', text: '# A\n\nThe zeppelin lands.\n\n# B\n\nThe balloon sinks.' });
    await settled(ws, id);
    assert.deepEqual(
      passagesOnPage(ws, id, 1).passages.map(({ enabled }) => enabled),
      [false, true],
    );
    assert.deepEqual(await search(ws, { query: 'zeppelin' }), []);
  });

  it('a removed source leaves no word, no file and no row', async () => {
    const { ws } = desk;
    const { id } = await readFile(ws, 'menu.txt', `The zeppelin serves marmalade.\n\n${'More of it stands here. '.repeat(500)}`);
    assert.equal(readdirSync(filesOf(ws)).length, 1);
    removeSource(ws, id);
    assert.deepEqual(await search(ws, { query: 'zeppelin marmalade' }), [], 'at once');
    assert.deepEqual(listSources(ws), []);
    await gone(ws, id);
    assert.deepEqual(terms(ws, 'zeppelin'), []);
    assert.equal(ws.sql.prepare('SELECT count(*) FROM chunks').pluck().get(), 0);
    assert.deepEqual(readdirSync(filesOf(ws)), []);
    ws.sql.prepare("INSERT INTO chunks_fts(chunks_fts, rank) VALUES ('integrity-check', 1)").run();
    assert.throws(() => removeSource(ws, id), NoSource);
  });

  it('a source that is removed while it is read stays removed, and its reading ends with it', async () => {
    const { ws } = desk;
    const id = addText(ws, { title: 'Long', text: 'The zeppelin lands here. '.repeat(20_000), by: null });
    await new Promise<void>((resolve) => {
      const stop = ws.bus.subscribe('all', () => {
        if (listSources(ws)[0]?.state !== 'reading') return;
        stop();
        resolve();
      });
    });
    removeSource(ws, id);
    let failures = 0;
    await eventually(() => {
      const { left, attempts } = ws.sql.prepare('SELECT count(*) AS left, max(attempts) AS attempts FROM jobs').get() as {
        left: number;
        attempts: number | null;
      };
      failures = Math.max(failures, attempts ?? 0);
      assert.equal(left, 0);
    }, 8000);
    assert.equal(failures, 0, 'a reading without its source is no failure that is tried again');
    await gone(ws, id);
    assert.equal(ws.sql.prepare('SELECT count(*) FROM chunks').pluck().get(), 0);
  });

  it('a failed file is replaced by a good one', async () => {
    const { ws } = desk;
    const { id, says } = await readFile(ws, 'menu.png', Buffer.from('\x89PNG\r\n', 'latin1'));
    assert.match(says ?? '', /is a picture/);
    await replaceFile(ws, id, { name: 'menu.txt', content: streamOf('The zeppelin serves soup.') });
    const after = await settled(ws, id);
    assert.deepEqual({ state: after.state, says: after.says, title: after.title }, { state: 'ready', says: null, title: 'menu.txt' });
    assert.equal(readdirSync(filesOf(ws)).length, 1);
    assert.equal((await best(ws, 'zeppelin soup')).sourceId, id);
  });

  it('a failed reading is tried again', async () => {
    const { ws } = desk;
    const { id } = await readFile(ws, 'menu.txt', 'The zeppelin serves soup.');
    const [name = ''] = readdirSync(filesOf(ws));
    const path = join(filesOf(ws), name);
    const sealed = readFileSync(path);
    writeFileSync(path, sealed.subarray(0, 40));
    rereadSource(ws, id);
    await eventually(() =>
      assert.match(String(ws.sql.prepare("SELECT attempts FROM jobs WHERE kind = 'read-source'").pluck().get()), /^[1-9]/),
    );
    writeFileSync(path, sealed);
    rereadSource(ws, id);
    assert.equal((await settled(ws, id)).state, 'ready');
  });

  it('what was asked to be read is read after a restart', async () => {
    const { installation } = desk;
    await installation.jobs.stop(0);
    const id = addText(desk.ws, { title: 'T', text: 'The zeppelin lands.', by: null });
    const workspace = desk.ws.id;
    const reopened = await desk.reopen();
    const held = reopened.workspaces.hold(workspace);
    await reopened.jobs.start(KINDS);
    assert.equal((await settled(held.workspace, id)).state, 'ready');
    await reopened.jobs.stop(0);
    held.release();
  });

  it('a file lies sealed on the disk, and opens with its own key alone', async () => {
    const { ws } = desk;
    const words = 'The zeppelin serves marmalade. '.repeat(6000);
    const { id } = await readFile(ws, 'menu.txt', words);
    const other = await readFile(ws, 'other.txt', words);
    const files = readdirSync(filesOf(ws)).map((name) => readFileSync(join(filesOf(ws), name)));
    assert.equal(files.length, 2);
    assert.ok(files.every((bytes) => !bytes.includes('zeppelin') && bytes.length > words.length));
    assert.ok(!files[0]?.subarray(100, 200).equals(files[1]?.subarray(100, 200) ?? Buffer.alloc(0)));
    // The key of one row moved to another doesn't open.
    ws.sql
      .prepare('UPDATE sources SET file_key_sealed = (SELECT file_key_sealed FROM sources WHERE id = ?) WHERE id = ?')
      .run(other.id, id);
    rereadSource(ws, id);
    await eventually(() =>
      assert.match(String(ws.sql.prepare("SELECT attempts FROM jobs WHERE kind = 'read-source'").pluck().get()), /^[1-9]/),
    );
  });

  it('a file above 25 MB is refused, and nothing of it stays', async () => {
    const { ws } = desk;
    const piece = Buffer.alloc(1024 * 1024, 'a');
    const large = async function* (): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 26; n += 1) yield piece;
    };
    await assert.rejects(addFile(ws, { name: 'large.txt', content: large(), by: null }), TooLarge);
    assert.deepEqual(readdirSync(filesOf(ws)), []);
    assert.deepEqual(listSources(ws), []);
  });

  it('an upload that breaks off leaves nothing', async () => {
    const { ws } = desk;
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(200_000, 'a');
      throw new Error('the line went dead');
    };
    await assert.rejects(addFile(ws, { name: 'a.txt', content: broken(), by: null }), /went dead/);
    assert.deepEqual(readdirSync(filesOf(ws)), []);
    assert.deepEqual(listSources(ws), []);
  });

  it('at night, files that no source leads to are removed, and the others stay', async () => {
    const { ws } = desk;
    await readFile(ws, 'menu.txt', 'The zeppelin serves soup.');
    const [kept] = readdirSync(filesOf(ws));
    const old = new Date(ws.clock.now() - 25 * 3600_000);
    for (const name of ['left-behind', 'left-behind.part', 'under-way.part']) {
      writeFileSync(join(filesOf(ws), name), 'x');
      if (!name.startsWith('under')) utimesSync(join(filesOf(ws), name), old, old);
    }
    utimesSync(join(filesOf(ws), kept ?? ''), old, old);
    sweepFiles(ws);
    assert.deepEqual(readdirSync(filesOf(ws)).sort(), [kept, 'under-way.part'].sort());
  });

  it('progress is told page by page, and the end', async () => {
    const { ws } = desk;
    const heard: BusEvent[] = [];
    const stop = ws.bus.subscribe('all', (event) => heard.push(event));
    const lines = Array.from({ length: 40 }, (_, n) => ({ text: `Line ${n} of the menu tells of soup and bread.`, y: 800 - n * 18 }));
    const { id, about } = await readFile(ws, 'menu.pdf', pdf(Array.from({ length: 30 }, () => lines)));
    stop();
    assert.match(about, /^30 pages, /);
    assert.ok(heard.filter((event) => event.type === 'source' && event.sourceId === id).length >= 3);
    assert.deepEqual(ws.sql.prepare('SELECT progress_done = progress_total AS done FROM sources').pluck().get(), 1);
  });

  it('the line says how things stand', async () => {
    const { ws } = desk;
    assert.deepEqual(lineOfKnowledge(standing(ws)), { line: 'Your bots know nothing yet.', trouble: '' });
    await readFile(ws, 'menu.png', Buffer.from('\x89PNG\r\n', 'latin1'));
    assert.deepEqual(lineOfKnowledge(standing(ws)), {
      line: 'There is nothing yet that your bots could look up.',
      trouble: 'One couldn’t be read.',
    });
    await readFile(ws, 'menu.txt', 'Soup.');
    assert.equal(lineOfKnowledge(standing(ws)).line, 'Your bots can look things up in 1 passage.');
  });
});
