/**
 * What each hold means and what usually helps, in words. docs/ERRORS.md shows them as a table.
 *
 * Folder: what each hold and each reason of the gate means, and what usually helps.
 */
import type { HoldCode } from "../hold-code.ts";
import { shellWord } from "../shell-word.ts";

/** The placeholders `<hold>`, `<task>`, `<mission>`, `<question>`, `<source>` and `<name>` are filled with values of the hold (`filled`). */
export interface Meaning {
  readonly means: string;
  readonly helps: string;
}

/** The meaning of every hold, in order of precedence. */
export const holdMeanings: Readonly<Record<HoldCode, Meaning>> = {
  "HOLD-SECRET": {
    means:
      "The change contains what looks like a secret, and no judge saw it; or a text for the coder does (a file such as CLAUDE.md on the branch), and the coder got nothing. The detail says where.",
    helps:
      "Remove the secret from the branch and revoke it, then `aedev task retry <task>`; if it is in the mission, `aedev mission cancel <mission>` and submit it without",
  },
  "HOLD-FORBIDDEN-PATH": {
    means: "The change touches a path that the policy forbids (paths.forbidden).",
    helps: "`aedev task retry <task>`, or remove the path from the list and then retry",
  },
  "HOLD-PATCH-UNSAFE": {
    means: "The change has links, submodules, names or modes that are unsafe to check out.",
    helps: "`aedev task retry <task>`",
  },
  "HOLD-CHECKS-FAILED": {
    means: "Tests that passed on the base fail or vanished, or tests were weakened, and repair is used up.",
    helps: "`aedev evidence show <task> --entry checks`, then `aedev task retry <task>`",
  },
  "HOLD-EVIDENCE-INCOMPLETE": {
    means: "Part of the evidence is missing or can't be trusted, such as a cell of the test matrix.",
    helps: "`aedev task logs <task>`, then `aedev task retry <task>`",
  },
  "HOLD-VALIDATOR-NOT-CONFIGURED": {
    means: "Fewer judges have a key than are required to pass.",
    helps:
      "`aedev secrets set AEDEV_OPENAI_API_KEY` (or another judge's), then `aedev hold release <hold>`; without: `aedev init --yes --when-missing ask`, then `aedev task retry <task>`",
  },
  "HOLD-VALIDATOR-UNQUALIFIED": {
    means: "A judge whose pass is required has lost its vote.",
    helps: "`aedev judges show`; once enough judges have a vote, `aedev hold release <hold>`",
  },
  "HOLD-VALIDATOR-FAIL": {
    means: "A judge failed the change, and repair is used up.",
    helps: "`aedev evidence show <task>`, then `aedev task retry <task>`",
  },
  "HOLD-VALIDATOR-DISAGREEMENT": {
    means: "One judge failed the change and another passed it.",
    helps: "`aedev evidence show <task>`, then `aedev task retry <task>`",
  },
  "HOLD-VALIDATOR-INCONCLUSIVE": {
    means: "Too few judges passed the change and none failed it: some gave no answer or were unsure.",
    helps:
      "If a judge gave no answer: `aedev hold release <hold>`; else send the change back: `aedev task send-back <task> --reason TEXT`",
  },
  "HOLD-VALIDATOR-UNAVAILABLE": {
    means:
      "Too few judges passed the change and none failed it, because a judge's vendor is down, overloaded or unreachable. The detail names it.",
    helps: "Nothing: aedev probes the vendor, and the task continues once it answers. If it does not: `aedev doctor`",
  },
  "HOLD-RISK-HIGH": {
    means:
      "The estimated chance of harm is above the bound from which the policy holds every change (risk.bounds.hold).",
    helps: "`aedev risk explain <task>`, then `aedev hold release <hold>`; the change then needs your approval",
  },
  "HOLD-REMOTE-WRITES-OFF": {
    means:
      "The change may land, but aedev may not push to this repository and landing.without_permission is hold, or the permission went while it landed.",
    helps: "`aedev repo add <source> --name <name> --allow-writes`, then `aedev hold release <hold>`",
  },
  "HOLD-BASE-MOVED": {
    means:
      "The branch kept moving under the change, or it no longer has the commit that the change builds on, or has lost the landed commit, or the remote has another default branch now. The detail says which.",
    helps: "`aedev task retry <task>`; if the change is not wanted any more: `aedev task reject <task>`",
  },
  "HOLD-REVERT": {
    means:
      "A landed change can't be taken back as it is: later commits changed the same lines, it is taken back already, or the branch does not have it. The detail says which.",
    helps:
      "`aedev task reject <task>`, then submit a mission that says what to undo: `aedev intake TEXT`; if the branch has changed since: `aedev task retry <task>`",
  },
  "HOLD-REMOTE-REFUSED": {
    means:
      "The remote refused the push, or the pull request can't go on: a hook, a protected branch, missing rights, a red check, a closed pull request. The detail has its words.",
    helps:
      "Do what the detail names, or allow it there; other words in the commit: `aedev repo add <source> --name <name> --commit-template 'Refs #12'`; then `aedev hold release <hold>`",
  },
  "HOLD-SIGNING-FAILED": {
    means:
      "The commit could not be signed with the configured key (`landing.sign`), so nothing was pushed. The detail says why.",
    helps: "`aedev doctor`, make the key usable, then `aedev hold release <hold>`",
  },
  "HOLD-EXTERNAL-STATE-UNKNOWN": {
    means: "The remote gave no clear answer, so nobody knows yet whether the push or the merge happened.",
    helps:
      "Nothing: aedev asks the remote, looks whether the change has arrived, and continues. To look now, or if this hold waits for you: `aedev hold release <hold>`",
  },
  "HOLD-DOCKER-UNAVAILABLE": {
    means:
      "No Docker engine answers, or it stopped during the run, or something outside killed the sandbox; the detail says which.",
    helps:
      "Start Docker, or `aedev setup`: the task continues once an engine answers. What is missing: `aedev doctor`. If this hold waits for you: `aedev hold release <hold>`",
  },
  "HOLD-CLAUDE-DOCKER-IMAGE": {
    means: "The runner image is missing.",
    helps: "`aedev setup`, then `aedev hold release <hold>`",
  },
  "HOLD-CLAUDE-AUTH-IN-DOCKER": {
    means: "The coder's credential is missing, has expired or was refused.",
    helps:
      "`aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN`, then `aedev hold release <hold>`; where aedev uses your Claude login, use Claude Code once first",
  },
  "HOLD-TOOLCHAIN": {
    means: "The repository's toolchain image is missing or lacks a program.",
    helps: "`aedev repo add <source> --name <name> --image IMAGE`, then `aedev task retry <task>`",
  },
  "HOLD-FETCH-FAILED": {
    means: "The repository could not be fetched.",
    helps:
      "Nothing while the remote is away: aedev asks it, and continues. Else check its address (`aedev repo show <name>`) and credentials, then `aedev hold release <hold>`",
  },
  "HOLD-PREPARE-FAILED": {
    means: "Prepare, build or the base's .aedev.yaml failed.",
    helps:
      "`aedev task logs <task>`, correct the settings (`aedev repo add <source> --name <name>`), then `aedev task retry <task>`",
  },
  "HOLD-CODER-UNAVAILABLE": {
    means:
      "The vendor of the coder's model is down, overloaded or unreachable (`api_5xx`, `unreachable`). What the run wrote is kept, and the next run continues from it.",
    helps:
      "Nothing: aedev probes the vendor, and the task continues once it answers. If it does not: `aedev doctor`, and the address in `addresses.anthropic`",
  },
  "HOLD-CODER-FAILED": {
    means: "The coder ended with an error.",
    helps: "`aedev task logs <task>`, then `aedev task retry <task>`",
  },
  "HOLD-USAGE-LIMIT": {
    means: "The subscription's limit is reached.",
    helps: "Nothing: the task continues when the limit resets; when: `aedev hold show <hold>`",
  },
  "HOLD-BUDGET": {
    means:
      "A budget or limit is used up, or a model's price is unknown under a dollar budget; the detail names it. A day's budget starts again at midnight, and the task then continues.",
    helps:
      "`aedev budget raise KEY AMOUNT`. Where it refuses: `aedev config set KEY AMOUNT && aedev daemon restart && aedev task retry <task>`. A price goes into the home's `prices.yaml`",
  },
  "HOLD-STOPPED": {
    means: "A person stopped all runs. What the run wrote is kept, and the next run continues from it.",
    helps: "`aedev resume`",
  },
  "HOLD-DISK-LOW": {
    means: "The home's disk has less free space than limits.disk_free.",
    helps:
      "`aedev gc`, or free up space otherwise: the task continues once there is room. If this hold waits for you: `aedev hold release <hold>`",
  },
  "HOLD-CODER-TIMEOUT": {
    means: "The coder ran longer than limits.run_timeout, and repair is used up or off.",
    helps: "`aedev task logs <task>`, then `aedev task retry <task>`",
  },
  "HOLD-NO-PROGRESS": {
    means:
      "The coder ended without a change; or it got stuck, or each of its runs reached limits.run_timeout and left nothing new, and repair is used up. The detail says what was seen.",
    helps: "`aedev task logs <task>`, then `aedev task retry <task>`",
  },
  "HOLD-QUESTION": {
    means: "The coder stopped with a question, or aedev asks whether tests that your request breaks may change.",
    helps: "`aedev mission answer <mission> --answer <question>=TEXT`",
  },
};

/** Fills the placeholders of a sentence; commands stay between backticks. Values are quoted for a shell; a placeholder without a value stays. */
export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/<(\w+)>/g, (placeholder, name: string) => {
    const value = values[name];
    return value === undefined ? placeholder : shellWord(value);
  });
}

/** Advice for a person: a sentence, then its commands, each for a line of its own. */
export interface Advice {
  /** Names each command without its arguments; empty if the advice is one command. */
  readonly text: string;
  readonly commands: readonly string[];
}

/** The advice in a sentence whose commands stand between backticks. */
export function adviceIn(sentence: string): Advice {
  const quoted = [...sentence.matchAll(/`([^`]*)`/g)].map(([, part = ""]) => part);
  const commands = [...new Set(quoted.filter(isCommand))];
  const around = sentence.replace(/`[^`]*`/g, (quote) => (isCommand(quote.slice(1, -1)) ? "" : quote));
  if (around === "") return { text: "", commands };
  if (/^(?:, then )+$/.test(around)) return { text: "In this order:", commands };
  if (/^(?:,? or )+$/.test(around)) return { text: "One of these:", commands };
  const text = sentence.replace(/`([^`]*)`/g, (_, part: string) => (isCommand(part) ? `“${commandName(part)}”` : part));
  return { text: `${text[0]?.toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? "" : "."}`, commands };
}

function isCommand(quoted: string): boolean {
  return /^(?:aedev|git|\.\/scripts\/\w+)(?: |$)/.test(quoted);
}

/** `task retry` of `aedev task retry t-1`. */
function commandName(command: string): string {
  const [program, ...words] = command.split(" ");
  const verb = words.slice(0, 2).filter((word) => /^[a-z-]+$/.test(word));
  return program === "aedev" ? verb.join(" ") : [program, ...verb].join(" ");
}
