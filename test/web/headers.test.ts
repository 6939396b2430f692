import assert from 'node:assert/strict';
import { openCafe } from '../support/cafe.ts';
import { startServer } from '../support/http.ts';
import { routesOf } from '../support/routes.ts';

describe('headers', () => {
  const cafe = openCafe(before, after);

  it('scripts and styles come from this server alone, and nobody frames it', async () => {
    for (const path of ['/sign-in', '/nothing', '/livez', `${cafe.base}/settings`]) {
      const { headers } = await cafe.owner.get(path);
      const policy = headers.get('Content-Security-Policy') ?? '';
      assert.match(policy, /(^|;)default-src 'none'(;|$)/, path);
      assert.match(policy, /(^|;)script-src 'self'(;|$)/);
      assert.match(policy, /(^|;)style-src 'self'(;|$)/);
      assert.match(policy, /(^|;)frame-ancestors 'none'(;|$)/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(headers.get('X-Content-Type-Options'), 'nosniff');
      assert.equal(headers.get('X-Frame-Options'), 'DENY');
      assert.equal(headers.get('Referrer-Policy'), 'same-origin');
      assert.equal(headers.get('X-Powered-By'), null);
    }
  });

  it('no page has a script or style inside it that the policy would stop, or anything from elsewhere', async () => {
    const pages = routesOf(cafe.server.app).filter(
      ({ method, path }) => method === 'GET' && !/[:*]/.test(path.replace(':workspace', '')) && !/live|ready|events|favicon/.test(path),
    );
    assert.ok(pages.length > 5);
    for (const { path } of pages) {
      const { text, headers } = await cafe.owner.get(path.replace(':workspace', cafe.server.workspace));
      if (!headers.get('Content-Type')?.startsWith('text/html')) continue;
      assert.doesNotMatch(text, /<[^>]+\sstyle\s*=/i, path);
      assert.doesNotMatch(text, /<[^>]+\son[a-z]+\s*=/i, path);
      assert.doesNotMatch(text, /<script(?![^>]*\bsrc="\/)/i, path);
      // A link that somebody may follow loads nothing.
      assert.doesNotMatch(text, /<(?!a\b)[^>]*\b(?:src|href)="(?:https?:)?\/\/(?!127\.0\.0\.1|localhost)/i, path);
    }
  });

  it('pages are kept by no cache', async () => {
    for (const path of ['/sign-in', '/account', '/nothing', `${cafe.base}/settings`]) {
      assert.equal((await cafe.owner.get(path)).headers.get('Cache-Control'), 'no-store', path);
    }
  });

  it('browsers are told to insist on https where there is https, and only there', async () => {
    assert.equal((await cafe.owner.get('/sign-in')).headers.get('Strict-Transport-Security'), null);
    const secure = await startServer({ env: { BASE_URL: 'https://desk.example', TRUST_PROXY: '1' }, empty: true });
    const { headers } = await secure.stranger().get('/sign-in', { 'X-Forwarded-Proto': 'https' });
    assert.equal(headers.get('Strict-Transport-Security'), 'max-age=31536000');
    assert.match(headers.get('Content-Security-Policy') ?? '', /upgrade-insecure-requests/);
    await secure.end();
  });
});
