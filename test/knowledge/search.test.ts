import assert from 'node:assert/strict';
import { beginSearch, addQuestions, addText, FITS, fits, search, switchChunk, switchSource } from '../../src/knowledge/index.ts';
import { passagesOnPage } from '../../src/knowledge/passages.queries.ts';
import { neededAmong } from '../../src/knowledge/search/fits.ts';
import { best, openDesk, settled, type Desk } from './desk.ts';

const TEXTS: [title: string, text: string][] = [
  [
    'Visiting us',
    '# Opening hours\n\nWe are open Tuesday to Friday from 8 am to 6 pm, on Saturday and Sunday from 9 am to 5 pm. The café is closed on Mondays.\n\n# Cakes\n\nThe carrot cake is vegan and contains walnuts. The chocolate cake is gluten free and costs €4.50.\n\n# Gift vouchers\n\nGift vouchers are valid for three years. Unused ones can be returned within 14 days.',
  ],
  [
    'Ihr Besuch',
    '# Öffnungszeiten\n\nWir haben dienstags bis freitags von 8 bis 18 Uhr geöffnet, samstags und sonntags von 9 bis 17 Uhr. Montags ist Ruhetag.\n\n# Torten\n\nGeburtstagstorten für zwölf Personen gibt es ab 48 €. Bestellungen müssen zwei Tage vorher bei uns sein.\n\n# Lieferung\n\nWir liefern im Umkreis von 5 Kilometern für 4,90 €.',
  ],
  [
    'Русская страница',
    '# Часы работы\n\nМы открыты с вторника по пятницу с 8 до 18 часов. По воскресеньям кафе работает с 9 до 17.\n\n# Парковка\n\nПарковка находится за церковью, первый час бесплатно.',
  ],
  [
    '中文',
    '# 营业时间\n\n我们星期二到星期五早上八点到下午六点营业。星期天九点到五点营业。\n\n# 停车\n\n停车场在教堂后面，第一个小时免费。',
  ],
  ['ภาษาไทย', '# เวลาทำการ\n\nร้านเปิดวันอังคารถึงวันศุกร์ แปดโมงเช้าถึงหกโมงเย็น วันอาทิตย์เปิดเก้าโมง\n\n# ที่จอดรถ\n\nที่จอดรถอยู่หลังโบสถ์ ชั่วโมงแรกฟรี'],
  [
    'العربية',
    '# ساعات العمل\n\nنحن نفتح من الثلاثاء إلى الجمعة من الثامنة صباحا حتى السادسة مساء. المقهى مغلق يوم الاثنين.\n\n# مواقف السيارات\n\nموقف السيارات خلف الكنيسة، والساعة الأولى مجانية.',
  ],
];

describe('search', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
    for (const [title, text] of TEXTS) addText(desk.ws, { title, text, by: null });
    addQuestions(desk.ws, {
      title: 'Questions',
      pairs: [{ question: 'Can I bring my dog?', answer: 'Dogs are welcome on the terrace.' }],
      by: null,
    });
    for (let id = 1; id <= TEXTS.length + 1; id += 1) assert.equal((await settled(desk.ws, id)).state, 'ready');
  });
  after(() => desk.end());

  const asked: [question: string, path: string][] = [
    ['Are you open on Sunday?', 'Opening hours'],
    ['is the cafe closed on monday', 'Opening hours'],
    ['which cake has no gluten', 'Cakes'],
    ['return a voucher', 'Gift vouchers'],
    ['4.50', 'Cakes'],
    ['Habt ihr am Sonntag offen?', 'Öffnungszeiten'],
    ['offnungszeiten', 'Öffnungszeiten'],
    ['Torte zum Geburtstag bestellen', 'Torten'],
    ['Was kosten Lieferungen?', 'Lieferung'],
    ['Lieferkilometer', 'Lieferung'],
    ['во сколько вы открываетесь в воскресенье', 'Часы работы'],
    ['где парковка?', 'Парковка'],
    ['星期天开门吗', '营业时间'],
    ['哪里可以停车', '停车'],
    ['เปิดกี่โมง', 'เวลาทำการ'],
    ['จอดรถที่ไหน', 'ที่จอดรถ'],
    ['هل المقهى مفتوح يوم الاثنين؟', 'ساعات العمل'],
    ['أين موقف السيارات', 'مواقف السيارات'],
  ];
  for (const [question, path] of asked) {
    it(`“${question}” finds ${path}`, async () => assert.equal((await best(desk.ws, question)).path, path));
  }

  it('a passage says where it is from', async () => {
    const { title, sourceId, text, page, language, score } = await best(desk.ws, 'vegan carrot cake');
    assert.deepEqual({ title, sourceId, page, language }, { title: 'Visiting us', sourceId: 1, page: null, language: 'en' });
    assert.match(text, /walnuts/);
    assert.ok(score > FITS && score <= 1);
  });

  it('a question and its answer are found by either', async () => {
    assert.match((await best(desk.ws, 'may my dogs come along')).text, /^Can I bring my dog\?\nDogs are welcome/);
    assert.match((await best(desk.ws, 'terrace')).text, /terrace/);
  });

  for (const question of [
    'Who won the football world cup?',
    'Do you sell motorbikes?',
    'Wer ist der Bundeskanzler?',
    'Как стать космонавтом?',
  ]) {
    it(`“${question}” finds nothing that fits`, async () => {
      const [first] = await search(desk.ws, { query: question });
      assert.ok((first?.score ?? 0) < FITS, `${first?.score}: ${first?.text}`);
    });
  }

  for (const empty of ['', '   ', '🎉🎉', '"*() OR NEAR(', 'xyzzyx']) {
    it(`asked ${JSON.stringify(empty)}, it finds nothing and stays up`, async () =>
      assert.deepEqual(await search(desk.ws, { query: empty }), []));
  }

  it('a megabyte of question is answered like any other', async () => {
    const [first] = await search(desk.ws, { query: 'carrot cake '.repeat(90_000) });
    assert.equal(first?.path, 'Cakes');
  });

  it('what is switched off is not found: a passage, a source', async () => {
    const id = addText(desk.ws, { title: 'Secret', text: 'The password of the zeppelin is marmalade.', by: null });
    await settled(desk.ws, id);
    const passage = await best(desk.ws, 'zeppelin marmalade');
    assert.equal(passage.sourceId, id);
    switchChunk(desk.ws, id, passage.chunkId, false);
    assert.deepEqual(await search(desk.ws, { query: 'zeppelin marmalade' }), []);
    switchChunk(desk.ws, id, passage.chunkId, true);
    switchSource(desk.ws, id, false);
    assert.deepEqual(await search(desk.ws, { query: 'zeppelin marmalade' }), []);
    switchSource(desk.ws, id, true);
    assert.equal((await best(desk.ws, 'zeppelin marmalade')).sourceId, id);
    assert.equal(passagesOnPage(desk.ws, id, 1).all, 1);
  });

  it('much that is switched off and fits better does not hide the little that is on', async () => {
    const off = addText(desk.ws, {
      title: 'Old airships',
      text: Array.from({ length: 120 }, (_, n) => `# Airship ${n}\n\nThe dirigible hangar.`).join('\n\n'),
      by: null,
    });
    const on = addText(desk.ws, { title: 'Airships', text: 'We have no hangar any more.', by: null });
    await settled(desk.ws, off);
    await settled(desk.ws, on);
    switchSource(desk.ws, off, false);
    assert.equal((await best(desk.ws, 'dirigible hangar')).sourceId, on);
  });

  it('what was begun before it is asked for is found once, and anew after that', async () => {
    const id = addText(desk.ws, { title: 'Balloons', text: 'The gondola is made of wicker.', by: null });
    await settled(desk.ws, id);
    const inGondola = async (): Promise<boolean> =>
      (await search(desk.ws, { query: 'gondola wicker' })).some(({ sourceId }) => sourceId === id);
    beginSearch(desk.ws, 'gondola wicker');
    await best(desk.ws, 'gondola');
    switchSource(desk.ws, id, false);
    assert.deepEqual([await inGondola(), await inGondola()], [true, false]);
  });

  it('an aborted search rejects with the reason', async () => {
    const stop = new AbortController();
    const asked = search(desk.ws, { query: 'cake', signal: stop.signal });
    stop.abort(new Error('gone'));
    await assert.rejects(asked, /gone/);
  });
});

describe('what fits', () => {
  it('must say more the larger the index is, and never too much', () => {
    assert.deepEqual(
      [1, 50, 300, 100_000].map((chunks) => neededAmong(chunks).toFixed(2)),
      ['0.22', '0.22', '0.33', '0.36'],
    );
  });

  it('is judged by the index that a passage comes from; what meaning alone found, by the least', () => {
    assert.equal(fits({ score: 0.3, needed: 0.31 }), false);
    assert.equal(fits({ score: 0.31, needed: 0.31 }), true);
    assert.deepEqual([fits({ score: FITS }), fits({ score: FITS - 0.01 }), fits(undefined)], [true, false, false]);
  });
});
