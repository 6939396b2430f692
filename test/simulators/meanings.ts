/**
 * Vectors of a made-up embedding model: texts that say the same are near each other, in whatever language they say it. It
 * knows the few words below; any other stands for itself alone.
 */

/** Words of one meaning, by their beginnings. */
const CONCEPTS: readonly string[] = [
  'open geöffnet öffnungs offen ouvert ouvrez abierto открыт 营业',
  'sunday sonntag dimanche domingo воскрес 星期天',
  'dog hund chien perro собак',
  'return zurückgeb rückgabe retour devolver возврат',
  'days tage jours días дней',
  'deliver liefer versand livraison envío доставк',
  'cost kostet preis coûte prix cuesta price стоит',
  'welcome willkommen bienvenu',
  'gluten glutenfrei sans-gluten',
  'park parkplatz parking stationn парков 停车',
  'pay zahl payer paiement pagar платить card karte carte',
  'book buch reserv réserv 预约 appointment termin',
  'guarantee garantie garantía warranty',
  'cake torte kuchen gâteau pastel торт',
  'vegan végan vegetarian',
  'voucher gutschein bon-cadeau',
  'walnut walnüss noix nuss nuts',
];

/** What every text has in common with every other, as real models have it. */
const SHARED = 0.6;
const known = new Map<string, Float32Array>();

/** A vector of length 1. */
export function meaningOf(text: string, dimensions: number): Float32Array {
  const sum = direction('', dimensions).map((value) => value * SHARED);
  for (const concept of conceptsIn(text)) direction(concept, dimensions).forEach((value, at) => (sum[at] = (sum[at] ?? 0) + value));
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

function conceptsIn(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{Script=Han}]+|[\p{L}\p{N}-]{4,}|[\p{Lu}\p{L}]{3}(?=\W|$)/gu) ?? [];
  return new Set(words.map((word) => CONCEPTS.find((line) => line.split(' ').some((beginning) => word.includes(beginning))) ?? word));
}

/** A direction of its own for each concept, the same on every machine. */
function direction(concept: string, dimensions: number): Float32Array {
  const key = `${dimensions} ${concept}`;
  const before = known.get(key);
  if (before) return before;
  let seed = 2_166_136_261;
  for (const letter of concept) seed = Math.imul(seed ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  const chance = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return (seed >>> 0) / 2 ** 32;
  };
  const made = Float32Array.from({ length: dimensions }, () => chance() + chance() + chance() + chance() - 2);
  const length = Math.hypot(...made);
  known.set(
    key,
    made.map((value) => value / length),
  );
  return direction(concept, dimensions);
}
