/** The lane: changes that merge by themselves, by kind, and how many of them went wrong. The same sentences at the terminal, on the board and on the phone. */
import { z } from "zod";

/** The kinds of change whose merges are counted apart. `same-behaviour`: the code does what it did, such as after a change of text or a rename. `tests`: only added tests. `updates`: packages, as their registries confirm. */
export const laneKinds = ["same-behaviour", "tests", "updates", "behaviour"] as const;
/** A kind of change, as clients name it. */
export const laneKindSchema = z.enum(laneKinds);
/** A kind of change. */
export type LaneKind = z.infer<typeof laneKindSchema>;

/** The kinds that have a proof of their own, so that a person may let them merge whatever their chance of harm is. */
export const mergeableKinds: readonly LaneKind[] = laneKinds.filter((kind) => kind !== "behaviour");

/** The signals that name a kind. A decision without one of them is about behaviour. */
const kindOfSignal: Readonly<Record<string, LaneKind>> = {
  same_behaviour: "same-behaviour",
  same_results: "same-behaviour",
  added_tests_notice: "tests",
  updates_confirmed: "updates",
};

/** The kind of a decision's change, by the shares of its risk. */
export function laneKindOf(shares: readonly { readonly factor: string }[]): LaneKind {
  return shares.map(({ factor }) => kindOfSignal[factor]).find((kind) => kind !== undefined) ?? "behaviour";
}

/** Merges without an approval, how many of them went wrong, and the one-sided 95 % bounds of their share (0 to 1). */
export const laneRecordSchema = z.strictObject({
  merged: z.int().nonnegative(),
  bad: z.int().nonnegative(),
  bad_from: z.number().min(0).max(1),
  bad_to: z.number().min(0).max(1),
});
export type LaneRecord = z.infer<typeof laneRecordSchema>;

/** `over`: whose record is above the bound: all repositories together, or this one alone. */
export const laneOverSchema = z.enum(["all-repositories", "repository"]);
/** The record that closed a lane. `bound`: in thousandths, the share above which it closes. */
export const laneClosedSchema = z.strictObject({
  kind: laneKindSchema,
  merged: z.int().nonnegative(),
  bad: z.int().nonnegative(),
  bound: z.int().nonnegative(),
  over: laneOverSchema,
});
/** The record that closed a lane. */
export type ClosedLane = z.infer<typeof laneClosedSchema>;

/** What the changes of a kind have in common, in the plural. */
export const laneKindTexts: Readonly<Record<LaneKind, string>> = {
  "same-behaviour": "changes that leave the code doing what it did",
  tests: "changes that only add tests",
  updates: "updates of packages",
  behaviour: "changes of behaviour",
};

/** Why changes of a kind are asked about. `repository`: as the client shows it. */
export function laneClosedText(
  { kind, merged, bad, over }: Pick<ClosedLane, "kind" | "merged" | "bad" | "over">,
  repository: string,
): string {
  const where = over === "repository" ? "" : " in all repositories";
  return `${laneKindTexts[kind]} in ${repository} are asked about, because ${bad} of ${merged} that merged by themselves${where} went wrong`;
}

/** The command that lets these changes merge again. */
export function reopenHelp(kind: LaneKind, repository: string): string {
  return `aedev repo lane ${repository} ${kind} --reopen --reason TEXT`;
}

/** Such as `0 to 7 % bad (95 %)`. The lower bound is rounded down, the upper one up. */
export function badShareText({ bad_from, bad_to }: LaneRecord): string {
  return `${Math.floor(bad_from * 100)} to ${Math.ceil(bad_to * 100)} % bad (95 %)`;
}

/** Such as `41 merged by themselves in 30 days, 0 to 7 % bad (95 %)`. */
export function mergedAloneText(record: LaneRecord): string {
  return `${record.merged} merged by ${record.merged === 1 ? "itself" : "themselves"} in 30 days, ${badShareText(record)}`;
}
