import type { Counts } from './http-ai.ts';

/** Tokens are four characters; a prefix of 1,024 or more that was sent before counts as cached, in steps of 128. */
export class PromptCache {
  #known = '';

  count(prompt: string): Omit<Counts, 'output'> {
    let same = 0;
    while (same < prompt.length && prompt[same] === this.#known[same]) same++;
    const input = Math.ceil(prompt.length / 4);
    const shared = Math.floor(same / 4);
    const cached = shared >= 1024 ? Math.floor(shared / 128) * 128 : 0;
    this.#known = prompt;
    return { input, cached, written: input >= 1024 ? Math.max(0, Math.floor(input / 128) * 128 - cached) : 0 };
  }
}
