/** The last line of a set-up: the one command to type next, derived from the results of the steps. */
import { pushStep } from "./probes.ts";
import type { StepResult } from "./step.ts";

export function nextLines({ steps, started }: { steps: readonly StepResult[]; started: boolean }): string[] {
  const isMissing = (name: string) => steps.some((step) => step.name === name && step.status === "missing");
  // A run works without the phone.
  const failures = steps.filter(({ status }) => status === "failed");
  const failed = failures.find(({ name }) => name !== pushStep);
  if (failed !== undefined) return [`next: ${failed.help ?? "aedev doctor"}`];
  if (isMissing("docker") || isMissing("runner image")) return ["next: aedev setup"];
  if (isMissing("claude credential"))
    return ["next: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN   (claude setup-token prints its value)"];
  const asks = steps.some(({ when_missing }) => when_missing === "ask");
  for (const [name, secret] of [
    ["openai key", "AEDEV_OPENAI_API_KEY"],
    ["gemini key", "AEDEV_GEMINI_API_KEY"],
  ] as const)
    if (isMissing(name) && !asks)
      return [`next: aedev secrets set ${secret}   (without it: aedev init --yes --when-missing ask)`];
  if (failures.length > 0) return [`next: ${failures[0]?.help ?? "aedev doctor"}`];
  if (!started)
    return ["next: aedev init --yes --start   (starts the daemon and tries each credential with a real call)"];
  return [
    "next: aedev repo add PATH   (the folder or address of a repository; it asks what it needs)",
    "      without questions: aedev repo add PATH --allow-writes --profile balanced   (aedev may push there and merges low-risk changes)",
    "      Python, Go, Rust, Java, Ruby, PHP or make: add --yes, and aedev makes the image; another toolchain: --image IMAGE",
  ];
}
