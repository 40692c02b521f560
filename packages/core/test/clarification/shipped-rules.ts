/** The words and weights that aedev ships, for tests of what a real mission is asked. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { policySourceSchema } from "../../src/gate/policy/policy-schema.ts";
import type { ClarificationRules } from "../../src/model/clarification-rules.ts";

const path = resolve(import.meta.dirname, "../../../../config/policies.yaml");
export const shippedRules: ClarificationRules = policySourceSchema.parse(
  parse(readFileSync(path, "utf8")),
).clarification;
