/** JSON of what isn't known, to be kept; what is nested too deep for that is named as such. */
export function keptText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return '"(nested too deep to be kept as it came)"';
  }
}
