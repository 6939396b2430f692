import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Nobody can promise it, on whatever page. */
const PROMISES =
  /\b(?:100 ?%\s*(?:secure|safe|private|compliant)|(?:completely|fully|totally|absolutely|perfectly|entirely) (?:secure|safe|private|anonymous|protected)|guarantee[ds]?|un(?:breakable|hackable|crackable)|bullet-?proof|(?:military|bank)[- ]grade|impossible to (?:read|break|hack)|zero risk|risk-free|(?:GDPR|CCPA|DSGVO|HIPAA)[- ](?:compliant|konform)|compliant)\b/gi;
/** In what tells people how their data is treated, such a word would itself be a promise. */
const ABSOLUTE =
  /\b(?:never|always|completely|totally|absolutely|perfectly|entirely|impossible|forever|in no case|under no circumstances|100 ?%)/gi;

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file));
}

/** What a page shows of a template: without its comments and the names of things in it. */
const shownOf = (template: string): string => template.replace(/\{\{!--[^]*?--\}\}|\{\{![^}]*\}\}/g, '');

/** What stands in quotes in code, its comments left out. */
function saidIn(code: string): string {
  const plain = code.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...plain.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)].map(([, a, b]) => a ?? b).join('\n');
}

function foundBy(words: RegExp, files: string[]): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const said = file.endsWith('.ts') ? saidIn(text) : shownOf(text);
    return [...said.matchAll(words)].map(([word]) => `${file}: ${word}`);
  });
}

describe('the words of pages and documents', () => {
  it('[P7.2-d] promise on no page what nobody can keep, and call nothing compliant', () => {
    const pages = filesIn('views', /\.hbs$/);
    assert.ok(pages.length > 80);
    // What customers of shops ask, a warranty among it: examples, shown to nobody.
    const code = filesIn('src', /\.ts$/).filter((file) => file !== 'src/knowledge/vectors/examples.ts');
    assert.deepEqual(foundBy(PROMISES, [...pages, ...code]), []);
  });

  it('[P7.2-d] are no absolute ones where they say what is done with people’s data', () => {
    const documents = [...filesIn('views/privacy', /\.hbs$/), 'views/visitors/privacy.hbs', ...filesIn('src/privacy', /\.ts$/)];
    assert.ok(documents.length > 10);
    assert.deepEqual(foundBy(ABSOLUTE, documents), []);
  });

  it('are found where they stand', () => {
    assert.equal([...shownOf('<p>It is fully secure, GDPR-compliant and guaranteed.</p>').matchAll(PROMISES)].length, 3);
    assert.equal([...saidIn("/** Never. */ const says = 'We never sell.';").matchAll(ABSOLUTE)].length, 1);
  });
});
