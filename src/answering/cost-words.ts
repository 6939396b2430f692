import { moneyText } from '../web/formats.ts';

/** " It cost €0.0021.", for the end of what is told; '' where it cost nothing, or its price isn't known. */
export function costWords({ micros, currency }: { micros: number | null; currency: string | null }): string {
  return micros && currency !== null ? ` It cost ${moneyText(micros, currency)}.` : '';
}
