/**
 * The body of a pull request, from the specification and the sealed evidence. It contains no text of the coder except names of tests. A person's text is
 * shown as code, where GitHub mentions nobody and closes nothing.
 */
import {
  actorText,
  type Checks,
  costText,
  counted,
  type DecidedRisk,
  type HostText,
  host,
  hostText,
  joined,
  largestShares,
  type Provenness,
  provennessLines,
  riskText,
  signalText,
  summarizeList,
  tokensOf,
  type Usage,
  type Verdict,
  type Writer,
} from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { RiskShare } from "@aedev/contracts/events";
import { codeBlock, codeSpan } from "./code-markdown.ts";
import { writtenParts } from "./writers.ts";

const requestCharactersMax = 8_000;
const testsCharactersMax = 600;
/** The most criteria and instructions that are listed. */
const itemsMax = 50;

export interface PullRequestParts {
  readonly taskId: string;
  readonly missionId: string;
  readonly changeDigest: string;
  readonly bundleDigest: string;
  readonly specification: Parameters<typeof writtenParts>[0];
  readonly writer: Writer;
  /** Null if the evidence has none. */
  readonly checks: Pick<Checks, "fail_to_pass" | "pass_to_pass" | "skipped" | "status"> | null;
  readonly provenness: Provenness | null;
  readonly verdicts: readonly Pick<Verdict, "family" | "model" | "verdict">[];
  readonly risk: DecidedRisk & { readonly shares: readonly RiskShare[] };
  readonly usage: Usage;
  /** The usage of coder and judges together. */
  readonly used: UsageSum;
  /** Who approved the change; null: the gate decided alone. */
  readonly approvedBy: string | null;
  /** True: the pull request is a draft that shows the change while a person is asked. */
  readonly isDraft: boolean;
}

/** The line that identifies the pull request of a task, and the change that its body describes. */
export function pullRequestMarker(parts: Pick<PullRequestParts, "taskId" | "changeDigest" | "isDraft">): HostText {
  const end = parts.isDraft ? host` draft` : host``;
  return host`<!-- aedev task=${hostText(parts.taskId)} change=${hostText(parts.changeDigest)}${end} -->`;
}

/** Whether a body is that of a draft that aedev opened for this task, for any of its changes. */
export function isDraftBody(body: string, taskId: string): boolean {
  const [first = ""] = body.split("\n", 1);
  return first.startsWith(`<!-- aedev task=${taskId} change=`) && first.trimEnd().endsWith(" draft -->");
}

/** The body in Markdown. */
export function pullRequestBody(parts: PullRequestParts): HostText {
  const { specification, writer, verdicts, risk, usage, used } = parts;
  const { text, criteria, instructions } = writtenParts(specification, writer);
  const sections: [HostText, HostText[]][] = [
    [host`What was asked`, codeBlock(text.text.slice(0, requestCharactersMax), text.by)],
    [host`Sent back with`, bullets(instructions)],
    [host`It is done when`, bullets(criteria)],
    [host`Shown by`, checkLines(parts)],
    [
      host`Judges`,
      verdicts.map(
        ({ family, model, verdict }) => host`- ${hostText(family)} ${codeSpan(model)}: ${hostText(verdict)}`,
      ),
    ],
    [host`Risk`, riskLines(risk)],
    [
      host`Decision and cost`,
      [
        host`- ${decisionLine(parts)}`,
        host`- ${hostText(counted(usage.requests, "request"))} to the coder's model, ${hostText(counted(tokensOf(usage), "token"))}`,
        host`- with judges ${hostText(counted(used.tokens, "token"))}, ${hostText(costText(used))}`,
      ],
    ],
    [
      host`Verify it offline`,
      [
        ...codeBlock(`aedev evidence verify ${parts.taskId}\naedev evidence show ${parts.taskId}`),
        host`Evidence ${codeSpan(parts.bundleDigest)}, change ${codeSpan(parts.changeDigest)}, mission ${codeSpan(parts.missionId)}.`,
      ],
    ],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => host`### ${title}\n\n${joined(lines, "\n")}`);
  return host`${joined([pullRequestMarker(parts), ...body], "\n\n")}\n`;
}

/** The comment with which aedev closes the pull request of a withdrawn change, and the line that identifies the comment. `reason`: the person's words, if any. */
export function closingText(parts: {
  readonly taskId: string;
  readonly ended: "cancelled" | "rejected";
  readonly by: string;
  readonly reason: string | null;
}): { marker: HostText; body: HostText } {
  const { taskId, ended, by, reason } = parts;
  const marker = host`<!-- aedev task=${hostText(taskId)} closed -->`;
  const what = ended === "rejected" ? host`This change was rejected` : host`The task of this change was cancelled`;
  const why = reason === null || reason.trim() === "" ? host`.` : host`: ${codeSpan(reason, "home")}`;
  const after = host`aedev closes the pull request. Its branch is removed, unless somebody put more on it.`;
  return { marker, body: host`${marker}\n\n${what} by ${codeSpan(by)}${why}\n\n${after}\n` };
}

function checkLines({ checks, provenness }: PullRequestParts): HostText[] {
  if (checks === null) return [host`- no checks: the evidence has none`];
  const { fail_to_pass: added, pass_to_pass: kept } = checks;
  const verb = added.length === 1 ? host`fails` : host`fail`;
  const passes = (tests: number) => (tests === 1 ? host`passes` : host`pass`);
  return [
    host`- checks: ${hostText(checks.status)}`,
    ...(added.length === 0
      ? []
      : [
          host`- ${tests(added.length)} that ${verb} on the code before and ${passes(added.length)} now: ${codeSpan(summarizeList(added, testsCharactersMax))}`,
        ]),
    ...(kept === 0 ? [] : [host`- ${tests(kept)} that ${passes(kept)} before and after`]),
    ...(checks.skipped === undefined ? [] : [host`- ${tests(checks.skipped.tests)} skipped`]),
    ...(provenness === null ? [] : provennessLines(provenness, codeSpan).map((line) => host`- ${hostText(line)}`)),
  ];
}

function tests(count: number): HostText {
  return hostText(counted(count, "test"));
}

function decisionLine({ isDraft, approvedBy }: PullRequestParts): HostText {
  if (isDraft)
    return host`waits for approval: this draft only shows the change, and merging it would land what nobody approved`;
  return approvedBy === null
    ? host`merged by the policy, without a person`
    : host`approved by ${codeSpan(actorText(approvedBy))}`;
}

function riskLines(risk: PullRequestParts["risk"]): HostText[] {
  const text = riskText(risk);
  if (text === null) return [];
  const { harm, against } = largestShares(risk.shares);
  const named = (side: string, shares: readonly RiskShare[]) =>
    shares.length === 0
      ? []
      : [host`- ${hostText(side)}: ${hostText(shares.map(({ factor }) => signalText(factor)).join("; "))}`];
  return [host`- ${hostText(text)}`, ...named("for harm", harm), ...named("against harm", against)];
}

function bullets(items: readonly { readonly text: string; readonly by: Writer }[]): HostText[] {
  const listed = items.slice(0, itemsMax).map(({ text, by }) => host`- ${codeSpan(text, by)}`);
  const more = items.length - itemsMax;
  return more > 0 ? [...listed, host`- and ${more} more in the specification`] : listed;
}
