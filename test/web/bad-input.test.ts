import assert from 'node:assert/strict';
import express, { Router } from 'express';
import type { AddressInfo } from 'node:net';
import { jsonBody } from '../../src/web/bodies.ts';
import { errorHandler, notFound } from '../../src/web/errors.ts';
import { beginRequest, may } from '../../src/web/guard.ts';
import { localPath } from '../../src/web/redirect.ts';
import { openCafe } from '../support/cafe.ts';
import { cast, Client, PASSWORD, startServer, type TestServer } from '../support/http.ts';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const business = { name: 'Café Aurora', website: '', language: 'en', timezone: 'Europe/Berlin', currency: 'EUR' };

describe('bad input', () => {
  const cafe = openCafe(before, after);
  const settings = () => `${cafe.base}/settings`;

  const nameNow = async (): Promise<string> => {
    const value = /id="f-name"[^>]*value="([^"]*)"/.exec((await cafe.owner.get(settings())).text)?.[1];
    return value ?? '';
  };

  it('a body of another type is refused before it is read', async () => {
    for (const type of ['application/json', 'text/plain', 'application/xml', 'image/png']) {
      const answer = await cafe.owner.send('POST', settings(), {
        body: '{"name":"x"}',
        headers: { 'Content-Type': type, Origin: cafe.server.url },
      });
      assert.equal(answer.status, 415, type);
    }
    const answer = await cafe.server
      .stranger()
      .send('POST', '/sign-in', { body: '{"email":"x"}', headers: { 'Content-Type': 'application/json' } });
    assert.equal(answer.status, 415);
    assert.deepEqual(JSON.parse(answer.text), { error: 'Send this as a form.' });
  });

  it('a post without a body, or with half a form, is answered in words', async () => {
    assert.equal(
      (await cafe.owner.send('POST', settings(), { headers: { 'X-CSRF-Token': cafe.owner.csrf ?? '', Origin: cafe.server.url } })).status,
      415,
    );
    assert.equal(
      (await cafe.owner.send('POST', settings(), { body: '%E0%A4%A=%', headers: { ...form, 'X-CSRF-Token': cafe.owner.csrf ?? '' } }))
        .status,
      400,
    );
    const half = await cafe.owner.post(settings(), { name: 'Half' });
    assert.equal(half.status, 422);
    assert.match(half.text, /Choose a time zone\./);
  });

  it('a stranger’s form of more than 64 kB, and a member’s of more than 4 MB, is too much', async () => {
    const big = await cafe.server.stranger().post('/sign-in', { email: 'x'.repeat(70_000), password: 'x' });
    assert.equal(big.status, 413);
    assert.match(big.text, /More was sent than fits here/);
    assert.equal((await cafe.owner.post(settings(), { ...business, name: 'x'.repeat(5_000_000) })).status, 413);
  });

  it('ten thousand fields are too many', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`f${n}`, '1']));
    assert.equal((await cafe.owner.post(settings(), many)).status, 413);
  });

  it('a megabyte of text in a field is named beside it, and what was typed is not lost', async () => {
    const answer = await cafe.owner.post(settings(), { ...business, name: 'x'.repeat(1_000_000) });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /The name of the business can have 120 characters at most\./);
    assert.ok(answer.text.includes('x'.repeat(1_000_000)));
  });

  it('a field twice, and a field named like a part of every object, are refused', async () => {
    const send = (body: string): Promise<{ status: number }> =>
      cafe.owner.send('POST', settings(), { body: `csrf=${cafe.owner.csrf}&${body}`, headers: { ...form, Origin: cafe.server.url } });
    assert.equal((await send(`${new URLSearchParams(business).toString()}&name=Other`)).status, 422);
    assert.equal((await send(`${new URLSearchParams(business).toString()}&__proto__[x]=1`)).status, 400);
    assert.equal((await send(`${new URLSearchParams(business).toString()}&constructor=1`)).status, 400);
  });

  it('names keep their script, and lose what nobody sees', async () => {
    const cases: [string, string][] = [
      ['مقهى الشفق', 'مقهى الشفق'],
      ['می\u200cخواهم', 'می\u200cخواهم'],
      ['Cafe\u0301 Aurora', 'Café Aurora'],
      ['Ad\u200Bmin\u2060', 'Admin'],
      ['\u202Eexe.fdp', 'exe.fdp'],
      ['A\u0000\u0007B\uFEFF', 'AB'],
      ['  two \n lines ', 'two lines'],
      ['👩‍🍳☕', '👩‍🍳☕'],
      ['<img src=x onerror=alert(1)>', '&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;'],
    ];
    for (const [typed, kept] of cases) {
      assert.equal((await cafe.owner.post(settings(), { ...business, name: typed })).status, 303, typed);
      assert.equal(await nameNow(), kept);
    }
  });

  it('a name of nothing but unseen characters is missing', async () => {
    const answer = await cafe.owner.post(settings(), { ...business, name: '\u200B\u200D\u202E \u00AD\u2060' });
    assert.equal(answer.status, 422);
    assert.match(answer.text, /The name of the business is missing\./);
  });

  it('the same post twice leaves the same', async () => {
    assert.equal((await cafe.owner.post(settings(), { ...business, name: 'Twice' })).status, 303);
    assert.equal((await cafe.owner.post(settings(), { ...business, name: 'Twice' })).status, 303);
    assert.equal(await nameNow(), 'Twice');
  });

  it('an address that can’t be decoded, a null byte and a climb are answered, and the process stays up', async () => {
    assert.equal((await cafe.owner.get('/w/%E0%A4%A/settings')).status, 400);
    assert.equal((await cafe.owner.get('/assets/x/%00')).status, 404);
    assert.equal((await cafe.owner.get('/assets/x/..%2f..%2fpackage.json')).status, 404);
    assert.equal((await cafe.owner.get(`/w/${'w'.repeat(5000)}/settings`)).status, 404);
    assert.equal((await cafe.owner.get('/livez')).status, 200);
  });

  it('no link leads from sign-in to another site', async () => {
    const away = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
      '/..//evil.example',
      'evil',
      '',
    ];
    for (const next of away) {
      assert.equal((await cafe.owner.get(`/sign-in?next=${encodeURIComponent(next)}`)).location, '/', next);
      const answer = await cafe.server.stranger().post('/sign-in', { email: cast.viewer.email, password: PASSWORD, next });
      assert.equal(answer.location, '/sign-in/done?next=%2F', next);
    }
    assert.equal(localPath('/w/w_1/inbox?q=a%20b', '/'), '/w/w_1/inbox?q=a%20b');
    assert.equal((await cafe.owner.get('/sign-in?next=/account')).location, '/account');
  });

  it('an unknown address is 404, as a page, as JSON, and as a part of a page', async () => {
    const page = await cafe.owner.get('/nothing');
    assert.equal(page.status, 404);
    assert.match(page.text, /<h1>There is nothing here<\/h1>/);
    const json = await cafe.owner.get('/nothing', { Accept: 'application/json' });
    assert.equal(json.status, 404);
    assert.match((JSON.parse(json.text) as { error: string }).error, /^This page doesn’t exist/);
    const part = await cafe.owner.get('/nothing', {
      'HX-Request': 'true',
      'HX-Request-Type': 'partial',
      Accept: 'text/html, text/event-stream',
    });
    assert.equal(part.headers.get('HX-Retarget'), '#notices');
    assert.match(part.text, /^<div class="banner is-failed" role="alert">/);
  });
});

describe('JSON bodies and faults', () => {
  let server: TestServer;
  let client: Client;
  let close: () => void;
  before(async () => {
    server = await startServer({ empty: true });
    const router = Router();
    router.post('/json', may('visitor'), jsonBody(1000), (req, res) => void res.json({ got: req.body as unknown }));
    router.get('/broken', may('public'), () => {
      throw new Error('SQLITE: no such column mira@aurora.example');
    });
    const app = express().use(beginRequest(server.installation)).use(router).use(notFound).use(errorHandler(server.installation.log));
    const listening = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    client = new Client(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`);
    close = () => listening.close();
  });
  after(async () => {
    close();
    await server.end();
  });

  const json = (body: string, type = 'application/json'): ReturnType<Client['send']> =>
    client.send('POST', '/json', { body, headers: { 'Content-Type': type } });

  it('what is not JSON, of another type, or too much, gets 400, 415 and 413 in JSON', async () => {
    assert.equal((await json('{"a":1}')).status, 200);
    for (const broken of ['{"a":', '', 'null', '"text"', '{"a":1}}']) {
      const answer = await json(broken);
      assert.equal(answer.status, broken === '' ? 200 : 400, broken);
    }
    assert.deepEqual(JSON.parse((await json('{')).text), { error: 'The text that was sent is not valid JSON.' });
    assert.equal((await json('{"a":1}', 'text/plain')).status, 415);
    assert.equal((await json(`{"a":"${'x'.repeat(2000)}"}`)).status, 413);
  });

  it('what broke on our side tells a stranger a reference and nothing else', async () => {
    const page = await client.get('/broken');
    assert.equal(page.status, 500);
    assert.match(page.text, /Reference: <code>req_\w{20}<\/code>/);
    assert.doesNotMatch(page.text, /SQLITE|aurora|\.ts/);
    const body = JSON.parse((await client.get('/broken', { Accept: 'application/json' })).text) as Record<string, string>;
    assert.deepEqual(Object.keys(body).sort(), ['error', 'reference']);
    assert.doesNotMatch(JSON.stringify(body), /SQLITE|aurora/);
  });
});
