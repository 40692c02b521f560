/** `aedev policy check`: checks the effective policy, or a file that would overlay it, and lists every problem by its path. */
import { resolve } from "node:path";
import { escapeLine } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";

export const verb: Verb = {
  summary: "Check the policy files; exit code 1 names each problem by its path.",
  options: [{ flags: "--policy <file>", summary: "check this overlay instead of the home's policies.yaml" }],
  examples: ["aedev policy check", "aedev policy check --policy ./policies.yaml"],
  async run({ home, entries }, input) {
    const file = input.text("policy");
    const daemon = await entries.daemon();
    const { digest, problems, warnings } = await daemon.checkPolicy({
      home,
      ...(file === undefined ? {} : { file: resolve(file) }),
    });
    const document = { ok: problems.length === 0, digest, problems, warnings };
    const valid = done(document, `the policy is valid: ${digest ?? "-"}`);
    if (problems.length === 0)
      return warnings.length === 0 ? valid : { ...valid, notice: warnings.map((text) => `aedev: ${text}`).join("\n") };
    const lines = problems.map((problem) => `  ${escapeLine(problem, 500)}`);
    const help = `  help: edit ${file ?? homeLayout(home).policies}`;
    return { ...done(document, ""), exit: 1, notice: ["aedev: the policy has problems", ...lines, help].join("\n") };
  },
};
