import assert from 'node:assert/strict';
import { askRating, resolveConversation, takeOver, wakeSnoozed, wantPerson } from '../../src/conversations/index.ts';
import { addLabel, labelsOf } from '../../src/conversations/list/labels.ts';
import { setAssignsInTurn } from '../../src/conversations/list/assign.ts';
import { setPresence } from '../../src/conversations/list/presence.ts';
import { editRatingSettings } from '../../src/conversations/rating/rating-settings.ts';
import { EVERYTHING, todayOf } from '../../src/providers/index.ts';
import { pageOf, words, type Dom } from '../support/dom.ts';
import { eventually } from '../support/eventually.ts';
import type { Client } from '../support/http.ts';
import { inboxCast, type InboxCast } from './inbox-cast.ts';

describe('the inbox’s list', () => {
  let cast: InboxCast;
  let mira: Client;
  beforeEach(async () => {
    cast = await inboxCast();
    mira = await cast.server.as('owner');
  });
  afterEach(() => cast.end());

  const inbox = async (query = '', who = mira): Promise<Dom> => pageOf(await who.get(`${cast.base}/inbox${query}`));
  const names = async (query = '', who = mira): Promise<string[]> => words(await inbox(query, who), '#list .name');
  const change = (fields: Record<string, string>): ReturnType<Client['post']> => mira.post(`${cast.base}/inbox/change`, fields);
  const changeAll = (ids: (number | undefined)[], what: string): ReturnType<Client['send']> => {
    const body = new URLSearchParams({ csrf: mira.csrf ?? '', do: what });
    for (const id of ids) body.append('ids', String(id));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: mira.url };
    return mira.send('POST', `${cast.base}/inbox/change`, { body: body.toString(), headers });
  };
  const undo = async (): Promise<void> => {
    const path = (await inbox()).querySelector('.toast form')?.getAttribute('action') ?? '';
    assert.notEqual(path, '', 'there is an undo');
    await mira.post(path, {});
  };
  const row = (id: number) =>
    cast.ws.sql
      .prepare(
        'SELECT status, assignee_id AS assignee, snoozed_until AS until, wanted_since AS wanted, unread FROM conversations WHERE id = ?',
      )
      .get(id) as {
      status: string;
      assignee: number | null;
      until: number | null;
      wanted: number | null;
      unread: number;
    };
  const labelled = (name: string, hue: 'blue' | 'pink' = 'blue'): number => {
    addLabel(cast.ws, 1, { name, hue });
    return labelsOf(cast.ws).find((label) => label.name === name)?.id ?? 0;
  };

  describe('narrowed by its address', () => {
    it('shows what fits all that is set, and leads to the list without each', async () => {
      const [hana, olu] = [await cast.write('Hana', 'Oat milk?'), await cast.write('Olu', 'Parking?')];
      await cast.write('Ida', 'Hello');
      const cakes = labelled('Cakes');
      await change({ ids: String(hana), do: `label:${cakes}` });
      await change({ ids: String(olu), do: `label:${cakes}` });
      await change({ ids: String(olu), do: `assign:${cast.server.people.agent}` });
      assert.deepEqual(await names(`?label=${cakes}`), ['Olu', 'Hana']);
      assert.deepEqual(await names(`?label=${cakes}&assignee=nobody`), ['Hana']);
      assert.deepEqual(await names(`?assignee=${cast.server.people.agent}`), ['Olu']);
      assert.deepEqual(await names('?assignee=me'), []);
      assert.deepEqual(await names('?assignee=me', await cast.server.as('agent')), ['Olu']);
      const document = await inbox(`?label=${cakes}&assignee=nobody`);
      assert.deepEqual(words(document, '.chips .chip bdi'), ['Assigned to: Nobody', 'Label: Cakes']);
      assert.match(document.querySelector('.chips .chip')?.getAttribute('href') ?? '', new RegExp(`/inbox\\?label=${cakes}$`));
      assert.match(document.querySelector('#list .row')?.getAttribute('href') ?? '', /assignee=nobody&label=/);
      assert.deepEqual(words(await inbox('?channel=999'), '.list .empty h2'), ['Nothing here fits']);
    });

    it('knows unread ones and those who wait for a person', async () => {
      const [hana, olu] = [await cast.write('Hana', 'Oat milk?'), await cast.write('Olu', 'A person')];
      await mira.get(`${cast.base}/conversations/${hana}`);
      assert.deepEqual(await names('?unread=1'), ['Olu']);
      cast.ws.durable(() => wantPerson(cast.ws, { id: hana }, 'They asked.'));
      assert.deepEqual(await names('?wanted=1'), ['Hana']);
      await change({ ids: String(hana), do: 'unread' });
      assert.deepEqual((await names('?unread=1')).sort(), ['Hana', 'Olu']);
      assert.equal(row(olu).unread, 1);
    });

    it('knows what customers thought, marks it in row and head, and shows what they said to it', async () => {
      const [hana, olu, ida] = [await cast.write('Hana', 'Oat milk?'), await cast.write('Olu', 'Parking?'), await cast.write('Ida', 'Hi')];
      await cast.write('Jon', 'Hi');
      const channel = Number(cast.ws.sql.prepare('SELECT id FROM channels').pluck().get());
      editRatingSettings(cast.ws, 1, { scale: 'stars', asks: [channel] });
      const rated = async (who: string, id: number, value: number): Promise<void> => {
        resolveConversation(cast.ws, id, 1);
        cast.ws.durable(() => askRating(cast.ws, id, 'en'));
        await cast.write(who, String(value), `rate-${id}-${value}`);
      };
      await rated('Hana', hana, 5);
      await rated('Olu', olu, 2);
      await rated('Ida', ida, 3);
      assert.equal(await cast.write('Olu', 'It took too long.'), olu);
      assert.deepEqual(await names('?tab=done&rating=good'), ['Hana']);
      assert.deepEqual(await names('?tab=done&rating=bad'), ['Olu']);
      assert.deepEqual(await names('?tab=done&rating=middling'), ['Ida']);
      assert.deepEqual(await names('?rating=none'), ['Jon']);
      const list = await inbox('?tab=done&rating=bad');
      assert.deepEqual(words(list, '.chips .chip bdi'), ['Rating: Bad: 👎, 1 or 2']);
      assert.deepEqual(words(list, '#list .row .marks'), ['Rated: 2 of 5']);
      const talk = pageOf(await mira.get(`${cast.base}/conversations/${olu}`));
      assert.deepEqual(words(talk, '#talk-head .marks'), ['Rated: 2 of 5']);
      assert.match(words(talk, '#who').join(), /Rating2 of 510:00It took too long\./);
    });

    it('says above it, and above the figures, which budget is nearly spent or has stopped the bot, to those who can raise it', async () => {
      const { day } = todayOf(cast.ws);
      const insert = cast.ws.sql.prepare('INSERT INTO budget_notices (bot_id, period, level, at) VALUES (?, ?, ?, 0)');
      const bot = Number(cast.ws.sql.prepare('SELECT id FROM bots').pluck().get());
      cast.ws.durable(() => [
        insert.run(bot, day, 'near'),
        insert.run(EVERYTHING, day.slice(0, 7), 'near'),
        insert.run(EVERYTHING, day.slice(0, 7), 'spent'),
      ]);
      const [spent = '', more] = words(await inbox(), '#list-notices .banner');
      assert.match(spent, /^The budget for this month is spent\. .* until it is raised or the month ends\. See spending$/);
      assert.equal(more, undefined, 'the worst alone');
      assert.equal((await inbox()).querySelector('#list-notices .banner a')?.getAttribute('href'), `${cast.base}/spending`);
      const [, near = ''] = words(pageOf(await mira.get(`${cast.base}/insights`)), '.banner');
      assert.match(near, /^Aurora’s budget for today is nearly spent\. Once it is, .* See spending$/);
      const ana = await cast.server.as('agent');
      assert.deepEqual(words(await inbox('', ana), '#list-notices .banner'), []);
      assert.deepEqual(words(pageOf(await ana.get(`${cast.base}/insights`)), '.banner'), []);
    });

    it('takes out of the address what a form left empty', async () => {
      const answer = await mira.get(`${cast.base}/inbox?q=&tab=done&channel=&bot=&label=3&assignee=`);
      assert.equal(answer.location, `${cast.base}/inbox?tab=done&label=3`);
    });

    it('is kept under a name, for oneself or for all, changed, deleted and brought back', async () => {
      await cast.write('Hana', 'Oat milk?');
      const ana = await cast.server.as('agent');
      const saved = await mira.post(`${cast.base}/lists`, { name: 'To read', filter: 'unread=1&tab=open' });
      assert.equal(saved.location, `${cast.base}/inbox?unread=1`);
      assert.deepEqual(words(await inbox('?unread=1'), '#list-tabs [aria-current]'), ['To read']);
      assert.equal(words(await inbox('', ana), '#list-tabs a').includes('To read'), false);
      const id = Number(cast.ws.sql.prepare('SELECT id FROM saved_views').pluck().get());
      assert.equal((await ana.post(`${cast.base}/lists/${id}`, { name: 'Mine now' })).status, 404);
      await mira.post(`${cast.base}/lists/${id}`, { name: 'Unread', shared: 'on', unread: '1' });
      assert.ok(words(await inbox('', ana), '#list-tabs a').includes('Unread'));
      await mira.post(`${cast.base}/lists/${id}/remove`, {});
      assert.equal(words(await inbox(), '#list-tabs a').includes('Unread'), false);
      await mira.post(`${cast.base}/lists/${id}/restore`, {});
      assert.ok(words(await inbox(), '#list-tabs a').includes('Unread'));
      assert.equal((await mira.post(`${cast.base}/lists`, { name: 'Unread', filter: '' })).status, 422);
    });

    it('shows other conversations once what it is narrowed by is changed, as it was once that is taken back', async () => {
      const lists = async (): Promise<Dom> => pageOf(await mira.get(`${cast.base}/lists`));
      const kept = () =>
        cast.ws.sql.prepare('SELECT name, filter, shared FROM saved_views WHERE removed_at IS NULL ORDER BY position').all();
      await mira.post(`${cast.base}/lists`, { name: 'To read', filter: 'unread=1', shared: 'on' });
      const id = Number(cast.ws.sql.prepare('SELECT id FROM saved_views').pluck().get());
      const form = (await lists()).querySelector(`form[action$="/lists/${id}"]`);
      assert.ok(form?.querySelector('[name=unread][checked]'), 'the form shows what is set');
      const changed = { name: 'Bad ones', tab: 'done', rating: 'bad', q: 'cake', channel: '', bot: '', label: '', assignee: 'me' };
      assert.equal((await mira.post(`${cast.base}/lists/${id}`, changed)).status, 303);
      assert.deepEqual(kept(), [{ name: 'Bad ones', filter: 'tab=done&q=cake&assignee=me&rating=bad', shared: 0 }]);
      const undone = (await lists()).querySelector('.toast form')?.getAttribute('action') ?? '';
      await mira.post(undone, {});
      assert.deepEqual(kept(), [{ name: 'To read', filter: 'unread=1', shared: 1 }]);
      assert.equal((await (await cast.server.as('agent')).post(undone, {})).status, 404);
    });

    it('stands where its owner puts it, and back again', async () => {
      for (const each of ['A', 'B', 'C']) await mira.post(`${cast.base}/lists`, { name: each, filter: `q=${each}` });
      const order = async (): Promise<string> =>
        words(await inbox(), '#list-tabs a')
          .filter((tab) => /^[ABC]$/.test(tab))
          .join('');
      const id = cast.ws.sql.prepare("SELECT id FROM saved_views WHERE name = 'C'").pluck().get() as number;
      assert.equal(await order(), 'ABC');
      await mira.post(`${cast.base}/lists/${id}/move?to=up`, {});
      assert.equal(await order(), 'ACB');
      await mira.post(`${cast.base}/lists/${id}/move?to=up`, {});
      await mira.post(`${cast.base}/lists/${id}/move?to=up`, {});
      assert.equal(await order(), 'CAB', 'above the first there is nothing');
      await mira.post(`${cast.base}/lists/${id}/move?to=down`, {});
      await undo();
      assert.equal(await order(), 'CAB');
      assert.equal((await (await cast.server.as('agent')).post(`${cast.base}/lists/${id}/move?to=up`, {})).status, 404);
    });
  });

  describe('what is done to many at once', () => {
    it('marks those selected as done, and undoes it', async () => {
      const ids = [await cast.write('Hana', 'One'), await cast.write('Olu', 'Two'), await cast.write('Ida', 'Three')];
      await changeAll([ids[0], ids[2]], 'done');
      assert.deepEqual(await names('?tab=done'), ['Ida', 'Hana']);
      await change({ ids: String(ids[1]), do: 'done' });
      await undo();
      assert.deepEqual(await names(), ['Olu']);
    });

    it('gives each back to whom it was assigned', async () => {
      const [hana, olu] = [await cast.write('Hana', 'One'), await cast.write('Olu', 'Two')];
      const { owner, agent, viewer } = cast.server.people;
      await change({ ids: String(olu), do: `assign:${agent}` });
      await changeAll([hana, olu], `assign:${owner}`);
      assert.deepEqual([row(hana).assignee, row(olu).assignee], [owner, owner]);
      await undo();
      assert.deepEqual([row(hana).assignee, row(olu).assignee], [null, agent]);
      await changeAll([hana, olu], `assign:${owner}`);
      assert.deepEqual(await names('?tab=mine'), ['Olu', 'Hana']);
      await changeAll([hana], 'assign:');
      await change({ ids: String(hana), do: `assign:${viewer}` });
      assert.equal(row(hana).assignee, null, 'who may not answer is given nothing');
    });

    it('refuses forged acts', async () => {
      const id = String(await cast.write('Hana', 'One'));
      assert.equal((await change({ ids: id, do: 'drop' })).status, 400);
      assert.equal((await change({ ids: id, do: 'snooze:99999999999999' })).status, 400);
      assert.equal((await change({ ids: 'x', do: 'done' })).status, 422);
      assert.equal((await mira.post(`${cast.base}/inbox/undo?step=nonsense`, {})).status, 400);
      const viktor = await cast.server.as('viewer');
      assert.equal((await viktor.post(`${cast.base}/inbox/change`, { ids: id, do: 'done' })).status, 403);
    });
  });

  describe('assigning', () => {
    it('is written into the history, shown in the row, and leaves the bot its turn', async () => {
      const id = await cast.write('Hana', 'One');
      await change({ ids: String(id), do: `assign:${cast.server.people.agent}` });
      assert.deepEqual(words(await inbox(), '#list .marks bdi'), ['Ana']);
      const document = pageOf(await mira.get(`${cast.base}/conversations/${id}`));
      assert.match(words(document, '#thread .is-event').join(' '), /Mira gave this to Ana\./);
      assert.match(words(document, '.holder')[0] ?? '', /^Aurora has this/);
    });

    it('falls to whoever takes over where nobody is to see to it, and stays where somebody is', async () => {
      const [hana, olu] = [await cast.write('Hana', 'One'), await cast.write('Olu', 'Two')];
      const { owner, agent } = cast.server.people;
      await change({ ids: String(olu), do: `assign:${agent}` });
      takeOver(cast.ws, hana, owner);
      takeOver(cast.ws, olu, owner);
      assert.deepEqual([row(hana).assignee, row(olu).assignee], [owner, agent]);
      assert.deepEqual(await names('?tab=mine', await cast.server.as('agent')), ['Olu']);
    });

    it('goes round in turn when a person is wanted, past those who are away', async () => {
      const { owner, admin, agent } = cast.server.people;
      const want = async (who: string): Promise<number | null> => {
        const id = await cast.write(who, 'A person');
        cast.ws.durable(() => wantPerson(cast.ws, { id }, 'They asked.'));
        return row(id).assignee;
      };
      assert.equal(await want('Nobody yet'), null, 'off until it is switched on');
      setAssignsInTurn(cast.ws, owner, true);
      assert.deepEqual([await want('A'), await want('B'), await want('C'), await want('D')], [owner, admin, agent, owner]);
      setPresence(cast.ws, admin, { away: true, sound: false });
      assert.deepEqual([await want('E'), await want('F')], [agent, owner]);
      const held = await cast.write('G', 'A person');
      await change({ ids: String(held), do: `assign:${owner}` });
      cast.ws.durable(() => wantPerson(cast.ws, { id: held }, 'They asked.'));
      assert.equal(row(held).assignee, owner, 'who is assigned stays');
    });
  });

  describe('snoozing', () => {
    it('takes a conversation out of every list but its own until its time, on the clock of the business', async () => {
      const id = await cast.write('Hana', 'One');
      cast.ws.durable(() => cast.ws.sql.prepare("UPDATE business SET timezone = 'Europe/Berlin'").run());
      await change({ ids: String(id), do: 'snooze:tomorrow' });
      assert.deepEqual(await names(), []);
      assert.deepEqual(await names('?tab=snoozed'), ['Hana']);
      const until = row(id).until ?? 0;
      assert.equal(new Date(until).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' }), '09:00:00');
      cast.server.clock.move(until - cast.server.clock.now());
      cast.server.installation.jobs.begin({ 'wake-snoozed': { run: wakeSnoozed } });
      cast.server.installation.jobs.resume(cast.ws);
      await eventually(async () => {
        cast.server.installation.jobs.tick();
        assert.deepEqual([row(id).until, row(id).unread], [null, 1]);
      });
    });

    it('ends with the customer’s next word, and a person who was called is called again', async () => {
      const id = await cast.write('Hana', 'A person');
      cast.ws.durable(() => {
        cast.ws.sql.prepare("UPDATE conversations SET turn = 'person' WHERE id = ?").run(id);
        wantPerson(cast.ws, { id }, 'They asked.');
      });
      await change({ ids: String(id), do: 'snooze:week' });
      assert.equal(row(id).wanted, null);
      await cast.write('Hana', 'Hello?');
      assert.deepEqual([row(id).until, row(id).wanted !== null], [null, true]);
    });

    it('takes a time of one’s own, not one that has passed, and is undone', async () => {
      const id = await cast.write('Hana', 'One');
      assert.equal((await change({ ids: String(id), do: 'snooze:own', at: '2001-01-01T09:00' })).status, 422);
      assert.equal((await change({ ids: String(id), do: 'snooze:own', at: 'soon' })).status, 422);
      const day = new Date(cast.server.clock.now() + 3 * 86_400_000).toISOString().slice(0, 10);
      await change({ ids: String(id), do: 'snooze:own', at: `${day}T16:30` });
      assert.equal(new Date(row(id).until ?? 0).toISOString().slice(0, 10), day);
      await undo();
      assert.deepEqual(await names(), ['Hana']);
    });
  });

  describe('labels', () => {
    it('are made, renamed, merged and deleted in the settings', async () => {
      const path = `${cast.base}/settings/labels`;
      const id = await cast.write('Hana', 'One');
      assert.equal((await mira.post(path, { name: 'Cakes', hue: 'pink' })).status, 303);
      assert.equal((await mira.post(path, { name: 'cakes', hue: 'blue' })).status, 422);
      assert.equal((await mira.post(path, { name: 'Red', hue: 'brick' })).status, 422);
      const [cakes, orders] = [labelsOf(cast.ws)[0]?.id ?? 0, labelled('Orders')];
      await change({ ids: String(id), do: `label:${cakes}` });
      assert.deepEqual(words(await inbox(), '#list .label'), ['Cakes']);
      await mira.post(`${path}/${cakes}`, { name: 'Tarts', hue: 'green' });
      assert.deepEqual(words(await inbox(), '#list .label'), ['Tarts']);
      await mira.post(`${path}/${cakes}/merge`, { into: String(orders) });
      assert.deepEqual(words(await inbox(), '#list .label'), ['Orders']);
      await mira.post(`${path}/${orders}/remove`, {});
      assert.deepEqual(words(await inbox(), '#list .label'), []);
      assert.deepEqual(labelsOf(cast.ws), []);
    });
  });

  describe('search', () => {
    it('finds customers by name, and the team by what else it knows', async () => {
      const id = await cast.write('Hana Sato', 'One');
      cast.ws.durable(() =>
        cast.ws.sql
          .prepare(
            "UPDATE contacts SET email = 'hana@example.com', phone = '+4915112345' WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)",
          )
          .run(id),
      );
      const document = await inbox('?q=sato');
      assert.deepEqual(words(document, '#list .name mark'), ['Sato']);
      assert.deepEqual(words(await inbox('?q=hana%40example'), '#list .said mark'), ['hana@example']);
      assert.deepEqual(await names('?q=15112'), ['Hana Sato']);
      const viktor = await cast.server.as('viewer');
      assert.deepEqual(await names('?q=hana%40example', viktor), []);
      assert.deepEqual(await names('?q=sato', viktor), ['Hana Sato']);
    });

    it('takes any text for words to look for', async () => {
      await cast.write('Hana', 'A "quoted" word, 100% *bold* 🎂 مرحبا بكم 生日蛋糕 C:\\temp');
      for (const text of ['"quoted"', '*bold*', '100%', '🎂', 'مرحبا', '生日', '生日蛋糕', 'C:\\temp', '"', '*', '%', '\\'])
        assert.deepEqual(await names(`?q=${encodeURIComponent(text)}`), ['Hana'], text);
      for (const text of ['NEAR(a', 'text:', '-quoted OR', '""""', '\u0000', '_'.repeat(200)])
        assert.equal((await mira.get(`${cast.base}/inbox?q=${encodeURIComponent(text)}`)).status, 200, text);
    });

    it('looks where the filter says, and leads to more', async () => {
      for (let n = 0; n < 53; n += 1) await cast.write(`Guest ${n}`, 'A table please');
      const done = await cast.write('Olu', 'A table please');
      await change({ ids: String(done), do: 'done' });
      const document = await inbox('?q=table');
      assert.equal(document.querySelectorAll('#list .row').length, 50);
      const more = document.querySelector('.more-rows a')?.getAttribute('href') ?? '';
      assert.equal(pageOf(await mira.get(more)).querySelectorAll('#list .row').length, 54);
      assert.deepEqual(await names('?q=table&tab=done'), ['Olu']);
      assert.deepEqual(words(await inbox('?q=table&tab=done'), '.chips .chip bdi'), ['In: Done']);
    });
  });
});
