import type { FeedRules } from '../../db/schema/knowledge.ts';

/** The fields of an item that a column is chosen for. */
export const FIELDS = ['id', 'title', 'description', 'price', 'currency', 'stock', 'link'] as const;
export type FeedField = (typeof FIELDS)[number];

/** What shops call them, the likeliest first. Signs and the g: of Google's feeds don't count. */
const NAMES: Record<FeedField, string[]> = {
  id: ['id', 'sku', 'itemid', 'productid', 'articlenumber', 'code', 'gtin', 'ean', 'handle', 'variantssku'],
  title: ['title', 'name', 'productname', 'producttitle', 'itemtitle', 'product', 'article'],
  description: ['description', 'productdescription', 'longdescription', 'bodyhtml', 'body', 'summary', 'shortdescription', 'details'],
  price: ['price', 'saleprice', 'priceamount', 'pricevalue', 'variantsprice', 'offersprice', 'regularprice', 'unitprice', 'amount'],
  currency: ['currency', 'pricecurrency', 'currencycode', 'pricecurrencycode', 'offerspricecurrency'],
  stock: [
    'availability',
    'stock',
    'instock',
    'quantity',
    'inventory',
    'stockquantity',
    'inventoryquantity',
    'variantsinventoryquantity',
    'available',
    'variantsavailable',
    'offersavailability',
  ],
  link: ['link', 'url', 'producturl', 'productlink', 'permalink', 'href', 'onlinestoreurl'],
};

/** Chooses a column for each field by its name; null where none looks like it. */
export function guessColumns(columns: readonly string[]): Pick<FeedRules, FeedField> {
  const plain = columns.map((column) =>
    column
      .toLowerCase()
      .replace(/^g:/, '')
      .replace(/[^\p{L}\p{N}]/gu, ''),
  );
  const guess = (field: FeedField): string | null => {
    for (const name of NAMES[field]) {
      const place = plain.indexOf(name);
      if (place >= 0) return columns[place] ?? null;
    }
    return null;
  };
  return {
    ...{ id: guess('id'), title: guess('title'), description: guess('description'), price: guess('price') },
    ...{ currency: guess('currency'), stock: guess('stock'), link: guess('link') },
  };
}
