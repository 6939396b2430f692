/** Decimal money as people write it ("2.50", "0,15") in micro-units, exactly; null for anything else. */
export function microsOf(text: string): number | null {
  const [, whole, part = ''] = /^(\d{1,6})(?:[.,](\d{1,6}))?$/.exec(text.trim()) ?? [];
  return whole === undefined ? null : Number(whole + part.padEnd(6, '0'));
}
