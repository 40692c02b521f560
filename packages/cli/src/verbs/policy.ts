/** `aedev policy`: checks the configuration files. */

import { resolve } from "node:path";
import { escapeLine } from "@aedev/contracts";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";

const checkVerb: Verb = {
  summary:
    "Check config.yaml, policies.yaml, prices.yaml and the environment; exit code 1 names each problem by its file and path.",
  options: [{ flags: "--policy <file>", summary: "check only this overlay instead of the home's policies.yaml" }],
  examples: ["aedev policy check", "aedev policy check --policy ./policies.yaml"],
  async run({ home, environment, entries }, input) {
    const file = input.text("policy");
    const daemon = await entries.daemon();
    const { digest, problems, helps, warnings } = await daemon.checkPolicy({
      home,
      environment,
      ...(file === undefined ? {} : { file: resolve(file) }),
    });
    const document = { ok: problems.length === 0, digest, problems, warnings };
    const what = file === undefined ? "configuration, policy and prices are valid; policy" : "the policy is valid:";
    const valid = done(document, `${what} ${digest ?? "-"}`);
    if (problems.length === 0)
      return warnings.length === 0 ? valid : { ...valid, notice: warnings.map((text) => `aedev: ${text}`).join("\n") };
    const wrong = file === undefined ? "the daemon would not start" : "the policy has problems";
    const lines = [...problems.map((text) => `  ${escapeLine(text, 500)}`), ...helps.map((help) => `  help: ${help}`)];
    return { ...done(document, ""), exit: 1, notice: [`aedev: ${wrong}`, ...lines].join("\n") };
  },
};

export const verbs = { check: checkVerb };
