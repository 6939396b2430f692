/** When it opens, in words. */
const WEEK_MS = 6 * 24 * 3600_000;

/** "Monday 09:00"; from a week on with its date. */
export function openingText(language: string, timezone: string, now: number, at: number): string {
  const near = at - now < WEEK_MS;
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone,
    ...(near ? {} : { day: 'numeric', month: 'long' }),
  }).format(at);
}
