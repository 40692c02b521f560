/** Loads the price list: the shipped file, overridden by the operator's `prices.yaml`. Core has the rules; this file handles only files and names. */
import { join } from "node:path";
import { mergePrices } from "@aedev/core";
import type { PriceList } from "@aedev/core/reading";
import { homeLayout } from "@aedev/host/home-layout";
import { productRoot } from "@aedev/host/product";
import { invalidDocument, readYamlFile } from "./yaml-document.ts";

/** Throws a Fault `config-invalid` with file and key path. */
export function loadPrices({ home }: { home: string }): PriceList {
  const shippedFile = join(productRoot, "config", "prices.yaml");
  const operatorFile = homeLayout(home).prices;
  const merged = mergePrices(readYamlFile(shippedFile), readYamlFile(operatorFile));
  if (merged.kind === "prices") return merged.prices;
  throw invalidDocument(merged.layer === "shipped" ? shippedFile : operatorFile, merged.problems);
}
