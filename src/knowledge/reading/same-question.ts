/** Two questions are one when they differ by capitals and blanks alone. */
export function sameAs(question: string): string {
  return question.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
