/** Whatever stands in an address, a header or a body: the answer is one of ours, never a fault, and the process stays up. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { readToken, signToken, newVisitor } from '../../src/visitors/visitor-token.ts';
import { search } from '../../src/knowledge/index.ts';
import { chooseLanguage, fill, languages } from '../../src/lib/catalogue.ts';
import { markdownToHtml } from '../../src/lib/markdown.ts';
import { DOMParser } from 'linkedom';
import type { Dom } from '../support/dom.ts';
import { openCafe } from '../support/cafe.ts';
import { request } from '../support/request.ts';
import { routesOf } from '../support/routes.ts';
import { bearer, clientOf } from '../visitors/support/client.ts';
import { count, houseFor } from '../visitors/support/house.ts';

/** Numbers that are none, are too big, or are another's in disguise; and what a database or a path might trip over. */
const oddId = fc.oneof(
  fc.constantFrom(
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x1',
    '01',
    '+1',
    '9007199254740993',
    '1'.repeat(400),
    'NaN',
    'null',
    'undefined',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom(
    '1%00',
    '%20',
    '..',
    '%2e%2e',
    '%2e%2e%2f%2e%2e',
    "1'--",
    '1;DROP TABLE messages',
    '%F0%9F%91%A9',
    '*',
    '"',
    '%',
    '[]',
    '{}',
    ',',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(encodeURIComponent),
);
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('"', "'", '*', 'NEAR(', 'AND', 'OR NOT', 'a"b', '(', ')', '^', '-', ':', 'title:x', '\0', '\ud800', '‮'),
);

const lettersOf = (text: string): string => (text.normalize('NFC').match(/[\p{L}\p{M}\p{N}\p{P}\p{S}]/gu) ?? []).join('');

describe('strange values', function () {
  this.timeout(30_000);

  describe('in addresses and queries', () => {
    const cafe = openCafe(before, after);

    it('lead to a page or to words, on every route, by every method', async () => {
      const routes = routesOf(cafe.server.app).filter(({ path }) => /:(?!workspace|kind)\w+/.test(path) && !/stream/.test(path));
      assert.ok(routes.length > 30);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...routes), oddId, fc.boolean(), async ({ method, path }, id, form) => {
          const address = path.replace(':workspace', cafe.server.workspace).replace(/[:*]\w+/g, () => id || 'x');
          const { status, text } =
            method === 'GET' ? await cafe.owner.get(address) : await cafe.owner.post(address, form ? { [id]: id } : {});
          assert.ok(status < 500, `${method} ${address}: ${status}`);
          assert.doesNotMatch(text, /SqliteError|at .*\.ts:\d|SELECT /);
        }),
        { numRuns: 250 },
      );
    });

    it('are searched for, in the inbox and in the knowledge, like anything else', async () => {
      await fc.assert(
        fc.asyncProperty(odd, odd, async (text, more) => {
          const asked = new URLSearchParams({ q: text, tab: more, before: more, after: more }).toString();
          for (const place of ['inbox', 'knowledge/try', 'knowledge'])
            assert.ok((await cafe.owner.get(`${cafe.base}/${place}?${asked}`)).status < 500, JSON.stringify(text));
          assert.ok(Array.isArray(await search(cafe.ws, { query: `${text} ${more}`, limit: 3 })));
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('posted to the widget', () => {
    const house = houseFor(before, after);

    let calls = 0;
    /** Each call comes from a network of its own, so that none is too often. */
    const elsewhere = (): Record<string, string> => ({ 'X-Forwarded-For': `10.1.${++calls >> 8}.${calls & 255}` });

    it('as a body of any shape are refused in words, or are a message; none is a fault, and none is stored by halves', async () => {
      const shaped = fc.record(
        { text: fc.jsonValue(), clientId: fc.oneof(fc.constant(randomUUID()), fc.jsonValue()), token: fc.jsonValue() },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            shaped.map((body) => JSON.stringify(body)),
            fc.json(),
            odd,
          ),
          fc.constantFrom('messages', 'person', 'stop'),
          async (body, act) => {
            const before = count(house, 'messages');
            const { status, text } = await request('POST', house.to(act), {
              body,
              headers: { 'Content-Type': 'application/json', ...elsewhere() },
            });
            assert.ok(status < 500, `${status}: ${body}`);
            assert.equal(typeof JSON.parse(text), 'object');
            const stored = count(house, 'messages') - before;
            assert.ok(stored === 0 || (stored === 1 && status === 200 && act === 'messages'), `${stored} stored with ${status}: ${body}`);
          },
        ),
        { numRuns: 150 },
      );
    });

    it('as text come back as they were written, but for what nobody sees', async () => {
      const visitor = clientOf(house);
      const said = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).filter((text) => /[\p{L}\p{N}]/u.test(text));
      await fc.assert(
        fc.asyncProperty(said, async (text) => {
          const { status, body } = await visitor.post('messages', { text, clientId: randomUUID() }, elsewhere());
          assert.equal(status, 200);
          const thread = await visitor.get('thread', { ...bearer(body.token), ...elsewhere() });
          const [message] = thread.body['messages'] as { text: string }[];
          assert.equal(lettersOf(message?.text ?? ''), lettersOf(text));
        }),
        { numRuns: 60 },
      );
    });

    it('as a token open nothing: every changed sign is noticed', () => {
      const visitor = newVisitor(house.ws, house.channel.id, randomUUID());
      const token = signToken(house.ws, visitor);
      assert.deepEqual(readToken(house.ws, house.channel.id, token), visitor);
      const mac = (text: string): string => Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url').toString('hex');
      fc.assert(
        fc.property(fc.nat(token.length - 1), fc.constantFrom(...'Ab0_-.~ é'), (at, sign) => {
          const changed = token.slice(0, at) + sign + token.slice(at + 1);
          // The last sign of base64 has two bits that mean nothing.
          const same = changed.slice(0, changed.lastIndexOf('.')) === token.slice(0, token.lastIndexOf('.')) && mac(changed) === mac(token);
          if (!same) assert.equal(readToken(house.ws, house.channel.id, changed), null);
        }),
        { numRuns: 500 },
      );
      fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readToken(house.ws, house.channel.id, text) === null));
    });
  });

  describe('in what is read by rule', () => {
    it('choose a language that there is, and fill a text once', () => {
      fc.assert(fc.property(fc.string({ unit: 'binary' }), (tag) => languages.includes(chooseLanguage(tag))));
      const tags = fc.array(
        fc.tuple(fc.constantFrom('de', 'DE-at', 'xx', '*', 'pt_BR', ''), fc.constantFrom('', ';q=0', ';q=9', ';q=x', '; q = 0.5', ';;')),
        { maxLength: 6 },
      );
      fc.assert(fc.property(tags, (list) => languages.includes(chooseLanguage(list.map((each) => each.join('')).join(',')))));
      fc.assert(fc.property(fc.string(), (name) => fill('{name} joined.', { name }) === `${name} joined.`));
    });

    it('become no element but those of light Markdown, and no attribute that acts', () => {
      const marks = [
        '<',
        '>',
        '"',
        "'",
        '`',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '!',
        '#',
        '-',
        '\n',
        '\n\n',
        '&lt;',
        '&#x6a;',
        'javascript:',
        'data:text/html,',
        'http://a.example',
        '[1]',
        '<img src=x onerror=y>',
        '<script>',
        '\\',
        '|',
        '>',
        '  ',
        'x',
        '\t',
      ];
      const text = fc
        .array(fc.oneof(fc.constantFrom(...marks), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 30 })
        .map((parts) => parts.join(''));
      const allowed = new Set(['A', 'P', 'BR', 'STRONG', 'EM', 'S', 'CODE', 'PRE', 'UL', 'OL', 'LI', 'BLOCKQUOTE']);
      fc.assert(
        fc.property(text, (written) => {
          const html = markdownToHtml(written, (n) => `#s-${n}`);
          const page: Dom = new DOMParser().parseFromString(`<html><body><main>${html}</main></body></html>`, 'text/html');
          for (const element of page.querySelectorAll('main *')) {
            assert.ok(allowed.has(String(Reflect.get(element, 'tagName')).toUpperCase()), html);
            for (const name of ['onerror', 'onclick', 'src', 'style', 'hx-get', 'srcdoc'])
              assert.equal(element.getAttribute(name), null, html);
            const href = element.getAttribute('href');
            if (href !== null) assert.match(href, /^(https?:\/\/|mailto:|tel:|#s-\d)/i, html);
          }
        }),
        { numRuns: 1500 },
      );
    });
  });
});
