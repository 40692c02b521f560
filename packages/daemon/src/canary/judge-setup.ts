/** The judges' set-up under which their record is counted: the current configuration, policy and prompt. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { judgePromptDigest } from "@aedev/contracts";
import type { JudgeSetup, Policy } from "@aedev/core";
import { productRoot } from "@aedev/host/product";
import { sha256 } from "@aedev/host/sha256";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import type { Judges } from "../control/parts.ts";

export function judgeSetup(
  { configuration, judgePromptDigest: promptDigest }: Omit<Judges, "policy">,
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
export function presentPromptDigest(): string {
  return judgePromptDigest(readFileSync(join(productRoot, "config/prompts/judge.md"), "utf8"), sha256);
}

/** The set-up for a client, with or without the daemon. Throws a Fault `config-invalid` if the daemon could not start either. */
export function readJudgeSetup(options: HomeOptions): JudgeSetup {
  const configuration = loadConfiguration(options);
  const { policy } = loadPolicy({ home: options.home });
  return judgeSetup({ configuration, judgePromptDigest: presentPromptDigest() }, policy);
}
