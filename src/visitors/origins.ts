/** Whether a page may talk to a widget: our own pages may, and the websites that its owner listed. Nothing else. */
export function mayUse(origin: string | undefined, widget: { origins: ReadonlySet<string> }, isOwn: (origin: string) => boolean): boolean {
  // Browsers name the origin of every request that crosses origins and of every post. What names none is our own page
  // that fetches, or a program, which no such list could keep away.
  return origin === undefined || widget.origins.has(origin) || isOwn(origin);
}
