/** What each reason of the gate means and what usually helps, in words. docs/REASONS.md shows them as a table. */
import { type Fact, type Reason, reasonText } from "../reason.ts";
import type { Meaning } from "./hold-meanings.ts";

type ChecksNotGreen = Extract<Fact, { kind: "checks-not-green" }>;
/** The code of a reason: the kind of its fact, or the status of checks that are not green. */
export type ReasonCode = Exclude<Fact["kind"], ChecksNotGreen["kind"]> | `checks-${ChecksNotGreen["status"]}`;

/** What helps wherever a person has to read the change. */
export const readTheDiff =
  "Read it (`aedev task diff <task>`), then `aedev task approve <task>`, `aedev task send-back <task> --reason TEXT` or `aedev task reject <task>`";
/** What helps where there is nothing to send back. */
export const decideOnIt =
  "Read it (`aedev task diff <task>`), then `aedev task approve <task>` or `aedev task reject <task>`";
/** What helps where another run may do better. */
export const askForAnother =
  "`aedev task retry <task>`, or say what to change: `aedev task send-back <task> --reason TEXT`";

/** The meaning of every reason. */
export const reasonMeanings: Readonly<Record<ReasonCode, Meaning>> = {
  secret: {
    means: "A changed line looks like a secret.",
    helps: "`aedev evidence show <task> --entry secret-report`, then `aedev task retry <task>`",
  },
  "forbidden-path": { means: "The policy forbids any change to this file.", helps: "`aedev task retry <task>`" },
  "unsafe-path": {
    means: "Checking out this file could write or run something elsewhere.",
    helps: "`aedev task retry <task>`",
  },
  "test-broken": {
    means: "A test that passes without the change fails, is gone or is skipped with it.",
    helps: "`aedev evidence show <task> --entry checks`, then `aedev task retry <task>`",
  },
  "checks-say": {
    means: "The checks themselves say what is wrong.",
    helps: "`aedev evidence show <task> --entry checks`, then `aedev task retry <task>`",
  },
  "evidence-missing": {
    means: "This part of the evidence does not exist, so nothing vouches for it.",
    helps: "`aedev task logs <task>`, then `aedev task retry <task>`",
  },
  "stayed-green": {
    means: "These tests pass on the new code even with a false expectation, so they prove nothing.",
    helps: askForAnother,
  },
  "bytes-changed": {
    means: "Lines that nobody edited have other bytes: letters, encoding, line endings or indentation.",
    helps:
      "`aedev task diff <task>`, then `aedev task retry <task>`; if wanted, `aedev task send-back <task> --reason TEXT`",
  },
  "ignored-files": {
    means:
      "The mission or the change names new files that the base's `.gitignore` leaves out. They are not in the change.",
    helps: '`aedev task send-back <task> --reason "git add -f FILE"`, or approve the change without them',
  },
  "submodule-files": {
    means: "The mission or the change names files that the coder wrote into a submodule. They are not in the change.",
    helps: "`aedev task send-back <task> --reason TEXT`, or approve the change without them",
  },
  "replay-differs": {
    means:
      "Called outside the tests, changed functions give other results than the tests saw: the code may recognise a test.",
    helps: askForAnother,
  },
  "replay-unsure": {
    means:
      "Called outside the tests, new or changed functions give other results; nothing tells whether that is meant.",
    helps: readTheDiff,
  },
  "nothing-proven": {
    means: "No green test was shown able to fail, so green says little.",
    helps: readTheDiff,
  },
  "unneeded-code": {
    means:
      "The tests also pass if this part of the changed code is left out, or no part could be tried: nothing shows that it is right.",
    helps: readTheDiff,
  },
  "independent-tests": {
    means:
      "Another run, which did not see this change, wrote tests from the mission alone. Some pass on its own code but fail here.",
    helps: "`aedev evidence show <task> --entry independent-tests`, then `aedev task diff <task>`",
  },
  "implementations-differ": {
    means:
      "Another run made the same change without seeing this one, with other results: one is wrong, or the mission is open. Each call counts for harm; first the coder gets a run.",
    helps: "`aedev evidence show <task> --entry second-implementation`, then `aedev task diff <task>`",
  },
  "independent-tests-missing": {
    means: "Another run was to write tests from the mission alone, but gave no usable ones.",
    helps: readTheDiff,
  },
  "judge-said": {
    means: "A judge failed the change or was unsure.",
    helps: "`aedev evidence show <task>`, then `aedev task retry <task>`",
  },
  "judge-not-configured": {
    means: "This judge has no key.",
    helps: "`aedev secrets set AEDEV_OPENAI_API_KEY` (or another judge's)",
  },
  "judge-unqualified": {
    means: "This judge let too many planted defects pass, so its pass does not count.",
    helps: "`aedev judges show`",
  },
  "too-few-judges": {
    means: "Fewer judges passed the change than the policy requires.",
    helps: "Judge it yourself: `aedev task diff <task>`, then `aedev task approve <task>`",
  },
  "uncounted-pass": {
    means: "A judge passed the change, but its record is below the bar.",
    helps: "`aedev judges show`, then judge it yourself: `aedev task diff <task>`",
  },
  "judge-flip": {
    means: "A judge passed the change in one view and failed it in the other, where comments and strings are blanked.",
    helps: readTheDiff,
  },
  risk: {
    means: "The change's risk factors add up to more than is allowed without a second look.",
    helps: "`aedev risk explain <task>`",
  },
  would: {
    means: "All else is in order; only the permission to push is missing.",
    helps: "`aedev repo add <source> --name <name> --allow-writes`",
  },
  "branch-only": {
    means: "aedev may not push here on its own, so your approval pushes the change to a branch of its own.",
    helps:
      "`aedev task approve <task>`; to let aedev merge here from now on: `aedev repo add <source> --name <name> --allow-writes`",
  },
  "same-change": { means: "Another task has landed this very change, or is landing it.", helps: decideOnIt },
  "lane-closed": {
    means: "Changes of this kind that merged by themselves went wrong too often.",
    helps: "Decide on it, or let them merge again: `aedev repo lane <name> --reopen --reason TEXT`",
  },
  "never-alone": { means: "The policy wants a person to see every change to this file.", helps: readTheDiff },
  dependency: {
    means: "The change adds or moves a package in a way that needs a person.",
    helps: "Look at the package itself, then `aedev task approve <task>` or `aedev task reject <task>`",
  },
  "checks-none": {
    means: "The repository names no command that checks it.",
    helps: "`aedev repo add <source> --name <name> --verify COMMAND`",
  },
  "checks-base-red": {
    means: "The checks fail without the change too, so they can't speak for it.",
    helps: "Make the branch green first, then `aedev task retry <task>`",
  },
  "checks-exit-code-only": {
    means: "The checks say only that all is well or not, never which test.",
    helps: "A runner that reports each test: `aedev repo add <source> --name <name>`",
  },
  "checks-exit-code-red-on-base": {
    means: "The checks say only that all is well or not; the new tests need the change.",
    helps: readTheDiff,
  },
  "checks-exit-code-green-on-base": {
    means: "The checks say only that all is well or not, and the old code passes the new tests as well.",
    helps: askForAnother,
  },
  "checks-partly-by-test": {
    means:
      "Some commands report each test; another gives only an exit code, or nothing shows that its report is its own.",
    helps: "`aedev evidence show <task> --entry checks`, then `aedev task diff <task>`",
  },
  "checks-red": {
    means: "The checks failed with the change.",
    helps: "`aedev evidence show <task> --entry checks`, then `aedev task retry <task>`",
  },
  "checks-incomplete": {
    means: "Part of the checks did not run or can't be trusted.",
    helps: "`aedev task logs <task>`, then `aedev task retry <task>`",
  },
  "checks-missing": { means: "There is no result of the checks.", helps: "`aedev task retry <task>`" },
  "newly-flaky": {
    means: "These tests fail by chance with the change, and never or much less often without it.",
    helps: askForAnother,
  },
  "new-tests-skipped": {
    means: "New tests did not run here, so they show nothing of the change.",
    helps: readTheDiff,
  },
  "only-skipped-tests": {
    means: "Tests of the changed code were skipped here, and no test that ran takes every way through it.",
    helps: readTheDiff,
  },
  "new-tests-green-on-base": {
    means: "The new tests pass without the change too, so they don't test it.",
    helps: askForAnother,
  },
  "tests-notice-nothing": {
    means: "The change only adds tests, and small faults in the code did not make these fail, or none could be tried.",
    helps: readTheDiff,
  },
  "document-used": {
    means: "Code, settings or tests use a changed document, so it may change what runs.",
    helps: readTheDiff,
  },
  "unasked-renames": {
    means: "A public name changes or goes, and the mission does not say so.",
    helps: readTheDiff,
  },
  "needs-own-control": {
    means:
      "The new tests need the change's version of a file that decides how tests run, such as `conftest.py`. All old tests pass with either.",
    helps: readTheDiff,
  },
  "build-writes": {
    means: "The change's build alters installed packages, which the base's leaves alone: it could make tests pass.",
    helps: readTheDiff,
  },
  "own-tests-only": {
    means: "The base's form of the tests beside this code gives no result on it; only the change's own form does.",
    helps: readTheDiff,
  },
  "lost-assertions": {
    means: "A test file has fewer assertions than before.",
    helps: askForAnother,
  },
  "test-finding": {
    means: "The change removes, weakens or skips a test, or makes code depend on what a test could control.",
    helps: readTheDiff,
  },
  "changed-tests": { means: "Existing tests are edited; whether rightly, only a person can say.", helps: readTheDiff },
  "moved-tests": { means: "Tests moved to another file and pass there.", helps: readTheDiff },
  "shared-by-tests": { means: "The change edits code that several tests share.", helps: readTheDiff },
  "test-settings": { means: "The change edits how tests run or which of them count.", helps: readTheDiff },
  unwatched: {
    means: "aedev could not see which files the base's tests use, so a file that deceives them would not be noticed.",
    helps: readTheDiff,
  },
  takeover: { means: "The tests would load this new file in place of the one they load today.", helps: readTheDiff },
  "test-support": { means: "The change edits a file that only tests use.", helps: readTheDiff },
  "run-for-tests": {
    means:
      "A run to improve the tests did not help; this is the change before it, or with its tests if they were not enough.",
    helps: readTheDiff,
  },
  revert: {
    means: "The change takes a landed one back: a person decides about every revert.",
    helps: decideOnIt,
  },
  "reverted-tests": {
    means:
      "With the tests that the reverted change brought, the old code fails; with the tests as they were, nothing does.",
    helps: decideOnIt,
  },
  "revert-repairs": {
    means: "The branch is red without the revert, and these tests pass with it.",
    helps: decideOnIt,
  },
  "chance-of-harm": {
    means: "The signals for and against the change add up to a chance of harm that the profile does not merge.",
    helps: "`aedev risk explain <task>`, then `aedev task approve <task>`",
  },
  profile: {
    means: "The repository's profile merges less risk than this on its own.",
    helps: "`aedev risk explain <task>`, then `aedev task approve <task>`",
  },
};

/** A reason with its code; null for a sentence that was stored before reasons had codes, and for a count of omitted reasons. */
export interface CodedReason {
  readonly code: ReasonCode | null;
  readonly text: string;
}

function reasonCode(fact: Fact): ReasonCode {
  return fact.kind === "checks-not-green" ? `checks-${fact.status}` : fact.kind;
}

/** The reasons of a decision one by one, including those inside a hold; no text appears twice. */
export function codedReasons(reasons: readonly Reason[]): CodedReason[] {
  const found = reasons.flatMap((reason): CodedReason[] => {
    if (typeof reason === "string" || reason.kind === "more") return [{ code: null, text: reasonText(reason) }];
    if (reason.kind !== "hold") return [{ code: reasonCode(reason), text: reasonText(reason) }];
    const more = reason.more > 0 ? [{ code: null, text: `and ${reason.more} more` }] : [];
    return [...reason.causes.map((fact) => ({ code: reasonCode(fact), text: reasonText(fact) })), ...more];
  });
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

/** Codes of reasons that say little of the change itself. */
const generalCodes: ReadonlySet<ReasonCode | null> = new Set<ReasonCode | null>([
  ...(["branch-only", "chance-of-harm", "profile", "risk", "run-for-tests", "would"] as const),
  null,
]);

/**
 * Why a person is asked, in one sentence that has no word of the change's author: the meaning of the first reason that is about the change itself,
 * or else of the first. Null: a reason of an earlier version, whose own sentence may have such words.
 */
export function mainReasonText(reasons: readonly Reason[]): string | null {
  if (reasons.length === 0) return "The policy never merges a change like this automatically.";
  const coded = codedReasons(reasons);
  const main = coded.find(({ code }) => !generalCodes.has(code)) ?? coded.find(({ code }) => code !== null);
  return main === undefined || main.code === null ? null : reasonMeanings[main.code].means;
}
