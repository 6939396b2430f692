import type { Turn } from '../provider.ts';

/**
 * Turns as every host takes them: none empty, the customer's first, roles alternating. What one side said in a row is
 * joined; a greeting before the first question falls away.
 */
export function alternating(turns: readonly Turn[]): Turn[] {
  const result: Turn[] = [];
  for (const { role, text, pictures = [] } of turns) {
    const last = result.at(-1);
    if ((text.trim() === '' && pictures.length === 0) || (!last && role === 'assistant')) continue;
    if (last?.role === role) {
      last.text += `\n\n${text}`;
      if (pictures.length > 0) last.pictures = [...(last.pictures ?? []), ...pictures];
    } else result.push({ role, text, ...(pictures.length > 0 ? { pictures } : {}) });
  }
  return result;
}
