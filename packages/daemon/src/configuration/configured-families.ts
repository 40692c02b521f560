/** Which judges there are: the first two always, so that a missing key is seen; `compatible` where its model and address are configured. */
import { type Family, families } from "@aedev/core/wire";
import type { Configuration } from "./configuration-schema.ts";

export function configuredFamilies({ models, addresses }: Pick<Configuration, "models" | "addresses">): Family[] {
  return families.filter(
    (family) => family !== "compatible" || (models.compatible !== null && addresses.compatible !== null),
  );
}
