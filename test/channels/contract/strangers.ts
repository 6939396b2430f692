/** What anybody may post or write: forged, broken, huge. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textOf, type Suite } from './suite.ts';

const DEEP = 20_000;

export function strangers(suite: Suite): void {
  const proof = (raw: Buffer) => suite.rig.sign?.(raw) ?? assert.fail('the rig can sign');
  const isBelieved = (raw: Buffer, headers: Record<string, string | string[] | undefined>) =>
    suite.rig.channel.verify?.({ headers, raw }, suite.rig.access().settings, () => suite.rig.access().webhook?.().secret ?? '');
  const posted = (text = 'Are you open? 🥐') => Buffer.from(JSON.stringify(suite.says(text)));

  suite.situation('signed', 'believes what was posted with a proof, also with emoji and in other spelling', () => {
    const spelt = JSON.stringify(suite.says('🥐 / <b>')).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
    for (const raw of [posted(), Buffer.from(spelt.replaceAll('/', '\\/'))]) assert.equal(isBelieved(raw, proof(raw)), true);
  });

  suite.situation('signed', 'believes nothing without a proof, with another’s, or with two', () => {
    const raw = posted();
    assert.equal(isBelieved(raw, {}), false);
    for (const [name, value] of Object.entries(proof(raw))) {
      for (const wrong of ['', value.slice(0, -1), `${value}0`, value.replace(/[0-9a-f]$/, (last) => (last === '0' ? '1' : '0')), 'sha1=0'])
        assert.equal(isBelieved(raw, { [name]: wrong }), false, wrong);
      assert.equal(isBelieved(raw, { [name]: [value, value] }), false);
    }
  });

  suite.situation('signed', 'never throws at a proof, whatever it is', () => {
    const raw = posted();
    const [name = ''] = Object.keys(proof(raw));
    fc.assert(fc.property(fc.string(), (value) => isBelieved(raw, { [name]: value }) === false));
  });

  suite.situation('signed-bytes', 'believes a proof for its very bytes alone, not for others that mean the same', () => {
    const raw = posted();
    const headers = proof(raw);
    for (const other of [`${raw} `, JSON.stringify(JSON.parse(raw.toString()), null, 1), raw.toString().replace('open', 'shut')])
      assert.equal(isBelieved(Buffer.from(other), headers), false);
  });

  it('never throws at a shape it doesn’t know', () => {
    fc.assert(
      fc.property(fc.option(fc.jsonValue(), { nil: undefined }), (body) => {
        for (const event of suite.rig.channel.parse(body)) if (event.type === 'unrecognised') assert.equal(typeof event.body, 'string');
      }),
      { numRuns: 300 },
    );
  });

  suite.situation('batches', 'never throws at a body whose parts were swapped for anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
        const spoiled = spoil(structuredClone(suite.rig.batch.body), value, at);
        assert.ok(Array.isArray(suite.rig.channel.parse(spoiled)));
      }),
      { numRuns: 300 },
    );
  });

  it('never throws at a body that is nested without end', () => {
    const deep = JSON.parse(`${'['.repeat(DEEP)}${']'.repeat(DEEP)}`) as unknown;
    const bodies = [deep, { deep }, ...[0, 3, 7, 11, 19].map((at) => spoil(structuredClone(suite.rig.batch.body), deep, at))];
    for (const body of bodies) assert.ok(Array.isArray(suite.rig.channel.parse(body)));
  });

  suite.situation('batches', 'reads a thousand messages of one body, in order, at once', () => {
    const texts = Array.from({ length: 1000 }, (_, n) => `Message ${n}`);
    const body = suite.rig.saysMany?.(texts) ?? assert.fail('the rig gives a body of many');
    const began = performance.now();
    assert.deepEqual(suite.rig.channel.parse(body).flatMap(textOf), texts);
    assert.ok(performance.now() - began < 2000);
  });

  suite.situation('endless-text', 'reads a text of a megabyte whole', async () => {
    const text = 'Brot '.repeat(200_000);
    assert.deepEqual(textOf(await suite.message(suite.says(text))), [text]);
  });

  suite.situation('other-clock', 'takes a message from another clock with the time that it says, a week old or a day ahead', async () => {
    const now = Math.floor(Date.now() / 1000) * 1000;
    for (const at of [now - 7 * 86_400_000, now + 86_400_000, 1000])
      assert.equal((await suite.message(suite.says('Hi', { at }))).saidAt, at);
  });
}

/** Puts `value` somewhere into a body. */
function spoil(body: unknown, value: unknown, at: number): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk(child);
    }
  };
  walk(body);
  const place = places[at % Math.max(places.length, 1)];
  if (place) place[0][place[1]] = value;
  return body;
}
