/** Lists the judges: always the first two, so that a missing key is noticed, and `compatible` if its model and address are configured. */
import { type Family, families } from "@aedev/contracts";
import type { Configuration } from "./configuration-schema.ts";

export function configuredFamilies({ models, addresses }: Pick<Configuration, "models" | "addresses">): Family[] {
  return families.filter(
    (family) => family !== "compatible" || (models.compatible !== null && addresses.compatible !== null),
  );
}
