/** Takes out of a request what isn't meant for a provider, and puts it back into what comes. */
import type { Workspace } from '../../workspace.ts';
import type { AnswerRequest, ToolCall, ToolRound } from '../provider.ts';
import { findMarks, kindsOf, signsOf, type MaskRules } from './find-marks.ts';
import { Signs } from './signs.ts';

type Sent = 'model' | 'language' | 'maxTokens' | 'temperature' | 'cacheKey' | 'mustAnswer';
/** `passages` isn't for those who are far: their text stands in `context`. */
type Seen = 'system' | 'tools' | 'context' | 'turns' | 'rounds' | 'passages';
/** A part that is added to requests doesn't compile in `request` until somebody has said here what becomes of it. */
type Unsaid = Record<Exclude<keyof AnswerRequest, Sent | Seen>, never>;

/** What a schema is made of, besides what it says to the model. */
const OF_SCHEMAS = new Set(['name', 'type', 'required', 'pattern', 'format', '$ref']);

/** What a turn is made of, besides what is said in it. */
const OF_TURNS = new Set(['role', 'mime', 'id']);

export class Masker {
  readonly #rules: MaskRules;
  readonly #pattern: RegExp;
  readonly #signs: Signs;
  /** What was masked already: the same request is shown on a page and sent, perhaps to several models. */
  readonly #done = new Map<string, string>();

  /** For one conversation, null for texts that stand by themselves. */
  constructor(ws: Workspace, rules: MaskRules, conversationId: number | null) {
    this.#rules = rules;
    this.#pattern = signsOf(kindsOf(rules));
    this.#signs = new Signs(ws, conversationId);
  }

  /** A request as it is sent. It says what signs are, where it holds any. */
  request(request: AnswerRequest): AnswerRequest {
    const system = this.#mask(request.system, true);
    const masked: AnswerRequest & Unsaid = {
      ...request,
      system,
      context: this.text(request.context),
      turns: request.turns.map((turn) => this.#everyText(turn, { but: OF_TURNS })),
      passages: [],
      ...(request.tools ? { tools: request.tools.map((tool) => this.#everyText(tool, { lettered: true, but: OF_SCHEMAS })) } : {}),
      ...(request.rounds ? { rounds: request.rounds.map((round) => this.#round(round)) } : {}),
    };
    const [example] = this.#signs.all;
    return example === undefined ? masked : { ...masked, context: [masked.context, aboutSigns(example)].filter(Boolean).join('\n\n') };
  }

  text(text: string): string {
    return this.#mask(text, false);
  }

  /** With what was taken out back in its place. */
  restore(text: string): string {
    return this.any ? text.replace(this.#pattern, (sign) => this.#signs.textOf(sign) ?? sign) : text;
  }

  /** The arguments of a call with what was taken out. They are JSON: what is put back must not end a string in it. */
  restoreCall(call: ToolCall): ToolCall {
    const quoted = (sign: string): string => JSON.stringify(this.#signs.textOf(sign) ?? sign).slice(1, -1);
    // A line that was escaped for Markdown is no JSON: that is mended on the way.
    return this.any ? { ...call, input: call.input.replace(this.#pattern, (sign) => quoted(sign.replaceAll('\\', ''))) } : call;
  }

  /** Whether anything was taken out so far. */
  get any(): boolean {
    for (const _ of this.#signs.all) return true;
    return false;
  }

  /** Whether a text that begins with a bracket may yet become one of the signs given. */
  mayBecomeSign(text: string): boolean {
    const begun = text.replaceAll('\\', '').toUpperCase();
    for (const sign of this.#signs.all) if (sign.startsWith(begun)) return true;
    return false;
  }

  /** Remembers the signs of this conversation. Outside of transactions. */
  keep(): void {
    this.#signs.keep();
  }

  #mask(text: string, lettered: boolean): string {
    const known = this.#done.get(text);
    if (known !== undefined) return known;
    let masked = '';
    let from = 0;
    for (const { start, end, kind } of findMarks(text, this.#rules, this.#pattern)) {
      const original = text.slice(start, end);
      masked += text.slice(from, start) + (lettered ? this.#signs.letteredSignOf(kind, original) : this.#signs.signOf(kind, original));
      from = end;
    }
    masked = from === 0 ? text : masked + text.slice(from);
    this.#done.set(text, masked);
    return masked;
  }

  /** Wherever it stands: what somebody adds to a turn is masked before they think of it. */
  #everyText<T>(value: T, { lettered = false, but }: { lettered?: boolean; but?: ReadonlySet<string> } = {}): T {
    return walk(value, (text) => this.#mask(text, lettered), but) as T;
  }

  #round({ text, calls, results, kept }: ToolRound): ToolRound {
    return {
      text: this.text(text),
      calls: calls.map((call) => ({ ...call, input: this.#json(call.input) })),
      results: results.map((result) => ({ ...result, text: this.#json(result.text) })),
      kept,
    };
  }

  /** JSON is read first: an escaped letter hides nothing. */
  #json(text: string): string {
    let parsed: unknown;
    try {
      parsed = /^\s*[[{"]/.test(text) ? JSON.parse(text) : undefined;
    } catch {
      parsed = undefined;
    }
    if (typeof parsed !== 'object' || parsed === null) return this.text(text);
    const plain = JSON.stringify(parsed);
    const masked = JSON.stringify(walk(parsed, (each) => this.text(each)));
    return masked === plain ? this.text(text) : masked;
  }
}

/** Without `but`, names and numbers are looked at, too: what came from elsewhere may hold anything anywhere. */
function walk(value: unknown, mask: (text: string) => string, but?: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value === 'number') {
    const masked = but ? '' : mask(String(value));
    return masked === '' || masked === String(value) ? value : masked;
  }
  if (Array.isArray(value)) return value.map((each) => walk(each, mask, but));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [but ? name : mask(name), but?.has(name) ? each : walk(each, mask, but)]),
  );
}

function aboutSigns(example: string): string {
  return `Signs like ${example} stand for details that were taken out of these texts. Where you need one, write its sign exactly as it stands.`;
}
