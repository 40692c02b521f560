/** The line that a set-up ends with: the one command to type next, derived from what the steps found. */
import { pushStep } from "./probes.ts";
import type { StepResult } from "./step.ts";

export function nextLines({ steps, started }: { steps: readonly StepResult[]; started: boolean }): string[] {
  const lacking = (name: string) => steps.some((step) => step.name === name && step.status === "missing");
  // A run can do without the phone.
  const failures = steps.filter(({ status }) => status === "failed");
  const failed = failures.find(({ name }) => name !== pushStep);
  if (failed !== undefined) return [`next: ${failed.help ?? "aedev doctor"}`];
  if (lacking("docker") || lacking("runner image")) return ["next: ./scripts/setup"];
  if (lacking("claude credential"))
    return ["next: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN   (claude setup-token prints its value)"];
  const asks = steps.some(({ when_missing }) => when_missing === "ask");
  for (const [name, secret] of [
    ["openai key", "AEDEV_OPENAI_API_KEY"],
    ["gemini key", "AEDEV_GEMINI_API_KEY"],
  ] as const)
    if (lacking(name) && !asks)
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
