/**
 * Small businesses with what they know and what they are asked, made up for the benches: `grounded/NAME.LANG.md` is a text
 * as an owner would add it, `grounded/NAME.LANG.txt` a question a line:
 *
 *     + words of the answer :: question        its knowledge answers it
 *     ~ question                               near, but its knowledge doesn't say
 *     - question                               something else altogether
 *     > words of the answer :: one | and two   the last leans on what was said before
 *     ^ words of the answer :: one | two       the last speaks of something else
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../../src/workspace.ts';
import { addQuestions, addText } from '../../src/knowledge/index.ts';

const FOLDER = join(import.meta.dirname, 'grounded');
/** The café of the sample brings its own knowledge. */
const SAMPLE = join(import.meta.dirname, '../../src/sample/cafe-aurora');

export interface Answerable {
  question: string;
  /** Stands in the passage that answers it, and in those alone that say the same. */
  answer: string;
  language: string;
}

export interface Unanswerable {
  question: string;
  /** It speaks of what the business does, and isn't answered all the same. */
  near: boolean;
  language: string;
}

export interface Dialogue {
  turns: string[];
  answer: string;
  /** The last question can't be understood alone; else it begins a new subject. */
  leans: boolean;
  language: string;
}

export interface Business {
  name: string;
  answerable: Answerable[];
  unanswerable: Unanswerable[];
  dialogues: Dialogue[];
}

export function readBusinesses(): Business[] {
  const businesses = new Map<string, Business>();
  for (const file of readdirSync(FOLDER).sort()) {
    const [name = '', language = '', kind] = file.split('.');
    if (kind !== 'txt') continue;
    const business = businesses.get(name) ?? { name, answerable: [], unanswerable: [], dialogues: [] };
    businesses.set(name, business);
    for (const line of readFileSync(join(FOLDER, file), 'utf8').split('\n')) if (line !== '') take(business, language, line);
  }
  return [...businesses.values()];
}

function take(business: Business, language: string, line: string): void {
  const sign = line.charAt(0);
  const said = line.slice(2);
  const [answer = '', asked = ''] = said.split(' :: ');
  if (sign === '+') business.answerable.push({ question: asked, answer, language });
  else if (sign === '>' || sign === '^') business.dialogues.push({ turns: asked.split(' | '), answer, leans: sign === '>', language });
  else business.unanswerable.push({ question: said, near: sign === '~', language });
}

/** Adds what a business knows; it is found once it has been read. */
export function teach(ws: Workspace, { name }: Business): void {
  const texts = readdirSync(FOLDER).filter((file) => file.startsWith(`${name}.`) && file.endsWith('.md'));
  for (const file of texts) addTitled(ws, readFileSync(join(FOLDER, file), 'utf8'));
  if (texts.length > 0) return;
  for (const file of readdirSync(SAMPLE).filter((each) => each.endsWith('.md'))) addTitled(ws, readFileSync(join(SAMPLE, file), 'utf8'));
  const pairs = JSON.parse(readFileSync(join(SAMPLE, 'questions.json'), 'utf8')) as Record<string, [string, string][]>;
  for (const [language, some] of Object.entries(pairs))
    addQuestions(ws, { title: `Questions, ${language}`, pairs: some.map(([question, answer]) => ({ question, answer })), by: null });
}

/** Under its first heading, as an owner would. */
function addTitled(ws: Workspace, text: string): void {
  addText(ws, { title: /^# (.+)$/m.exec(text)?.[1] ?? '', text, by: null });
}
