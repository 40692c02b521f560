/** The words and weights that aedev ships. Tests of the questions to real missions use them. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { clarificationRulesSchema } from "@aedev/contracts";
import { parse } from "yaml";

const path = resolve(import.meta.dirname, "../../../config/policies.yaml");
export const shippedRules = clarificationRulesSchema.parse(parse(readFileSync(path, "utf8")).clarification);
