/** Loads the scorecard of risk from history, which is data of the product. */
import { join } from "node:path";
import { type Scorecard, scorecardSchema } from "@aedev/core";
import { productRoot } from "@aedev/host/product";
import { readYamlFile } from "./yaml-document.ts";

export function loadScorecard(): Scorecard {
  return scorecardSchema.parse(readYamlFile(join(productRoot, "config", "risk-scorecard.yaml")));
}
