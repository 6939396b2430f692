import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { listTools, readInput } from '../../src/tools/index.ts';
import { parametersOfAction } from '../../src/tools/http-action.ts';
import { isHttp } from '../../src/tools/tools.queries.ts';
import { plainSchema } from '../../src/tools/openapi/plain-schema.ts';
import { readInThread } from '../../src/tools/openapi/read-in-thread.ts';
import { readOpenApi, type OpenApi } from '../../src/tools/openapi/read-openapi.ts';
import { openCafe } from '../support/cafe.ts';
import type { Answer } from '../support/http.ts';

const YAML = `
openapi: 3.1.0
info: { title: Aurora Orders }
servers:
  - url: https://{region}.orders.example/v1/
    variables: { region: { default: eu } }
paths:
  /orders/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string }, description: Its number }
    get:
      summary: Find an order
      parameters:
        - { name: full, in: query, schema: { type: boolean } }
        - { $ref: '#/components/parameters/Limit' }
    patch:
      operationId: changeOrder
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
    delete:
      summary: Delete it
      parameters:
        - { name: X-Reason, in: header, required: true, schema: { type: string } }
  /found:
    get:
      summary: Search
      requestBody: { content: { application/json: { schema: { type: object, properties: { q: { type: string } } } } } }
  /files:
    post:
      summary: Upload
      requestBody: { required: true, content: { application/octet-stream: {} } }
components:
  parameters:
    Limit: { name: limit, in: query, schema: { type: integer, minimum: 1 } }
  schemas:
    Order:
      type: object
      required: [status, gone]
      properties:
        status: { type: string, enum: [open, sent] }
        note: { type: string, nullable: true }
        parent: { $ref: '#/components/schemas/Order' }
        items: { type: array, items: { allOf: [{ $ref: '#/components/schemas/Item' }, { type: object, properties: { n: { type: integer } } }] } }
    Item: { type: object, properties: { order: { $ref: '#/components/schemas/Order' }, name: { type: string } } }
`;

function fileOf(text: string): OpenApi {
  const read = readOpenApi(text);
  return read.ok ? read.file : assert.fail(read.says);
}

describe('an OpenAPI file', () => {
  it('becomes actions: addresses, values and where they go, with what can’t be taken said', () => {
    const { service, operations, left } = fileOf(YAML);
    assert.equal(service, 'Aurora Orders');
    assert.deepEqual(
      operations.map(({ title, action }) => [
        title,
        action.method,
        action.url,
        action.inputs.map(({ name, place, required }) => `${name} ${place}${required ? '!' : ''}`),
      ]),
      [
        ['Find an order', 'GET', 'https://eu.orders.example/v1/orders/{id}', ['id url!', 'full query', 'limit query']],
        [
          'changeOrder',
          'PATCH',
          'https://eu.orders.example/v1/orders/{id}',
          ['id url!', 'status body!', 'note body', 'parent body', 'items body'],
        ],
      ],
    );
    assert.deepEqual(
      left.map(({ title }) => title),
      ['Delete it', 'Search', 'Upload'],
    );
    assert.match(left[0]?.why ?? '', /wants a header/);
    assert.match(left[1]?.why ?? '', /wants a body to look something up/);
  });

  it('with circles ends somewhere, and what it describes can still be checked', () => {
    const [, change] = fileOf(YAML).operations;
    const parameters = parametersOfAction(change?.action ?? assert.fail());
    assert.ok(JSON.stringify(parameters).length < 20_000);
    assert.ok(
      readInput('{"id":"1","status":"open","note":null,"parent":{"status":"sent","parent":{}},"items":[{"name":"Cake","n":2}]}', parameters)
        .values,
    );
    for (const wrong of ['{"id":"1","status":"lost"}', '{"id":"1","status":"open","items":[{"n":1.5}]}', '{"status":"open"}'])
      assert.ok(readInput(wrong, parameters).wrong, wrong);
  });

  it('that is none is refused in plain words', () => {
    const says = (text: string) => {
      const read = readOpenApi(text);
      return read.ok ? '' : read.says;
    };
    assert.match(says('{"openapi":"3.0.0"'), /can’t be read/);
    assert.match(says('a: [1, 2'), /can’t be read/);
    assert.match(says('just words'), /can’t be read/);
    assert.match(says('swagger: "2.0"'), /no OpenAPI file of version 3/);
    assert.match(says('openapi: 3.0.0'), /doesn’t say at which address/);
    assert.match(says('openapi: 3.0.0\nservers: [{url: /v1}]'), /doesn’t say at which address/);
    assert.match(says('openapi: 3.0.0\nservers: [{url: "https://{host}/"}]'), /doesn’t say at which address/);
    assert.match(says('openapi: 3.0.0\nservers: [{url: "https://a.example"}]'), /nothing that can be called/);
    assert.match(
      says(
        `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(',')}]`).join('\n')}`,
      ),
      /can’t be read/,
      'a bomb of aliases',
    );
  });

  it('of five megabytes, all in circles, is read in a thread while the server answers', async function () {
    this.timeout(40_000);
    const names = Array.from({ length: 9000 }, (_, at) => `S${at}`);
    const schemas = Object.fromEntries(
      names.map((name, at) => [
        name,
        {
          type: 'object',
          description: 'x'.repeat(300),
          properties: Object.fromEntries(
            [1, 2, 3, 5].map((n) => [`p${n}`, { $ref: `#/components/schemas/S${(at * n + 1) % names.length}` }]),
          ),
        },
      ]),
    );
    const paths = Object.fromEntries(
      names.slice(0, 400).map((name) => [
        `/${name}`,
        {
          post: { summary: name, requestBody: { content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } } },
        },
      ]),
    );
    const text = JSON.stringify({ openapi: '3.0.3', servers: [{ url: 'https://a.example' }], paths, components: { schemas } });
    assert.ok(text.length > 4.5 * 2 ** 20 && text.length < 5 * 2 ** 20, String(text.length));
    let turns = 0;
    const timer = setInterval(() => void turns++, 5);
    const read = await readInThread(text);
    clearInterval(timer);
    assert.ok(read.ok && read.file.operations.length + read.file.left.length > 0);
    assert.ok(JSON.stringify(read).length < 1_000_000);
    assert.ok(turns > 3, 'the main thread went on');
  });

  it('of whatever shape makes schemas that can be checked, and never ends the process', () => {
    const leaf = fc.constant({ type: 'string' });
    const json = fc.letrec((tie) => {
      const inner = fc.oneof({ maxDepth: 3 }, leaf, tie('schema'));
      return {
        schema: fc.record(
          {
            type: fc.oneof(
              fc.constantFrom('string', 'object', 'array', 'integer', 'nonsense'),
              fc.array(fc.constantFrom('string', 'null')),
            ),
            properties: fc.dictionary(fc.string({ maxLength: 5 }), inner, { maxKeys: 3 }),
            items: inner,
            required: fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
            allOf: fc.array(inner, { maxLength: 2 }),
            oneOf: fc.array(inner, { maxLength: 2 }),
            enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
            pattern: fc.string(),
            $ref: fc.constantFrom('#/a', '#/b', 'https://evil.example/x'),
          },
          { requiredKeys: [] },
        ),
      };
    }).schema;
    fc.assert(
      fc.property(json, (schema) => {
        const plain = plainSchema(schema, (reference) => (reference === '#/a' ? schema : undefined));
        assert.ok(z.fromJSONSchema({ ...plain }));
      }),
      { numRuns: 200 },
    );
  });

  describe('on its page', () => {
    const cafe = openCafe(before, after);
    const at = () => `${cafe.base}/tools/import`;
    function upload(text: string): Promise<Answer> {
      const body = new FormData();
      body.set('csrf', cafe.owner.csrf ?? '');
      body.set('file', new File([text], 'orders.yaml'));
      return cafe.owner.send('POST', at(), { body, headers: { Accept: 'text/html', Origin: cafe.owner.url } });
    }
    async function keep(content: string, more: [string, string][]): Promise<Answer> {
      const body = new URLSearchParams([['csrf', cafe.owner.csrf ?? ''], ['operations', content], ...more]).toString();
      return cafe.owner.send('POST', `${at()}/keep`, {
        body,
        headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', Origin: cafe.owner.url },
      });
    }

    it('is shown first, and what is chosen of it becomes tools with one sealed secret', async () => {
      const { status, text } = await upload(YAML);
      assert.equal(status, 200, text.slice(0, 2000));
      assert.match(text, /Find an order[\s\S]*It only looks[\s\S]*changeOrder[\s\S]*It changes something/);
      assert.match(text, /can’t be taken from the file/);
      assert.deepEqual(listTools(cafe.ws), []);
      const content = JSON.stringify(fileOf(YAML).operations);
      const whose: [string, string][] = [
        ['service', 'Aurora Orders'],
        ['policyUrl', 'https://orders.example/privacy'],
        ['headerName', 'X-Key'],
        ['headerValue', 'top-secret-token-1'],
      ];
      assert.equal((await keep(content, whose)).status, 422, 'nothing was chosen');
      const kept = await keep(content, [...whose, ['chosen', '0'], ['chosen', '1']]);
      assert.equal(kept.status, 303, kept.text.slice(0, 2000));
      assert.deepEqual(
        listTools(cafe.ws)
          .filter(isHttp)
          .map(({ name, changes, action }) => [name, changes, action.headers]),
        [
          ['changeorder', true, ['X-Key']],
          ['find_an_order', false, ['X-Key']],
        ],
      );
      assert.equal((await cafe.owner.get(`${cafe.base}/tools/${listTools(cafe.ws)[0]?.id}`)).status, 200);
    });

    it('says what is wrong with it, and takes nothing that was forged on the way', async () => {
      assert.match((await upload('no such thing')).text, /can’t be read/);
      assert.match((await upload('')).text, /Choose a file first/);
      assert.match((await upload('x'.repeat(5 * 2 ** 20 + 1))).text, /larger than 5 MB/);
      const [operation] = fileOf(YAML).operations;
      const forged = JSON.stringify([{ ...operation, action: { ...operation?.action, method: 'TRACE' } }]);
      assert.equal((await keep(forged, [['chosen', '0']])).status, 400);
    });
  });
});
