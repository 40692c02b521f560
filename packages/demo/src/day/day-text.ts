/** The report of a day at the fake GitHub, as JSON and as text. */
import type { Paint } from "../telling/paint.ts";

/** The document that `--json` prints. */
export interface DayDocument {
  readonly mission_id: string;
  readonly issue: number;
  readonly pull_request: number;
  /** The commits that the pull request had, oldest first. */
  readonly heads: readonly string[];
  readonly merge_commit: string;
  readonly merged_tree: string;
  /** The tree in the last evidence; null if none was sealed. */
  readonly judged_tree: string | null;
  /** aedev's requests that had an effect at GitHub. */
  readonly requests: {
    readonly pull_requests: number;
    readonly check_runs: number;
    readonly merges: number;
    readonly comments: number;
  };
  readonly verify: "ok" | "failed";
  readonly answers: "scripted";
  readonly home: string;
}

/** Whether the judged tree was merged once, each head has one check run, and the issue has one comment with questions and one about the progress. */
export function isAsPromised({ requests, heads, merged_tree, judged_tree, verify }: DayDocument): boolean {
  const { pull_requests, merges, check_runs, comments } = requests;
  const once = pull_requests === 1 && merges === 1 && check_runs === heads.length && comments === 2;
  return once && merged_tree === judged_tree && verify === "ok";
}

export function dayText(day: DayDocument, { answers, paint }: { answers: string; paint: Paint }): string {
  const { requests, heads } = day;
  const isSame = day.merged_tree === day.judged_tree;
  const lines = [
    `issue #${day.issue} became mission ${day.mission_id}, and landed by pull request #${day.pull_request}`,
    `heads: ${heads.map((head) => head.slice(0, 10)).join(", ")}; merged as ${day.merge_commit.slice(0, 10)}`,
    `merged tree ${day.merged_tree.slice(0, 10)} ${isSame ? "is" : "is not"} the judged one`,
    `requests that took effect: pull requests ${requests.pull_requests}, check runs ${requests.check_runs}, merges ${requests.merges}, new comments ${requests.comments}`,
    day.verify === "ok" ? "events verify: the log is whole" : "events verify: the log is not whole",
  ];
  const outcome = isAsPromised(day) ? paint.good("as promised") : paint.bad("NOT as promised");
  return `${[answers, lines.join("\n"), outcome].join("\n\n")}\n`;
}
