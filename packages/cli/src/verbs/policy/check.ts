/** `aedev policy check`: whether the effective policy, or a file that would overlay it, is valid; every problem by its path. */
import { resolve } from "node:path";
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { done } from "../../answer.ts";
import type { Verb } from "../../verb.ts";

const problemSchema = z.union([z.string(), z.looseObject({ path: z.string(), message: z.string() })]);

export const verb: Verb = {
  summary: "Check the policy files; exit code 1 names each problem by its path.",
  options: [{ flags: "--policy <file>", summary: "check this overlay instead of the home's policies.yaml" }],
  examples: ["aedev policy check", "aedev policy check --policy ./policies.yaml"],
  async run({ home, entries }, input) {
    const file = input.text("policy");
    const result = await (await entries.daemon()).checkPolicy({
      home,
      ...(file === undefined ? {} : { file: resolve(file) }),
    });
    const problems = result.problems.map((problem) => problemText(problemSchema.parse(problem)));
    const document = { ok: problems.length === 0, digest: result.digest, problems };
    if (problems.length === 0) return done(document, `the policy is valid: ${result.digest ?? "-"}`);
    const lines = problems.map((problem) => `  ${escapeLine(problem, 500)}`);
    return {
      ...done(document, ""),
      exit: 1,
      notice: ["aedev: the policy has problems", ...lines, `  help: edit ${file ?? `${home}/policies.yaml`}`].join(
        "\n",
      ),
    };
  },
};

function problemText(problem: z.infer<typeof problemSchema>): string {
  if (typeof problem === "string") return problem;
  return problem.path === "" ? problem.message : `${problem.path}: ${problem.message}`;
}
