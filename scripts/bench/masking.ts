/** What masking adds to an answer's first token: measured by itself, since a machine's own noise is larger. */
import { publishDraft, saveDraft } from '../../src/bots/index.ts';
import { Masker, type AnswerRequest, type MaskRules } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import { percentile } from './http-load.ts';
import { sentence } from './knowledge.ts';

const RULES: MaskRules = { email: true, phone: true, patterns: [{ name: 'Customer number', pattern: '\\bKD-\\d{6}\\b' }] };
const WARM_UP = 300;
const MEASURED = 1000;
export const DETAILS = 'I am leyla@example.com, +49 170 1234567, KD-123456, card 4111 1111 1111 1111.';

/** Every bot takes out everything that there is to be taken out. */
export function maskAll(ws: Workspace): void {
  for (const botId of ws.prepare('SELECT id FROM bots').pluck().all() as number[]) {
    saveDraft(ws, { botId, changes: { masking: { ...RULES, patterns: [...RULES.patterns] } }, userId: null });
    publishDraft(ws, { botId, userId: null });
  }
}

/** ms to mask a request of usual size, some 20,000 characters: instructions, six passages, twenty turns. */
export function timeMasking(ws: Workspace): { maskingP50: number; maskingP95: number } {
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + MEASURED; n++) {
    const request = requestOf(n);
    const began = performance.now();
    new Masker(ws, RULES, 1).request(request);
    if (n >= WARM_UP) times.push(performance.now() - began);
  }
  return { maskingP50: percentile(times, 0.5), maskingP95: percentile(times, 0.95) };
}

function requestOf(n: number): AnswerRequest {
  const turns = Array.from({ length: 20 }, (_, at): AnswerRequest['turns'][number] => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    text: `${sentence(70)} ${at % 8 === 0 ? DETAILS : `Order ${n}${at}`}`,
  }));
  const context = Array.from({ length: 6 }, () => `${sentence(180)}. Write to desk@aurora.example or call +49 30 901820.`).join('\n\n');
  const rest = { passages: [], maxTokens: 1, temperature: null, cacheKey: 'k', language: 'en' as const };
  return { model: 'm', system: sentence(300), context, turns, ...rest };
}
