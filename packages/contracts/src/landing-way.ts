/** How an accepted change gets into a repository, as its registration says. */
import { z } from "zod";
import { escapeLine } from "./safe-text.ts";
import { shellWord } from "./shell-word.ts";

/** `push`: to the default branch. `pull-request`: through a pull request there. `branch`: only to a branch `<prefix>/<task>`. */
export const landingWaySchema = z.enum(["push", "pull-request", "branch"]);
export type LandingWay = z.infer<typeof landingWaySchema>;

/** The landing way of a repository; registrations of older versions name none. */
export function landingWayOf(repository: {
  readonly landing?: LandingWay | undefined;
  readonly target: "default-branch" | "task-branch";
}): LandingWay {
  return repository.landing ?? (repository.target === "task-branch" ? "branch" : "push");
}

/** What aedev may push to a repository: everything that may merge; only changes that a person approved, to their own branches; or nothing. */
export const permittedWritesSchema = z.enum(["allowed", "on-approval", "off"]);
export type PermittedWrites = z.infer<typeof permittedWritesSchema>;

/** Where a change lands or has landed, from the fields that the push uses. Every text about the place is made from this. */
export const landingPlaceSchema = z.strictObject({
  /** Without `refs/heads/`; null: the repository's base, which no run has read yet. */
  branch: z.string().nullable(),
  /** An address or a folder. */
  remote: z.string(),
  way: landingWaySchema,
  /** False: the change would be held instead of pushed. */
  may_push: z.boolean(),
  /** The command that merges aedev's branch into a person's clone; null: none is needed. */
  take_in: z.string().nullable(),
});
export type LandingPlace = z.infer<typeof landingPlaceSchema>;

/** The default prefix of the names of aedev's branches in a repository. */
const usualBranchPrefix = "aedev";
/** A prefix that a person chooses: plain parts between slashes, such as `bots/aedev`. */
export const branchPrefixSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_-]{0,40}(?:\/[A-Za-z0-9_][A-Za-z0-9_-]{0,40}){0,3}$/u,
    "not a plain name of branches, such as aedev or bots/aedev",
  );

/** The prefix of a repository's branches; undefined: it is not registered. The names and texts of these branches are made from it. */
export function branchPrefixOf(repository: { readonly branch_prefix?: string | undefined } | undefined): string {
  return repository?.branch_prefix ?? usualBranchPrefix;
}

/** Whether the ref is the task's own branch that a landing pushes to, under any prefix. */
export function isTaskBranch(ref: string, taskId: string): boolean {
  return ref.endsWith(`/${taskId}`);
}

const branchLengthMax = 120;

/** A branch as people name it. */
export function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//u, "");
}

/** Such as "main of tool, through a pull request". `of`: the text's name for the repository. */
export function landingPlaceText({ branch, way }: Pick<LandingPlace, "branch" | "way">, of: string): string {
  const named = `${branch === null ? "the base branch" : escapeLine(branch, branchLengthMax)} of ${escapeLine(of, branchLengthMax)}`;
  return `${named}${wayTexts[way]}`;
}

const wayTexts: Record<LandingWay, string> = {
  push: "",
  "pull-request": ", through a pull request",
  branch: ", a branch of its own that nothing merges for you",
};

/** The command that merges aedev's branch. `isCheckout`: `remote` is the folder of the person's own working copy, which already has the branch. */
export function takeInCommand({ branch, remote }: { branch: string; remote: string }, isCheckout: boolean): string {
  return isCheckout
    ? `git -C ${shellWord(remote)} merge ${shellWord(branch)}`
    : `git fetch ${shellWord(remote)} ${shellWord(branch)} && git merge FETCH_HEAD`;
}

/** The commands of `takeInCommand`, one a line, so that each can be copied. */
export function takeInLines(command: string): string[] {
  return command.replace(/ && (?=git merge FETCH_HEAD$)/u, "\n").split("\n");
}
