/** What an open pull request waits for before it can be merged, as data and as text. GitHub's names of checks and people are foreign text: whoever shows them escapes them. */
import { z } from "zod";
import { counted } from "./figures.ts";
import { escapeLine } from "./safe-text.ts";

/** The most characters kept of a check's name or a login. */
const nameCharactersMax = 200;
const foreignNameSchema = z.string().min(1).max(nameCharactersMax);

/** One thing that a pull request waits for. */
export const pullRequestWaitSchema = z.discriminatedUnion("kind", [
  /** A check of the head commit has started and not ended. */
  z.strictObject({ kind: z.literal("check-running"), name: foreignNameSchema }),
  /** A required check has not reported on the head commit. */
  z.strictObject({ kind: z.literal("check-missing"), name: foreignNameSchema }),
  /** The credential can't read the checks, and GitHub does not say that the head is clean. */
  z.strictObject({ kind: z.literal("checks-unreadable") }),
  /** The repository has workflows, which may not have started on the new head yet. */
  z.strictObject({ kind: z.literal("checks-not-started") }),
  /** The repository has workflows, and none has reported on the head in the usual time. Only a person merges such a head. */
  z.strictObject({ kind: z.literal("no-checks") }),
  z.strictObject({ kind: z.literal("approvals"), missing: z.int().positive() }),
  z.strictObject({ kind: z.literal("changes-requested"), by: foreignNameSchema }),
  /** Somebody made it a draft. */
  z.strictObject({ kind: z.literal("draft") }),
  /** GitHub's merge queue. `after`: GitHub's id of the newest queueing event at the time when aedev decided to queue it; null: there was none. */
  z.strictObject({ kind: z.literal("merge-queue"), after: foreignNameSchema.nullable() }),
  /** GitHub says that a rule blocks it, and aedev can't read the rule. */
  z.strictObject({ kind: z.literal("blocked") }),
]);
export type PullRequestWait = z.infer<typeof pullRequestWaitSchema>;

/** A name from GitHub, shortened for use in a wait. */
export function foreignName(text: string): string {
  return escapeLine(text, nameCharactersMax) || "(without a name)";
}

/** The wait as text that follows "waits for". */
export function pullRequestWaitText(wait: PullRequestWait): string {
  switch (wait.kind) {
    case "check-running":
      return `the check ${wait.name}, which is running`;
    case "check-missing":
      return `the required check ${wait.name}, which has not reported`;
    case "checks-unreadable":
      return "GitHub to call its head clean: the credential can't read its checks";
    case "checks-not-started":
      return "the repository's workflows to start";
    case "no-checks":
      return "a person: no check has appeared on its head, although the repository has workflows";
    case "approvals":
      return `${counted(wait.missing, "approving review")}`;
    case "changes-requested":
      return `a new review by ${wait.by}, who requested changes`;
    case "draft":
      return "somebody to mark it ready for review: it is a draft";
    case "merge-queue":
      return "GitHub's merge queue";
    case "blocked":
      return "a rule of the branch that aedev can't read";
  }
}
