import assert from 'node:assert/strict';
import { tellBudget } from '../../src/alerts/index.ts';
import { createBot } from '../../src/bots/index.ts';
import { enqueue } from '../../src/jobs/enqueue.ts';
import { Secret } from '../../src/lib/secret.ts';
import { saveMailServer } from '../../src/mail/mail-server.ts';
import { openCafe } from '../support/cafe.ts';
import { eventually } from '../support/eventually.ts';

describe('who may raise a budget is told that it is spent', () => {
  const cafe = openCafe(before, after);
  let botId: number;
  before(() => {
    cafe.server.installation.jobs.begin({ 'tell-budget': tellBudget });
    const password = new Secret('secret');
    const server = {
      host: '127.0.0.1',
      port: 2525,
      security: 'none',
      user: 'desk',
      password,
      fromName: 'Aurora',
      fromAddress: 'desk@x.example',
    } as const;
    saveMailServer(cafe.ws, server, 1);
    botId = createBot(cafe.ws, { settings: { name: 'Aurora' }, userId: null }).botId;
  });
  after(() => cafe.server.installation.jobs.stop(0));

  interface Letter {
    to: string;
    subject: string;
    text: string;
  }

  /** The letters of one notice, as they wait to be sent. */
  async function lettersAt(key: string): Promise<Letter[]> {
    cafe.ws.durable(() => {
      cafe.ws.sql.prepare('DELETE FROM mails').run();
      enqueue(cafe.ws, { kind: 'tell-budget', key });
    });
    await eventually(() => assert.equal(cafe.ws.sql.prepare("SELECT count(*) FROM jobs WHERE kind = 'tell-budget'").pluck().get(), 0));
    return cafe.ws.sql.prepare('SELECT to_address AS "to", subject, text FROM mails ORDER BY to_address').all() as Letter[];
  }

  it('by mail, in words: what is spent, what customers are told meanwhile, and where it is raised', async () => {
    const letters = await lettersAt('0/2026-11-24/spent');
    assert.deepEqual(
      letters.map(({ to }) => to),
      ['jonas@aurora.example', 'mira@aurora.example'],
      'owner and admin, and nobody else',
    );
    const [letter] = letters;
    assert.equal(letter?.subject, 'The business’s budget for today is spent');
    assert.match(
      letter?.text ?? '',
      /^The business’s budget for today is spent\. Until it is raised, or a new day or month begins, customers/,
    );
    assert.match(letter?.text ?? '', new RegExp(`how to raise it: http.*/w/${cafe.ws.id}/spending\n$`));
  });

  it('says of a bot’s budget whose it is, and of one that is nearly spent what comes then', async () => {
    const [near] = await lettersAt(`${botId}/2026-11/near`);
    assert.equal(near?.subject, 'The budget of Aurora for this month is nearly spent');
    assert.match(
      near?.text ?? '',
      /nearly spent\. When it is spent, customers are told that a person will answer, and the team is called\./,
    );
  });

  it('not who wants no mail', async () => {
    const admin = await cafe.server.as('admin');
    assert.equal((await admin.post(`${cafe.base}/alerts/mail`, {})).status, 303);
    assert.deepEqual(
      (await lettersAt('0/2026-11/near')).map(({ to }) => to),
      ['mira@aurora.example'],
    );
  });
});
