/** As if so many more stood there that don't have it: without them, all that a single chunk says would count for nothing. */
const OTHERS = 5;

/** How much it tells that something has what `count` of `total` have: inverse document frequency, above 0. */
export function rarity(count: number, total: number): number {
  return Math.log(1 + (Math.max(total, count) + OTHERS - count + 0.5) / (count + 0.5));
}
