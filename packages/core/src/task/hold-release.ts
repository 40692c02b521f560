/** What lifting each hold means, and the command that helps. A hard gate is never lifted by a release: only by another change. */
import type { HoldCode } from "../wire/index.ts";

/** `back`: the held phase again. `new-run`: the coder starts afresh. `retry-only`: `hold release` is refused. `by-itself`: lifted by time or a probe, too. */
export type ReleaseRule = "back" | "new-run" | "retry-only" | "by-itself";

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
  "HOLD-RISK-HIGH": "back",
  "HOLD-REMOTE-WRITES-OFF": "back",
  "HOLD-BASE-MOVED": "new-run",
  "HOLD-EXTERNAL-STATE-UNKNOWN": "back",
  "HOLD-DOCKER-UNAVAILABLE": "by-itself",
  "HOLD-CLAUDE-DOCKER-IMAGE": "back",
  "HOLD-CLAUDE-AUTH-IN-DOCKER": "back",
  "HOLD-TOOLCHAIN": "new-run",
  "HOLD-FETCH-FAILED": "back",
  "HOLD-PREPARE-FAILED": "new-run",
  "HOLD-CODER-FAILED": "new-run",
  "HOLD-USAGE-LIMIT": "by-itself",
  "HOLD-BUDGET": "new-run",
  "HOLD-DISK-LOW": "back",
  "HOLD-CODER-TIMEOUT": "new-run",
  "HOLD-NO-PROGRESS": "new-run",
  "HOLD-QUESTION": "new-run",
};

export function releaseRule(code: HoldCode): ReleaseRule {
  return rules[code];
}

/** The command that helps with a hold, as text for a person. */
export function helpFor(hold: {
  code: HoldCode;
  hold_id: string;
  task_id: string;
  repository: string;
  mission_id: string;
  /** Id of the coder's question that the task is held for. */
  question: string | null;
  /** A judge was asked and gave no answer, so that it can be asked again. */
  judge_is_silent: boolean;
  /** URL or path that the repository was registered by. */
  source: string;
}): string {
  const release = `aedev hold release ${hold.hold_id}`;
  const settings = `aedev repo add ${shellWord(hold.source)} --name ${hold.repository}`;
  switch (hold.code) {
    case "HOLD-VALIDATOR-NOT-CONFIGURED":
      return `aedev secrets set AEDEV_OPENAI_API_KEY (or AEDEV_GEMINI_API_KEY), then ${release}`;
    case "HOLD-VALIDATOR-UNQUALIFIED":
      return `aedev judges show tells their record; once enough judges have a vote: ${release}`;
    case "HOLD-VALIDATOR-INCONCLUSIVE":
      return hold.judge_is_silent
        ? release
        : `a judge's answer stands for this change; another one: aedev task reject ${hold.task_id} --reason TEXT`;
    case "HOLD-CLAUDE-AUTH-IN-DOCKER":
      return `aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN, then ${release}`;
    case "HOLD-REMOTE-WRITES-OFF":
      return `${settings} --allow-writes, then ${release}`;
    case "HOLD-PREPARE-FAILED":
    case "HOLD-TOOLCHAIN":
      return `correct the settings (${settings} …), then aedev task retry ${hold.task_id}`;
    case "HOLD-DOCKER-UNAVAILABLE":
      return "start Docker (aedev doctor names what is missing); the task goes on by itself";
    case "HOLD-CLAUDE-DOCKER-IMAGE":
      return `./scripts/setup builds the image, then ${release}`;
    case "HOLD-QUESTION":
      return `aedev mission answer ${hold.mission_id} --answer ${hold.question ?? "QUESTION"}=TEXT`;
    case "HOLD-USAGE-LIMIT":
      return "nothing to do: it goes on by itself when the limit resets";
    default:
      return releaseRule(hold.code) === "retry-only" || releaseRule(hold.code) === "new-run"
        ? `aedev task retry ${hold.task_id}`
        : release;
  }
}

/** A word as a POSIX shell takes it: what a person copies must be one argument. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
