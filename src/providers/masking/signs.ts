/** Which sign stands for which text: the same through a whole conversation, so that what was sent before is sent alike again. */
import type { Workspace } from '../../workspace.ts';

interface Known {
  kind: string;
  n: number;
  digest: string;
}

const KNOWN = 'SELECT kind, n, digest FROM masked_values WHERE conversation_id = ? ORDER BY n';
const KEEP = 'INSERT INTO masked_values (conversation_id, kind, n, digest) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';

export class Signs {
  readonly #ws: Workspace;
  readonly #conversationId: number | null;
  readonly #signs = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  #known: Known[] | null = null;
  #fresh: Known[] = [];

  /** Null where nothing is to be remembered: signs then count from 1. */
  constructor(ws: Workspace, conversationId: number | null) {
    this.#ws = ws;
    this.#conversationId = conversationId;
  }

  /** The sign of a text; `[EMAIL_1]`. */
  signOf(kind: string, text: string): string {
    const key = `${kind} ${text}`;
    return this.#signs.get(key) ?? this.#add(key, `[${kind}_${this.#numberOf(kind, text)}]`, text);
  }

  /** The same for what stands in the instructions, which begin every request: counted by letters and remembered nowhere, so that they
   * are the same bytes in every conversation. */
  letteredSignOf(kind: string, text: string): string {
    const key = `${kind} ${text}`;
    const n = [...this.#signs.values()].filter((sign) => sign.startsWith(`[${kind}_`) && /_[A-Z]{1,2}\]$/.test(sign)).length;
    return this.#signs.get(key) ?? this.#add(key, `[${kind}_${lettersOf(n)}]`, text);
  }

  /** What stands behind a sign, however a model wrote it; undefined where nothing does. */
  textOf(sign: string): string | undefined {
    return this.#texts.get(sign.replaceAll('\\', '').toUpperCase());
  }

  /** Every sign that was given. */
  get all(): Iterable<string> {
    return this.#texts.keys();
  }

  /** Remembers the numbers that were given anew. What was said is kept nowhere beside the conversation itself. */
  keep(): void {
    const fresh = this.#fresh.splice(0);
    if (this.#conversationId === null || fresh.length === 0) return;
    this.#ws.write(() => {
      for (const { kind, n, digest } of fresh) this.#ws.prepare(KEEP).run(this.#conversationId, kind, n, digest);
    });
  }

  #add(key: string, sign: string, text: string): string {
    this.#signs.set(key, sign);
    this.#texts.set(sign, text);
    return sign;
  }

  #numberOf(kind: string, text: string): number {
    const known = (this.#known ??= this.#conversationId === null ? [] : (this.#ws.prepare(KNOWN).all(this.#conversationId) as Known[]));
    // By the workspace's key: there are few enough card numbers to try them all.
    const digest = this.#ws.hash('mask', String(this.#conversationId), text).toString('base64url').slice(0, 22);
    const same = known.find((each) => each.kind === kind && each.digest === digest);
    if (same) return same.n;
    const n = 1 + known.reduce((most, each) => (each.kind === kind ? Math.max(most, each.n) : most), 0);
    const made = { kind, n, digest };
    known.push(made);
    this.#fresh.push(made);
    return n;
  }
}

function lettersOf(n: number): string {
  const letter = String.fromCharCode(65 + (n % 26));
  return n < 26 ? letter : lettersOf(Math.floor(n / 26) - 1).slice(0, 1) + letter;
}
