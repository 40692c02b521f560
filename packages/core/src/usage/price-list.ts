/** The price list: prices by model name. A model that is not listed has an unknown price, never a price of zero. */

import type { ModelPrice } from "@aedev/contracts";

/** A listed price with its source (a URL) and the day on which it was read there. */
export interface ListedPrice {
  readonly price: ModelPrice;
  readonly source: string;
  readonly date: string;
}
/** Prices by model. */
export type PriceList = Readonly<Record<string, ListedPrice>>;
/** The date that vendors append to a model's name: `-20250929` or `-2025-11-13`. */
const dateSuffix = /-20\d{2}-?\d{2}-?\d{2}$/;

/** The price of a model by its name, with or without the date at its end; undefined: not known. */
export function priceOf(prices: PriceList, model: string): ModelPrice | undefined {
  for (const name of [model, model.replace(dateSuffix, "")])
    if (Object.hasOwn(prices, name)) return prices[name]?.price;
  return undefined;
}
