import assert from 'node:assert/strict';
import { hashPassword, passwordMatches, weakness } from '../../src/accounts/passwords.ts';

describe('passwords', () => {
  it('are argon2id in PHC form, salted, and match only themselves', async () => {
    const one = await hashPassword('four quiet brass bells');
    const two = await hashPassword('four quiet brass bells');
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(one, two);
    assert.equal(await passwordMatches('four quiet brass bells', one), true);
    assert.equal(await passwordMatches('Four quiet brass bells', one), false);
    assert.equal(await passwordMatches('', one), false);
  });

  it('are read at the cost their hash names, by a hash another program made', async () => {
    // From the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    assert.equal(await passwordMatches('password', reference), true);
    assert.equal(await passwordMatches('passwore', reference), false);
  });

  it('the same letters typed on another keyboard match', async () => {
    assert.equal(await passwordMatches('Straße im Café', await hashPassword('Straße im Cafe\u0301')), true);
  });

  const weak: [string, RegExp][] = [
    ['short', /10 characters or more/],
    ['👩‍🍳👩‍🍳👩‍🍳', /10 characters or more/],
    ['x'.repeat(201), /200 characters at most/],
    ['aaaaaaaaaaaa', /repeats a few/],
    ['abababababab', /repeats a few/],
    ['1234567890', /first that anybody tries/],
    ['Password2026', /first that anybody tries/],
    ['qwertyuiop!!', /first that anybody tries/],
    ['mira.aydin@aurora', /your name or address/],
    ['AydinMira2026', /your name or address/],
  ];
  for (const [password, says] of weak) {
    it(`${password.slice(0, 20)} is refused in plain words`, () => {
      assert.match(weakness(password, ['mira.aydin@aurora.example', 'Mira', 'Aydin']) ?? '', says);
    });
  }

  it('four words in a row are fine, in any script', () => {
    for (const password of ['four quiet brass bells', 'dört sessiz pirinç çan', '四つの静かな真鍮の鐘です', 'Xq7-vR2!mZ9p'])
      assert.equal(weakness(password, ['mira@aurora.example', 'Mira']), undefined, password);
  });
});
