import assert from 'node:assert/strict';
import { addQuestions, addText, FITS, search } from '../../src/knowledge/index.ts';
import { markWords } from '../../src/knowledge/search/mark-words.ts';
import { atText } from '../../src/knowledge/text-place.ts';
import type { Workspace } from '../../src/workspace.ts';
import { startServer, type Client, type TestServer } from '../support/http.ts';
import { KINDS, settled } from './desk.ts';

const TEXT = [
  '# Opening hours\n\nWe are open Tuesday to Friday from 8 am to 6 pm, on Saturday and Sunday from 9 am to 5 pm.',
  '# Cakes\n\nThe carrot cake is vegan. On <b>Sundays</b> there is cheesecake.',
  '# Parking\n\nBehind the church, an hour is free.',
].join('\n\n');

describe('the search page', () => {
  let server: TestServer;
  let ws: Workspace;
  let release: () => void;
  let owner: Client;
  let base: string;
  let id: number;
  before(async () => {
    server = await startServer();
    ({ workspace: ws, release } = server.installation.workspaces.hold(server.workspace));
    await server.installation.jobs.start(KINDS);
    owner = await server.as('owner');
    base = `/w/${server.workspace}/knowledge`;
    id = addText(ws, { title: 'Visiting us', text: TEXT, url: 'https://aurora.example/visit', by: null });
    await settled(ws, id);
  });
  after(async () => {
    await server.installation.jobs.stop(0);
    release();
    await server.end();
  });

  const asked = async (q: string): Promise<string> => (await owner.get(`${base}/try?${new URLSearchParams({ q }).toString()}`)).text;
  /** What is shown of each passage, its tags gone. */
  const items = (page: string): string[] =>
    [...page.matchAll(/<li class="found[^]*?<\/li>/g)].map(([item]) => item.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '));

  it('shows score by score why a passage was found, as the search gave it, and that it fits', async () => {
    const [first] = await search(ws, { query: 'Are you open on Sunday?' });
    const { why, score } = first ?? assert.fail('nothing was found');
    assert.ok(why && score >= FITS);
    const [item = ''] = items(await asked('Are you open on Sunday?'));
    const shown = (value: number): string => value.toFixed(2);
    assert.match(
      item,
      new RegExp(`Fits ${shown(score)} Words ${shown(why.words)} Close together ${shown(why.near)} Letters ${shown(why.letters)} `),
    );
    assert.doesNotMatch(item, /Meaning/);
  });

  it('the parts add up to the score by the formula that the page gives', async () => {
    const page = await asked('carrot cake');
    const formula = /Score = \((\S+) × words \+ (\S+) × close together \+ (\S+) × letters\) ÷ ([\d.]+)/.exec(page);
    assert.ok(formula);
    const [words = 0, near = 0, letters = 0, all = 1] = formula.slice(1).map(Number);
    const [first] = await search(ws, { query: 'carrot cake' });
    assert.ok(first?.why);
    const sum = (words * first.why.words + near * first.why.near + letters * first.why.letters) / all;
    assert.ok(Math.abs(Math.min(1, sum) - first.score) < 1e-9, `${sum} and ${first.score}`);
  });

  it('marks the words that matched, in their forms, and no markup of the passage', async () => {
    const page = await asked('Sunday cakes');
    assert.match(page, /vegan\. On &lt;b&gt;<mark>Sundays<\/mark>&lt;\/b&gt; there is cheesecake/);
    assert.match(page, /The carrot <mark>cake<\/mark>/);
    assert.match(page, /Saturday and <mark>Sunday<\/mark>/);
  });

  it('words that say nothing of what was asked are not marked', async () => {
    const page = await asked('Where is the parking?');
    assert.match(page, /Behind the church, an hour is free/);
    assert.doesNotMatch(page, /<mark>(the|is)<\/mark>/);
  });

  it('passages below the threshold are shown, too, and say so', async () => {
    const all = items(await asked('When is the carrot cake on Sunday?'));
    assert.ok(all.some((item) => item.includes('Fits')) && all.some((item) => item.includes('Too little')), all.join('\n'));
  });

  it('how long it took, and how many fit', async () => {
    assert.match(await asked('carrot cake'), /\d passages? in (less than )?[\d.]+ (ms|s), 1 fits</);
  });

  it('a passage opens at its place, on its page and in Deskbell', async () => {
    const page = await asked('carrot cake');
    assert.ok(
      page.includes(
        `href="${atText('https://aurora.example/visit', 'The carrot cake is vegan. On <b>Sundays</b> there is cheesecake.').replaceAll('=', '&#x3D;')}"`,
      ),
    );
    const link = /href="([^"]*\/passages\/\d+)"/.exec(page)?.[1] ?? assert.fail('no link to the passage');
    const passage = (await owner.get(link)).text;
    assert.match(passage, /The carrot cake is vegan/);
    assert.match(passage, new RegExp(`href="${base}/${id}#passage-\\d+"[^>]*>Visiting us</a>, passage 2`));
  });

  it('switches a passage off and comes back to the question', async () => {
    const [found] = await search(ws, { query: 'parking church' });
    const sent = await owner.post(`${base}/${id}/passages/${found?.chunkId}/switch`, { enabled: 'no', q: 'parking church' });
    assert.equal(sent.location, `${base}/try?q=parking+church`);
    assert.deepEqual(await search(ws, { query: 'parking church' }), []);
    await owner.post(`${base}/${id}/passages/${found?.chunkId}/switch`, { enabled: 'yes', q: 'parking church' });
  });

  it('what nothing answers is answered by a click: the question is filled in, beside the pairs there are', async () => {
    const page = await asked('Do you repair zeppelins?');
    assert.match(page, /A bot that answers only from knowledge offers a person instead/);
    const href = (
      /href="([^"]*questions[^"]*)"[^>]*>(?:<svg[^]*?<\/svg>)?Answer this question/.exec(page)?.[1] ?? assert.fail('no link')
    ).replaceAll('&#x3D;', '=');
    assert.match((await owner.get(href)).text, /<textarea[^>]*>Do you repair zeppelins\?/);
    const pairs = addQuestions(ws, { title: 'Questions', pairs: [{ question: 'Any dogs?', answer: 'Welcome.' }], by: null });
    await settled(ws, pairs);
    const next = await asked('Do you repair zeppelins?');
    assert.ok(next.includes(`${base}/${pairs}?question&#x3D;Do+you+repair+zeppelins%3F#add`));
    assert.match(
      (await owner.get(`${base}/${pairs}?question=Do+you+repair+zeppelins%3F`)).text,
      /<textarea[^>]*>Do you repair zeppelins\?/,
    );
    // A pair is edited as a pair.
    const dogs = await asked('Any dogs?');
    const passage = /href="([^"]*\/passages\/\d+)"/.exec(dogs)?.[1] ?? assert.fail('no link');
    assert.match((await owner.get(passage)).text, new RegExp(`href="${base}/${pairs}/questions/\\d+"`));
  });

  it('a passage of a site’s page has that page’s title and address', async () => {
    const text = 'Zwetschgendatschi is baked in September.';
    ws.write(() => {
      const site = ws.sql
        .prepare("INSERT INTO sources (kind, title, state, created_at, updated_at) VALUES ('text', 'Site', 'ready', 0, 0)")
        .run().lastInsertRowid;
      const page = ws.sql
        .prepare(
          "INSERT INTO pages (source_id, key, url, title, state, found_at) VALUES (?, '/d', 'https://aurora.example/d', 'Datschi', 'ready', 0)",
        )
        .run(site).lastInsertRowid;
      ws.sql
        .prepare(
          "INSERT INTO chunks (source_id, page_id, position, text, words, hash, created_at) VALUES (?, ?, 0, ?, 'zwetschgendatschi is baked in september', 'h', 0)",
        )
        .run(site, page, text);
    });
    const [found] = await search(ws, { query: 'Zwetschgendatschi' });
    assert.deepEqual([found?.title, found?.url], ['Datschi', 'https://aurora.example/d']);
  });

  it('who may not edit sees why, and no way to change it', async () => {
    const viewer = (await (await server.as('viewer')).get(`${base}/try?q=carrot+cake`)).text;
    assert.match(viewer, /Close together/);
    assert.doesNotMatch(viewer, /Switch off/);
  });

  it('marks by the stems of a passage’s language, in scripts without spaces, too', () => {
    const marked = (text: string, language: string, matched: string[]): string[] =>
      markWords(text, language, matched).flatMap((piece) => (piece.marked ? [piece.text] : []));
    assert.deepEqual(marked('Die Öffnungszeiten am Sonntag', 'de', ['offnungszeit']), ['Öffnungszeiten']);
    assert.deepEqual(marked('星期天九点到五点营业。', 'zh', ['营业']), ['营业']);
    assert.deepEqual(marked('Nothing.', 'en', []), []);
  });

  it('an address says where on its page a text begins', () => {
    const url = 'https://aurora.example/visit';
    assert.equal(
      atText(url, 'Dogs, cats & well-behaved owners are welcome here every day.'),
      `${url}#:~:text=Dogs%2C%20cats%20%26%20well%2Dbehaved%20owners%20are%20welcome%20here`,
    );
    assert.equal(atText(`${url}#menu`, 'Cake | 4.50\nTea | 2.50'), `${url}#menu:~:text=Cake`);
    assert.equal(atText('no address', 'Cake'), 'no address');
  });
});
