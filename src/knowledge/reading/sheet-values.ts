/** Values of spreadsheet cells as a person sees them. Pure. */

/** How a cell's number is shown. */
export type NumberFormat =
  | { kind: 'general' }
  | { kind: 'fixed'; decimals: number; sign: string; percent: boolean }
  | { kind: 'date'; day: boolean; time: boolean }
  /** Hours that may be more than a day. */
  | { kind: 'hours' };

export const GENERAL: NumberFormat = { kind: 'general' };
const DAY_MS = 24 * 3600_000;

/** The formats that every program knows by number alone. */
export function builtInFormat(id: number): NumberFormat {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58))
    return { kind: 'date', day: true, time: false };
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return { kind: 'date', day: false, time: true };
  if (id === 22) return { kind: 'date', day: true, time: true };
  if (id === 46) return { kind: 'hours' };
  const decimals = { 1: 0, 2: 2, 3: 0, 4: 2, 9: 0, 10: 2, 37: 0, 38: 0, 39: 2, 40: 2, 43: 2, 44: 2 }[id];
  return decimals === undefined ? GENERAL : { kind: 'fixed', decimals, sign: '', percent: id === 9 || id === 10 };
}

/** A format by its code: "yyyy-mm-dd", "#,##0.00 €", "0%". */
export function formatOfCode(code: string): NumberFormat {
  const [first = ''] = code.split(';');
  if (/\[h+\]/i.test(first)) return { kind: 'hours' };
  const bare = first.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '');
  const time = /[hs]/i.test(bare);
  const day = /[dy]/i.test(bare) || (/m/i.test(bare) && !time);
  if ((day || time) && !/general/i.test(bare)) return { kind: 'date', day, time };
  if (!/[0#]/.test(bare) || /[eE/]/.test(bare)) return GENERAL;
  const decimals = Math.min(10, /\.(0+)/.exec(bare)?.[1]?.length ?? 0);
  // "[$€-407]" is a currency with its country, "[$-407]" a country alone.
  const sign = /\[\$([^\]-]+)/.exec(first)?.[1] ?? /\p{Sc}/u.exec(first.replace(/\[[^\]]*\]/g, ''))?.[0] ?? '';
  return { kind: 'fixed', decimals, sign, percent: bare.includes('%') };
}

/** A number by its format. Dates are ISO, to the minute; `from1904` is how some Macs count days. */
export function numberText(value: number, format: NumberFormat, from1904: boolean): string {
  if (!Number.isFinite(value)) return '';
  // More than there are digits for, in any format.
  if (Math.abs(value) >= 1e15) return String(value);
  switch (format.kind) {
    case 'general':
      // Binary fractions: 0.1 + 0.2 is kept as 0.30000000000000004.
      return String(Number(value.toPrecision(15)));
    case 'fixed': {
      const text = (format.percent ? value * 100 : value).toFixed(format.decimals);
      return text + (format.percent ? ' %' : format.sign === '' ? '' : ` ${format.sign}`);
    }
    case 'date':
      return dateText(value, format, from1904);
    case 'hours': {
      const minutes = Math.round(value * 24 * 60);
      return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}`;
    }
  }
}

function dateText(days: number, { day, time }: { day: boolean; time: boolean }, from1904: boolean): string {
  // Excel counts a 29th of February 1900; from March on, days count from the 30th of December 1899.
  const begin = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const moment = new Date(begin + Math.round((days * DAY_MS) / 60_000) * 60_000);
  if (Number.isNaN(moment.getTime()) || days < 0) return String(days);
  const [date = '', clock = ''] = moment.toISOString().split('T');
  return [...(day ? [date] : []), ...(time ? [clock.slice(0, 5)] : [])].join(' ');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
