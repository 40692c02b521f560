/** The judges as configuration, policy and prompt make them now: what their record is counted under. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JudgeSetup, Policy } from "@aedev/core";
import { judgePromptDigest } from "@aedev/core/wire";
import type { Configuration } from "../configuration/configuration-schema.ts";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { sha256 } from "../log/stored-event.ts";
import { productRoot } from "../process/product-root.ts";

export function judgeSetup(
  { configuration, judgePromptDigest: promptDigest }: { configuration: Configuration; judgePromptDigest: string },
  { judges }: Policy,
): JudgeSetup {
  const { min_canaries, min_catch_permille } = judges;
  const models = configuredFamilies(configuration).flatMap((family) => {
    const model = configuration.models[family];
    return model === null ? [] : [[family, model] as const];
  });
  return { models: Object.fromEntries(models), promptDigest, bar: { min_canaries, min_catch_permille } };
}

/** Digest of the judges' prompt in this version of the product. */
export function presentPromptDigest(root: string): string {
  return judgePromptDigest(readFileSync(join(root, "config/prompts/judge.md"), "utf8"), sha256);
}

/** The same for a face beside the daemon, or without one. Throws a Fault CONFIG-INVALID where the daemon could not start either. */
export function readJudgeSetup(place: {
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}): JudgeSetup {
  const configuration = loadConfiguration({ root: productRoot, ...place });
  const { policy } = loadPolicy({ root: productRoot, home: place.home });
  return judgeSetup({ configuration, judgePromptDigest: presentPromptDigest(productRoot) }, policy);
}
