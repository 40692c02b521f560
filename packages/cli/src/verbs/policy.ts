/** `aedev policy`: checks the configuration files, and tries policies without using them. */

import { resolve } from "node:path";
import { escapeLine } from "@aedev/contracts";
import { done, usageFault } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { comparisonText, policyTestText, simulationText, suggestionsText } from "../render/policy-text.ts";

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

const policyOption = { flags: "--policy <file>", summary: "this overlay instead of the home's policies.yaml" };

/** The path of `--policy` under the name that the daemon's functions give it; empty without it. */
function policyGiven<Name extends string>(input: VerbInput, name: Name): Partial<Record<Name, string>> {
  const file = input.text("policy");
  return file === undefined ? {} : ({ [name]: resolve(file) } as Record<Name, string>);
}

const simulateVerb: Verb = {
  summary:
    "Recompute the recorded decisions with other weights, bounds or profiles, and list what would differ. The last decision on each change counts; holds and findings that are always asked about stay. Nothing changes.",
  options: [
    policyOption,
    { flags: "--since <when>", summary: "only decisions since a date or for so long, such as 2026-11-01 or 30d" },
  ],
  examples: [
    "aedev policy simulate --policy ./policies.yaml",
    "aedev policy simulate --policy ./policies.yaml --since 30d",
  ],
  async run({ home, entries }, input) {
    requireHome(home);
    const when = input.text("since");
    const since = when === undefined ? {} : { since: instantOf(when) };
    const daemon = await entries.daemon();
    const simulation = await daemon.simulatePolicy({ home, ...policyGiven(input, "file"), ...since });
    return done(simulation, simulationText(simulation));
  },
};

/** A date or an instant as it is, a duration as the instant that long ago. */
function instantOf(when: string): string {
  if (!/^\d{4}-/.test(when)) return new Date(Date.now() - durationOption(when, "--since")).toISOString();
  const ms = Date.parse(when);
  if (Number.isNaN(ms)) throw usageFault(`--since wants a date or a duration, not "${when}"`, "--since 2026-11-01");
  return new Date(ms).toISOString();
}

const diffVerb: Verb = {
  summary:
    "Compare two policies: the keys that differ, and each signal to which they give different answers, alone and beside the best clean change, under each profile.",
  arguments: [
    { name: "<first>", summary: "a policy file, or shipped" },
    { name: "<second>", summary: "a policy file, or shipped" },
  ],
  examples: ["aedev policy diff shipped ~/.aedev/policies.yaml", "aedev policy diff old.yaml new.yaml --json"],
  async run({ home, entries }, input) {
    const [first, second] = [0, 1].map((index) => {
      const name = input.argument(index);
      return name === "shipped" ? name : resolve(name);
    });
    const comparison = await (await entries.daemon()).comparePolicies({
      home,
      first: first ?? "",
      second: second ?? "",
    });
    return done(comparison, comparisonText(comparison));
  },
};

const testVerb: Verb = {
  summary:
    "Check the policy against your cases in the home's policies.test.yaml (docs/RISK.md has a sample); exit code 1 names each case that fails.",
  arguments: [{ name: "[file]", summary: "the cases, instead of those in the home" }],
  options: [policyOption],
  examples: ["aedev policy test", "aedev policy test ./policies.test.yaml --policy ./policies.yaml"],
  async run({ home, entries }, input) {
    const [file] = input.arguments();
    const given = { ...policyGiven(input, "policy"), ...(file === undefined ? {} : { file: resolve(file) }) };
    const tested = await (await entries.daemon()).testPolicy({ home, ...given });
    const isPassed = tested.cases.every(({ answer, expect }) => answer === expect);
    return { ...done({ ok: isPassed, ...tested }, policyTestText(tested)), exit: isPassed ? 0 : 1 };
  },
};

const suggestVerb: Verb = {
  summary:
    "Show what you are asked about in vain: how often you approved a change as it was, by reason. From 20 cases on it suggests a lower weight, or a kind of change that merges in a repository, if your answers contradict the estimated chance of harm at 95 %. Nothing changes until you run the printed command.",
  examples: ["aedev policy suggest", "aedev policy suggest --json"],
  async run({ home, entries }) {
    requireHome(home);
    const found = await (await entries.daemon()).suggestPolicy({ home });
    return done(found, suggestionsText(found));
  },
};

export const verbs = {
  check: checkVerb,
  simulate: simulateVerb,
  suggest: suggestVerb,
  diff: diffVerb,
  test: testVerb,
};
