import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Handlebars from 'handlebars';
import { assetPath, findAsset, stylesheets } from '../../src/web/static-files.ts';
import { bytesText, durationText, moneyText, pluralText, spanText, timeText, wordText } from '../../src/web/formats.ts';
import { publicFolder, viewsFolder } from '../../src/web/folders.ts';
import { iconHtml } from '../../src/web/icons.ts';
import { zoneOf } from '../../src/web/zones.ts';
import { startServer, type TestServer } from '../support/http.ts';

function filesIn(folder: string, ending: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

const styles = filesIn(join(publicFolder, 'styles'), '.css');
const views = filesIn(viewsFolder, '.hbs');
const withoutComments = (css: string): string => css.replace(/\/\*[\s\S]*?\*\//g, '');

describe('the styles', () => {
  it('say no left or right, so that they turn for Arabic', () => {
    const physical =
      /(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right|top|bottom)(?:-\w+)*|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|text-align:\s*(?:left|right)|float)\s*:/m;
    // Sizes inside conditions are no properties: @container app (max-width: 50rem).
    const found = styles.filter(({ text }) => physical.test(withoutComments(text).replace(/@(?:container|media)[^{]*\{/g, '{')));
    assert.deepEqual(
      found.map(({ name }) => name),
      [],
    );
  });

  it('name colours by token only, so that night and a client’s own colour reach everything', () => {
    const colour = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab)a?\(|:\s*(?:white|black|red|green|blue|gray|grey)\b/i;
    for (const { name, text } of styles) {
      // The demo's page is a café's own website, with a look that is not ours.
      if (name === 'tokens.css' || name === 'pages/visitors.css') continue;
      const plain = withoutComments(text)
        .replace(/\.dialog::backdrop[^}]*\}/, '')
        .replace(/color-mix\(in oklab/g, '');
      assert.doesNotMatch(plain, colour, name);
    }
  });

  it('lie in a layer each, and load nothing from elsewhere', () => {
    for (const { name, text } of styles) {
      assert.match(text, /@layer (?:reset|tokens|base|parts|pages) \{/, name);
      assert.doesNotMatch(text, /https?:|@import/, name);
      for (const [, address = ''] of text.matchAll(/url\("([^"]+)"\)/g)) {
        assert.ok(findAsset(new URL(address, `http://x/styles/${name}`).pathname.slice(1)), `${name} asks for ${address}`);
      }
    }
  });

  it('come with tokens first, since they order the layers', () => {
    assert.equal(stylesheets()[0], 'styles/tokens.css');
    assert.equal(stylesheets().length, styles.length);
  });
});

describe('the templates', () => {
  it('can all be read', () => {
    for (const { name, text } of views) assert.doesNotThrow(() => Handlebars.parse(text), name);
  });

  it('hold no style or script of their own: the CSP would refuse them', () => {
    for (const { name, text } of views) {
      assert.doesNotMatch(text, /\sstyle=|<style|\son[a-z]+=|javascript:|hx-on/i, name);
      for (const [script = ''] of text.matchAll(/<script[^>]*>/g)) assert.match(script, / src="(?:\{\{asset |\/widget\.js")/, name);
    }
  });

  it('give each form that posts the token', () => {
    for (const { name, text } of views) {
      for (const [form = ''] of text.matchAll(/<form[^>]*method="post"[\s\S]*?<\/form>/g))
        assert.match(form, /\{\{csrf\}\}/, `${name}: ${form.slice(0, 80)}`);
    }
  });

  it('ask only for icons that exist', () => {
    const names = new Set(
      views.flatMap(({ text }) =>
        [...text.matchAll(/\{\{icon '([^']+)'/g), ...text.matchAll(/\sicon=['"]([a-z0-9-]+)['"]/g)].map(([, name = '']) => name),
      ),
    );
    assert.ok(names.size > 10);
    for (const name of names) assert.doesNotThrow(() => iconHtml(name), name);
  });

  it('let no label of an icon out of its attribute', () => {
    assert.doesNotMatch(iconHtml('bell', '"><script>'), /<script>|"">/);
  });
});

describe('files of the pages', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.end());

  it('are kept for ever under an address that changes with them', async () => {
    const answer = await server.stranger().get(assetPath('styles/tokens.css'));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('Cache-Control'), 'public, max-age=31536000, immutable');
    assert.match(answer.headers.get('Content-Type') ?? '', /^text\/css/);
  });

  it('are given by an old address too, but not kept', async () => {
    const answer = await server.stranger().get(assetPath('styles/base.css').replace(/assets\/[^/]+/, 'assets/of-last-week'));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('Cache-Control'), 'no-store');
  });

  it('come compressed where that is understood', async () => {
    const path = assetPath('scripts/htmx.js');
    const zipped = await server.stranger().send('GET', path, { headers: { 'Accept-Encoding': 'gzip' } });
    const plain = await server.stranger().send('GET', path, { headers: { 'Accept-Encoding': 'identity' } });
    assert.equal(zipped.headers.get('Content-Encoding'), 'gzip');
    assert.equal(plain.headers.get('Content-Encoding'), null);
    assert.equal(zipped.text, plain.text);
    const asset = findAsset('scripts/htmx.js');
    assert.ok(asset?.zipped);
    assert.equal(gunzipSync(await asset.zipped).toString(), plain.text);
  });

  it('are these and no others', async () => {
    for (const path of [
      '/assets/x/../package.json',
      '/assets/x/%2e%2e/%2e%2e/package.json',
      '/assets/x/styles/nothing.css',
      '/assets/x/styles',
    ]) {
      assert.equal((await server.stranger().get(path)).status, 404, path);
    }
  });
});

describe('how things read on a page', () => {
  const zone = zoneOf('Europe/Berlin');
  const now = Date.UTC(2026, 10, 24, 13, 10);

  it('times stand in the zone of the business', () => {
    assert.equal(timeText(zone, now, Date.UTC(2026, 10, 24, 12, 5), 'smart'), '13:05');
    assert.equal(timeText(zone, now, Date.UTC(2026, 10, 23, 22, 59), 'smart'), 'Mon');
    // 23:30 in UTC is today in Berlin.
    assert.equal(timeText(zone, now, Date.UTC(2026, 10, 23, 23, 30), 'smart'), '00:30');
    assert.equal(timeText(zone, now, Date.UTC(2026, 10, 2, 12), 'smart'), '2 Nov');
    assert.equal(timeText(zone, now, Date.UTC(2025, 2, 3, 12), 'smart'), '3 Mar 2025');
    assert.equal(timeText(zone, now, Date.UTC(2026, 10, 23, 12), 'moment'), '23 Nov, 13:00');
    assert.equal(timeText(zone, now, Date.UTC(2026, 10, 23, 12), 'full'), 'Monday, 23 November 2026 at 13:00');
    assert.equal(timeText(zoneOf('Mars/Olympus'), now, Date.UTC(2026, 10, 24, 12, 5), 'clock'), '12:05');
  });

  it('the hour that summer time doubles is still read', () => {
    assert.equal(timeText(zone, now, Date.UTC(2026, 9, 25, 0, 30), 'clock'), '02:30');
    assert.equal(timeText(zone, now, Date.UTC(2026, 9, 25, 1, 30), 'clock'), '02:30');
  });

  it('lengths, money and numbers are as short as they can be', () => {
    assert.deepEqual([0, 59_000, 61_000, 3_600_000, 47 * 3_600_000, 49 * 3_600_000].map(spanText), [
      '1 min',
      '1 min',
      '1 min',
      '1 h',
      '47 h',
      '2 days',
    ]);
    assert.deepEqual([9.2, 1340, 61_000].map(durationText), ['9 ms', '1.3 s', '1 min']);
    assert.deepEqual(
      [0, 2100, 12_400_000].map((micros) => moneyText(micros, 'EUR')),
      ['€0.00', '€0.0021', '€12.40'],
    );
    assert.deepEqual(
      [1, 1204].map((n) => pluralText(n, 'message')),
      ['1 message', '1,204 messages'],
    );
    assert.deepEqual([0, 2, 12, 13].map(wordText), ['no', 'two', 'twelve', '13']);
    assert.deepEqual([999, 12_345, 1_500_000].map(bytesText), ['999 bytes', '12 kB', '1.5 MB']);
  });
});
