/** What releasing each hold does, and the command that helps. A hard gate can't be released: it needs another change. */

import type { HoldCode } from "@aedev/contracts";
import { shellWord } from "@aedev/contracts";

/** `back`: the held phase is repeated. `gate`: the gate decides again. `new-run`: a new run starts. `retry-only`: `hold release` is refused. `automatic`: time or a probe also releases it. */
export type ReleaseRule = "back" | "gate" | "new-run" | "retry-only" | "automatic";

const rules: Record<HoldCode, ReleaseRule> = {
  "HOLD-SECRET": "retry-only",
  "HOLD-FORBIDDEN-PATH": "retry-only",
  "HOLD-PATCH-UNSAFE": "retry-only",
  "HOLD-CHECKS-FAILED": "retry-only",
  "HOLD-EVIDENCE-INCOMPLETE": "retry-only",
  "HOLD-VALIDATOR-NOT-CONFIGURED": "back",
  "HOLD-VALIDATOR-UNQUALIFIED": "back",
  "HOLD-VALIDATOR-FAIL": "retry-only",
  "HOLD-VALIDATOR-DISAGREEMENT": "retry-only",
  "HOLD-VALIDATOR-INCONCLUSIVE": "back",
  "HOLD-VALIDATOR-UNAVAILABLE": "automatic",
  "HOLD-RISK-HIGH": "back",
  "HOLD-REMOTE-WRITES-OFF": "gate",
  "HOLD-BASE-MOVED": "new-run",
  "HOLD-REVERT": "new-run",
  "HOLD-REMOTE-REFUSED": "back",
  "HOLD-SIGNING-FAILED": "back",
  "HOLD-EXTERNAL-STATE-UNKNOWN": "automatic",
  "HOLD-DOCKER-UNAVAILABLE": "automatic",
  "HOLD-CLAUDE-DOCKER-IMAGE": "back",
  "HOLD-CLAUDE-AUTH-IN-DOCKER": "back",
  "HOLD-TOOLCHAIN": "new-run",
  "HOLD-FETCH-FAILED": "automatic",
  "HOLD-PREPARE-FAILED": "new-run",
  "HOLD-CODER-UNAVAILABLE": "automatic",
  "HOLD-CODER-FAILED": "new-run",
  "HOLD-USAGE-LIMIT": "automatic",
  "HOLD-BUDGET": "new-run",
  "HOLD-STOPPED": "new-run",
  "HOLD-DISK-LOW": "automatic",
  "HOLD-CODER-TIMEOUT": "new-run",
  "HOLD-NO-PROGRESS": "new-run",
  "HOLD-QUESTION": "new-run",
};

/** How a hold with this code can end. */
export function releaseRule(code: HoldCode): ReleaseRule {
  return rules[code];
}

/** The command that shows the cause of a hold that came back after each probe. */
function causeCommand({ code, repository }: { code: HoldCode; repository: string }): string {
  if (code === "HOLD-DISK-LOW") return "aedev gc";
  const isRemote = code === "HOLD-FETCH-FAILED" || code === "HOLD-EXTERNAL-STATE-UNKNOWN";
  return isRemote ? `aedev repo show ${repository}` : "aedev doctor";
}

/** The command that helps with a hold, as text for a person. */
export function helpFor(hold: {
  code: HoldCode;
  hold_id: string;
  task_id: string;
  repository: string;
  mission_id: string;
  /** Id of the open question of the coder; null if there is none. */
  question: string | null;
  /** True: a person decided to keep tests that the request breaks. */
  keeps_tests?: boolean;
  /** True: a judge was asked and gave no answer, so it can be asked again. */
  judge_is_silent: boolean;
  /** True: probes have released such a hold of the task too often. */
  stays?: true | undefined;
  /** The URL or path that the repository was registered with. */
  source: string;
}): string {
  const release = `aedev hold release ${hold.hold_id}`;
  if (hold.stays === true) return `${causeCommand(hold)} && ${release}`;
  const settings = `aedev repo add ${shellWord(hold.source)} --name ${hold.repository}`;
  switch (hold.code) {
    case "HOLD-VALIDATOR-NOT-CONFIGURED":
      return `with the key of a judge that has none: aedev secrets set AEDEV_OPENAI_API_KEY && ${release}; to decide without it yourself, after a new run: aedev init --yes --when-missing ask && aedev task retry ${hold.task_id}`;
    case "HOLD-VALIDATOR-UNQUALIFIED":
      return `once enough judges have a vote: aedev judges show && ${release}`;
    case "HOLD-VALIDATOR-INCONCLUSIVE":
      return hold.judge_is_silent
        ? release
        : `a judge's answer is final for this change; to get another change: aedev task send-back ${hold.task_id} --reason TEXT`;
    case "HOLD-VALIDATOR-UNAVAILABLE":
      return "nothing to do: the task continues automatically once the judge's vendor answers; if it does not: aedev doctor";
    case "HOLD-CODER-UNAVAILABLE":
      return "nothing to do: the task continues automatically once the coder's model vendor answers; if it does not: aedev doctor";
    case "HOLD-CLAUDE-AUTH-IN-DOCKER":
      return `aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN && ${release}`;
    case "HOLD-REMOTE-WRITES-OFF":
      return `${settings} --allow-writes && ${release}`;
    case "HOLD-REMOTE-REFUSED":
      return `do what the detail names, or allow it at the remote (a hook, a protected branch or missing rights refused it); if it wants other words in the commit, the same change lands with them: ${settings} --commit-template 'Refs #12'; then: ${release}`;
    case "HOLD-SIGNING-FAILED":
      return `to see what is wrong with the key: aedev doctor && ${release}`;
    case "HOLD-PREPARE-FAILED":
    case "HOLD-TOOLCHAIN":
      return `correct the settings: ${settings} && aedev task retry ${hold.task_id}`;
    case "HOLD-DOCKER-UNAVAILABLE":
      return "start Docker, and the task continues automatically; what is missing: aedev doctor";
    case "HOLD-FETCH-FAILED":
      return `nothing to do if the remote is only away, because the task continues automatically once it answers; whether its address is right: aedev repo show ${hold.repository}`;
    case "HOLD-EXTERNAL-STATE-UNKNOWN":
      return `nothing to do if the remote is only away, because aedev asks again automatically once it answers; whether its address is right: aedev repo show ${hold.repository}`;
    case "HOLD-DISK-LOW":
      return "the task continues automatically once there is room: aedev gc";
    case "HOLD-CLAUDE-DOCKER-IMAGE":
      return `aedev setup && ${release}`;
    case "HOLD-SECRET":
      return `if the branch has the secret, first remove it there; if the mission has it, cancel the mission; else: aedev task retry ${hold.task_id}`;
    case "HOLD-REVERT":
      return `aedev task reject ${hold.task_id}, then say what to undo: aedev intake TEXT; if the branch has changed since: aedev task retry ${hold.task_id}`;
    case "HOLD-CHECKS-FAILED":
      return hold.keeps_tests === true
        ? `to ask for something that keeps the test: aedev task send-back ${hold.task_id} --reason TEXT; to give it up: aedev task reject ${hold.task_id}`
        : `aedev task retry ${hold.task_id}`;
    case "HOLD-QUESTION":
      return `aedev mission answer ${hold.mission_id} --answer ${hold.question ?? "QUESTION"}=TEXT`;
    case "HOLD-BUDGET":
      return `to see which budget is used up, and to raise it, which releases the hold: aedev budget show && aedev budget raise KEY AMOUNT; after another limit was raised: aedev task retry ${hold.task_id}`;
    case "HOLD-STOPPED":
      return "aedev resume";
    case "HOLD-USAGE-LIMIT":
      return "nothing to do: the task continues automatically when the limit resets";
    default:
      return releaseRule(hold.code) === "retry-only" || releaseRule(hold.code) === "new-run"
        ? `aedev task retry ${hold.task_id}`
        : release;
  }
}
