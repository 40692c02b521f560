/** The sentence about the outcome of a landed change, the same at the terminal and on the phone. */
import { counted } from "../figures.ts";
import { escapeLine } from "../safe-text.ts";
import type { OutcomeEvidence, OutcomeKind } from "./outcome-events.ts";

/** Foreign names, subjects and words in it are escaped and bounded. */
export function outcomeText({
  outcome,
  evidence,
  by,
}: {
  outcome: OutcomeKind;
  evidence: OutcomeEvidence;
  by: string;
}): string {
  switch (evidence.kind) {
    case "check": {
      const before = {
        passed: "it had passed",
        undecided: "it had ended neither green nor red",
        absent: "it had not run",
      };
      const link = evidence.url === null ? "" : ` (${escapeLine(evidence.url, 300)})`;
      return `the check ${escapeLine(evidence.name, 100)} is red on its commit; before it, ${before[evidence.before]}${link}`;
    }
    case "branch":
      return `${escapeLine(evidence.ref, 100)} no longer has its commit; it is at ${evidence.tip.slice(0, 12)}`;
    case "commit":
      return commitText(outcome, evidence);
    case "person": {
      const words = evidence.words === null ? "" : `: ${escapeLine(evidence.words, 200)}`;
      return `${escapeLine(by, 60)} calls it ${outcome}${words}`;
    }
  }
}

function commitText(
  outcome: OutcomeKind,
  { commit, subject, says_revert, lines, task_id }: Extract<OutcomeEvidence, { kind: "commit" }>,
): string {
  const who = task_id === null ? "" : `, of aedev's task ${task_id}`;
  const what = `${commit.slice(0, 12)}${subject === "" ? "" : ` "${escapeLine(subject, 100)}"`}${who}`;
  if (outcome === "reverted") return `taken back by ${what}`;
  const claim = says_revert ? "; its message says that it reverts the change, but it does not take back all of it" : "";
  return `${counted(lines, "line")} of it changed again by ${what}${claim}`;
}
