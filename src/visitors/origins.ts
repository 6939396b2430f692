/** Whether a page may talk to a widget: our own pages may, and the websites that its owner listed. Nothing else. */
export function mayUse(origin: string | undefined, widget: { origins: string }, ownOrigins: readonly string[]): boolean {
  // Browsers name the origin of every request that crosses origins and of every post. What names none is our own page
  // that fetches, or a program, which no such list could keep away.
  if (origin === undefined) return true;
  return ownOrigins.includes(origin) || widget.origins.split('\n').includes(origin);
}
