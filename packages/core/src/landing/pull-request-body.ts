/**
 * The body of a pull request, from the specification and the sealed evidence; never a word of the coder's but names of tests. Every foreign text
 * stands in code, where GitHub calls nobody and closes nothing.
 */
import {
  actorText,
  type Checks,
  costText,
  counted,
  type Provenness,
  provennessLines,
  type Specification,
  summarizeList,
  tokensOf,
  type Usage,
  type Verdict,
} from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { RiskShare } from "@aedev/contracts/events";
import { codeBlock, codeSpan } from "./code-markdown.ts";

const requestCharactersMax = 8_000;
const testsCharactersMax = 600;
/** Criteria and instructions that are listed. */
const itemsMax = 50;

export interface PullRequestParts {
  readonly taskId: string;
  readonly missionId: string;
  readonly changeDigest: string;
  readonly bundleDigest: string;
  readonly specification: Pick<Specification, "text" | "criteria" | "instructions">;
  /** Null if the evidence has none. */
  readonly checks: Pick<Checks, "fail_to_pass" | "pass_to_pass" | "status"> | null;
  readonly provenness: Provenness | null;
  readonly verdicts: readonly Pick<Verdict, "family" | "model" | "verdict">[];
  readonly risk: {
    readonly score: number | null;
    readonly level: string | null;
    readonly shares: readonly RiskShare[];
  };
  /** Of the coder. */
  readonly usage: Usage;
  /** Of coder and judges together. */
  readonly used: UsageSum;
  /** Who approved the change; null: the gate decided alone. */
  readonly approvedBy: string | null;
  /** A person is asked: the pull request is a draft that shows the change. */
  readonly isDraft: boolean;
}

/** The line by which the pull request of a task is recognized, and the change that its body describes. */
export function pullRequestMarker(parts: Pick<PullRequestParts, "taskId" | "changeDigest" | "isDraft">): string {
  return `<!-- aedev task=${parts.taskId} change=${parts.changeDigest}${parts.isDraft ? " draft" : ""} -->`;
}

/** Whether a body is that of a draft that aedev opened for this task, for whatever change of it. */
export function isDraftBody(body: string, taskId: string): boolean {
  const [first = ""] = body.split("\n", 1);
  return first.startsWith(`<!-- aedev task=${taskId} change=`) && first.trimEnd().endsWith(" draft -->");
}

/** Markdown. */
export function pullRequestBody(parts: PullRequestParts): string {
  const { specification, verdicts, risk, usage, used } = parts;
  const { text, criteria, instructions = [] } = specification;
  const sections: [string, string[]][] = [
    ["What was asked", codeBlock(text.slice(0, requestCharactersMax))],
    ["Sent back with", bullets(instructions)],
    ["It is done when", bullets(criteria.map((criterion) => criterion.text))],
    ["Shown by", checkLines(parts)],
    ["Judges", verdicts.map(({ family, model, verdict }) => `- ${family} ${codeSpan(model)}: ${verdict}`)],
    ["Risk", riskLines(risk)],
    [
      "Decision and cost",
      [
        `- ${decisionLine(parts)}`,
        `- ${counted(usage.requests, "request")} to the coder's model, ${counted(tokensOf(usage), "token")}`,
        `- with judges ${counted(used.tokens, "token")}, ${costText(used)}`,
      ],
    ],
    [
      "Verify it offline",
      [
        ...codeBlock(`aedev evidence verify ${parts.taskId}\naedev evidence show ${parts.taskId}`),
        `Evidence ${codeSpan(parts.bundleDigest)}, change ${codeSpan(parts.changeDigest)}, mission ${codeSpan(parts.missionId)}.`,
      ],
    ],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `### ${title}\n\n${lines.join("\n")}`);
  return `${[pullRequestMarker(parts), ...body].join("\n\n")}\n`;
}

/**
 * The comment with which aedev closes the pull request of a change that no longer stands, and the line by which it is recognized. `reason`: the
 * person's words, if there are any.
 */
export function closingText(parts: {
  readonly taskId: string;
  readonly ended: "cancelled" | "rejected";
  readonly by: string;
  readonly reason: string | null;
}): { marker: string; body: string } {
  const { taskId, ended, by, reason } = parts;
  const marker = `<!-- aedev task=${taskId} closed -->`;
  const what = ended === "rejected" ? "This change was rejected" : "The task of this change was cancelled";
  const why = reason === null || reason.trim() === "" ? "." : `: ${codeSpan(reason)}`;
  const after = "aedev closes the pull request. Its branch is removed, unless somebody put more on it.";
  return { marker, body: `${marker}\n\n${what} by ${codeSpan(by)}${why}\n\n${after}\n` };
}

function checkLines({ checks, provenness }: PullRequestParts): string[] {
  if (checks === null) return ["- no checks: the evidence has none"];
  const { fail_to_pass: added, pass_to_pass: kept } = checks;
  return [
    `- checks: ${checks.status}`,
    ...(added.length === 0
      ? []
      : [
          `- ${counted(added.length, "test")} that ${added.length === 1 ? "fails" : "fail"} on the code before and ${
            added.length === 1 ? "passes" : "pass"
          } now: ${codeSpan(summarizeList(added, testsCharactersMax))}`,
        ]),
    ...(kept === 0 ? [] : [`- ${counted(kept, "test")} that ${kept === 1 ? "passes" : "pass"} before and after`]),
    ...(provenness === null ? [] : provennessLines(provenness, codeSpan).map((line) => `- ${line}`)),
  ];
}

function decisionLine({ isDraft, approvedBy }: PullRequestParts): string {
  if (isDraft)
    return "waits for approval: this draft only shows the change, and merging it would land what nobody approved";
  return approvedBy === null
    ? "merged by the policy, without a person"
    : `approved by ${codeSpan(actorText(approvedBy))}`;
}

function riskLines({ score, level, shares }: PullRequestParts["risk"]): string[] {
  if (score === null) return [];
  const counting = shares.filter(({ points }) => points > 0).map(({ factor, points }) => `${factor} ${points}`);
  const why = counting.length === 0 ? "" : `: ${codeSpan(counting.join(", "))}`;
  return [`- ${score} of 100 points${level === null ? "" : ` (${level})`}${why}`];
}

function bullets(items: readonly string[]): string[] {
  const listed = items.slice(0, itemsMax).map((item) => `- ${codeSpan(item)}`);
  return items.length > itemsMax ? [...listed, `- and ${items.length - itemsMax} more in the specification`] : listed;
}
