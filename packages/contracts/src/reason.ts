/**
 * Why the gate holds a change or asks about it: typed facts, and the sentence for each. Contract: code decides by `kind` and never reads a
 * sentence; names chosen by the change's author pass the client's `Show` before they are put into one.
 */
import { z } from "zod";
import { bytesChangedFact } from "./byte-changes.ts";
import { bytesChangedSentence, notTakenTexts } from "./byte-sentences.ts";
import { checksSentences } from "./checks-sentences.ts";
import { chanceText } from "./harm-chance.ts";
import { type HoldCode, holdCodeSchema } from "./hold-code.ts";
import { whyMissingSchema, whyMissingTexts } from "./independent-tests.ts";
import { laneClosedText, laneKindSchema, laneOverSchema } from "./lane.ts";
import { revertFact } from "./revert-report.ts";
import { runForTestsEndSchema, runForTestsEndTexts } from "./run-for-tests-end.ts";
import { onlySkippedFact, onlySkippedSentence } from "./skipped-tests.ts";
import { summarizeList, truncateText } from "./summarize-list.ts";
import { untriedSchema, whyUntried } from "./unneeded.ts";

const text = z.string();
const count = z.int().nonnegative();
const code = holdCodeSchema.nullable();
/** The first names, and how many more there are. */
const tests = { tests: z.array(text), more: count };
/** Of a test's old version on the change's code. `weaker`: it passes, and nothing shows that the new version notices as many faults. */
const oldForm = z.enum(["green", "weaker", "red", "not-run"]);

const fact = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("secret"), path: text, line: count, rule: text }),
  z.strictObject({ kind: z.enum(["forbidden-path", "unsafe-path"]), path: text, why: text }),
  z.strictObject({
    kind: z.literal("test-broken"),
    how: z.enum(["newly failing", "vanished", "newly skipped"]),
    test: text,
  }),
  z.strictObject({ kind: z.literal("checks-say"), text, incomplete: z.boolean() }),
  z.strictObject({ kind: z.literal("evidence-missing"), name: text }),
  /** `ignored-files`, `submodule-files`: files that the capture did not take, although the mission or the change names them. */
  z.strictObject({ kind: z.enum(["stayed-green", "ignored-files", "submodule-files", "independent-tests"]), ...tests }),
  z.strictObject({ kind: z.literal("new-tests-skipped"), ...tests }),
  bytesChangedFact,
  /** `calls`: one sentence per function or call about what differs. */
  z.strictObject({
    kind: z.enum(["replay-differs", "replay-unsure", "implementations-differ"]),
    calls: z.array(text),
    more: count,
  }),
  /** `green`: tests of the base that pass before and after the change. */
  z.strictObject({ kind: z.literal("nothing-proven"), green: count }),
  /** `parts`: one sentence for each part of the changed code that the tests pass without; empty if no part could be tried. */
  z.strictObject({ kind: z.literal("unneeded-code"), parts: z.array(text), more: count, why_untried: untriedSchema }),
  /** Another run was to write tests, and none could be compared. `code`: of that run's hold; null: `why` is not a hold. */
  z.strictObject({ kind: z.literal("independent-tests-missing"), why: whyMissingSchema, code }),
  z.strictObject({ kind: z.literal("judge-said"), family: text, said: text }),
  z.strictObject({ kind: z.enum(["judge-not-configured", "judge-flip"]), family: text }),
  z.strictObject({ kind: z.enum(["judge-unqualified", "uncounted-pass"]), family: text, why: text }),
  z.strictObject({ kind: z.literal("too-few-judges"), passed: z.int(), required: count }),
  z.strictObject({
    kind: z.literal("risk"),
    score: z.int(),
    shares: z.array(z.strictObject({ factor: text, points: z.int() })),
  }),
  z.strictObject({ kind: z.literal("would"), answer: z.enum(["merge", "ask"]) }),
  z.strictObject({ kind: z.literal("never-alone"), path: text, rule: text }),
  z.strictObject({ kind: z.literal("dependency"), name: text, file: text, why: text }),
  z.strictObject({
    kind: z.literal("checks-not-green"),
    status: z.enum([
      "none",
      "base-red",
      "exit-code-only",
      "exit-code-red-on-base",
      "exit-code-green-on-base",
      "partly-by-test",
      "red",
      "incomplete",
      "missing",
    ]),
  }),
  z.strictObject({
    kind: z.enum([
      "newly-flaky",
      "needs-own-control",
      "new-tests-green-on-base",
      "tests-notice-nothing",
      "unasked-renames",
    ]),
    ...tests,
  }),
  onlySkippedFact,
  z.strictObject({ kind: z.enum(["build-writes", "own-tests-only"]), path: text, more: count }),
  /** `by`: a file that names the document; null: the base's tests open it, or it is not known what they open. */
  z.strictObject({ kind: z.literal("document-used"), path: text, by: text.nullable(), more: count }),
  z.strictObject({
    kind: z.literal("lost-assertions"),
    path: text,
    before: z.int(),
    after: z.int(),
    named: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("test-finding"),
    finding: text,
    place: text,
    test: text.nullable(),
    text,
    named: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("changed-tests"), path: text, ...tests, old_form: oldForm }),
  z.strictObject({ kind: z.literal("moved-tests"), path: text, ...tests }),
  z.strictObject({ kind: z.literal("test-settings"), path: text, setting: text }),
  /**
   * `unwatched`: the base's checks could not be watched, or what they did was only partly recorded. `branch-only`: aedev may not push here on its own;
   * an approval permits a branch with this change.
   */
  z.strictObject({ kind: z.enum(["unwatched", "branch-only"]) }),
  /** Another task of the repository has landed the same change (`commit`), or is landing it (null). */
  z.strictObject({ kind: z.literal("same-change"), task: text, commit: text.nullable() }),
  /** The record of changes of this kind that merged by themselves contradicts the bound of the profile. */
  z.strictObject({
    kind: z.literal("lane-closed"),
    repository: text,
    change: laneKindSchema,
    merged: count,
    bad: count,
    over: laneOverSchema,
  }),
  /** A new file is where the base's tests looked in vain for one. `module`: it has the name of a Python module that the tests load. */
  z.strictObject({ kind: z.literal("takeover"), path: text, probed: text, module: z.boolean() }),
  /** `test-support`: a changed file that the base's tests open and production code does not. */
  z.strictObject({ kind: z.enum(["shared-by-tests", "test-support"]), path: text }),
  /** A run was to add tests to the change, but a person must still be asked. `code`: of the hold; null: there was no hold. */
  z.strictObject({ kind: z.literal("run-for-tests"), cause: runForTestsEndSchema, code }),
  revertFact,
  /** `reverted-tests`: tests that the reverted change added or edited go back with it. `revert-repairs`: tests that fail on the branch now pass with the revert. */
  z.strictObject({ kind: z.enum(["reverted-tests", "revert-repairs"]), ...tests }),
  /** Of earlier versions, whose scores were points. */
  z.strictObject({ kind: z.literal("profile"), profile: text, merges: text, level: text, score: z.int() }),
  /** In thousandths. `bound`: below it, the profile merges; 0: it merges nothing. `profile` null: above the bound, every change is held. */
  z.strictObject({ kind: z.literal("chance-of-harm"), chance: count, bound: count, profile: text.nullable() }),
]);
/** One fact about a change; `kind` says which. */
export type Fact = z.infer<typeof fact>;

const typedReason = z.discriminatedUnion("kind", [
  ...fact.options,
  /** A hard gate with its causes. */
  z.strictObject({ kind: z.literal("hold"), code: holdCodeSchema, causes: z.array(fact), more: count }),
  z.strictObject({ kind: z.literal("more"), count }),
]);
/** A string is a sentence that was stored before reasons were typed. It is shown as it is and never parsed. */
export const reasonSchema = z.union([typedReason, text]);
export type Reason = z.infer<typeof reasonSchema>;

/** How a client shows text that the change's author wrote. Null omits a detail. */
export type Show = (text: string, as: "name" | "detail" | "sentence") => string | null;
const whole: Show = (text) => text;

const [sentenceCharactersMax, listCharactersMax] = [500, 300];
const [causesMax, testsMax] = [50, 20];

/** The names that a fact stores, at most twenty: a change may break thousands of tests. */
export function namedTests(ids: readonly string[]): { tests: string[]; more: number } {
  return { tests: ids.slice(0, testsMax).map(bounded), more: Math.max(0, ids.length - testsMax) };
}

/** A hold as the log stores it, with its first causes; no sentence appears twice. */
export function holdReason(code: HoldCode, all: readonly Fact[]): Reason {
  const causes = withoutTwins(all);
  return { kind: "hold", code, causes: causes.slice(0, causesMax), more: Math.max(0, causes.length - causesMax) };
}

/** The name, shortened to at most 300 characters. */
export function bounded(name: string): string {
  return truncateText(name, listCharactersMax);
}

/** The causes of a hold as one line of at most 500 characters. */
export function causesText(causes: readonly Fact[]): string {
  return listed(withoutTwins(causes).map((cause) => reasonText(cause)));
}

/** The causes without those whose sentence another cause already has. */
function withoutTwins(causes: readonly Fact[]): Fact[] {
  return [...new Map(causes.map((cause) => [reasonText(cause), cause])).values()];
}

/** The sentence of a reason in at most 500 characters. */
export function reasonText(reason: Reason, show: Show = whole): string {
  return truncateText(sentence(reason, show), sentenceCharactersMax);
}

function sentence(reason: Reason, show: Show): string {
  const name = (chosen: string) => show(chosen, "name") ?? "";
  const inParens = (chosen: string) => wrapped(show(chosen, "detail"), " (", ")");
  const list = ({ tests: names, more }: { tests: string[]; more: number }) =>
    wrapped(summarizeList(names.map(name), listCharactersMax, more), ": ");
  if (typeof reason === "string") return show(reason, "sentence") ?? "";
  switch (reason.kind) {
    case "hold":
      return `${reason.code}: ${listed(
        reason.causes.map((cause) => reasonText(cause, show)),
        { more: reason.more, charactersMax: sentenceCharactersMax - reason.code.length - 2 },
      )}`;
    case "more":
      return `and ${reason.count} more reasons`;
    case "secret":
      return `${name(reason.path)}:${reason.line} (${reason.rule})`;
    case "forbidden-path":
    case "unsafe-path":
      return `${name(reason.path)}${inParens(reason.why)}`;
    case "test-broken":
      return `${reason.how}: ${name(reason.test)}`;
    case "checks-say":
      return `${reason.incomplete ? "checks incomplete: " : ""}${show(reason.text, "sentence") ?? ""}`;
    case "evidence-missing":
      return `${reason.name} missing`;
    case "stayed-green":
      return `tests pass on the new code whatever they expect, so their result says nothing${list(reason)}`;
    case "bytes-changed":
      return bytesChangedSentence(reason, { path: name(reason.path), inParens });
    case "ignored-files":
    case "submodule-files":
      return `${notTakenTexts[reason.kind]}${list(reason)}`;
    case "replay-differs":
      return `changed functions give other results than in the tests${list({ tests: reason.calls, more: reason.more })}`;
    case "replay-unsure":
      return reason.calls.length === 0
        ? "the calls of changed functions could not be repeated outside the tests"
        : `new or changed functions give other results than in the tests, which may be meant${list({ tests: reason.calls, more: reason.more })}`;
    case "implementations-differ":
      return `the code that another run made from the same mission gives other results${list({ tests: reason.calls, more: reason.more })}`;
    case "nothing-proven":
      return `no test of the base was shown able to fail (${reason.green} green before and after the change)`;
    case "independent-tests":
      return `tests that another run wrote from the mission alone fail on this change${list(reason)}`;
    case "independent-tests-missing":
      return `another run was to write tests from the mission alone, but ${whyMissingTexts[reason.why]}${reason.code === null ? "" : `: ${reason.code}`}`;
    case "unneeded-code":
      if (reason.parts.length === 0)
        return `whether the tests need each part of the changed code could not be tried${whyUntried(reason)}`;
      return `tests pass without parts of the changed code${list({ tests: reason.parts, more: reason.more })}`;
    case "judge-said":
      return `${reason.family} ${reason.said}`;
    case "judge-not-configured":
      return reason.family;
    case "judge-unqualified":
      return `${reason.family}: ${reason.why}`;
    case "too-few-judges":
      return `${reason.passed} of ${reason.required} necessary judges passed it`;
    case "uncounted-pass":
      return `the pass of ${reason.family} does not count: ${reason.why}`;
    case "judge-flip":
      return `${reason.family} failed the change in one of its two views and passed it in the other`;
    case "risk":
      return `risk ${reason.score} of 100: ${reason.shares.map(({ factor, points }) => `${factor} ${points}`).join(", ")}`;
    case "would":
      return reason.answer === "merge"
        ? "aedev would merge it, but may not push it"
        : "aedev would ask about it, but may not push it";
    case "branch-only":
      return "aedev may not push here on its own: an approval pushes the change to a branch of its own";
    case "same-change":
      return `same change as ${name(reason.task)}, which ${reason.commit === null ? "is landing" : `landed as ${name(reason.commit).slice(0, 12)}`}`;
    case "lane-closed":
      return laneClosedText({ ...reason, kind: reason.change }, reason.repository);
    case "never-alone":
      return `never merged without approval: ${name(reason.path)}${inParens(reason.rule)}`;
    case "dependency": {
      // "*": the file as a whole, or dependencies as a whole.
      const where = reason.file === "*" ? "dependencies" : name(reason.file);
      const what = reason.name === "*" ? where : `dependency ${name(reason.name)} in ${where}`;
      return `${what}${wrapped(show(reason.why, "detail"), ": ")}`;
    }
    case "checks-not-green":
      return checksSentences[reason.status];
    case "newly-flaky":
      return `tests fail by chance with the change, and never or much less often without it${list(reason)}`;
    case "new-tests-skipped":
      return `new tests are skipped${list(reason)}`;
    case "only-skipped-tests":
      return onlySkippedSentence(reason, name);
    case "new-tests-green-on-base":
      return `the new tests do not test the change: none fails on the base${list(reason)}`;
    case "tests-notice-nothing":
      return `no fault that was put into the code makes these new tests fail${list(reason)}`;
    case "unasked-renames":
      return `the change renames or removes what code outside the repository may use, and the mission does not name it${list(reason)}`;
    case "needs-own-control":
      return `new tests pass only with the test settings that the change brings${list(reason)}`;
    case "build-writes":
      return `the change's build writes to installed packages, which the base's does not: ${name(reason.path)}${reason.more > 0 ? ` and ${reason.more} more` : ""}`;
    case "document-used":
      return `more than a text to read: ${reason.by === null ? "the base's tests may open" : `${name(reason.by)} names`} ${name(reason.path)}${reason.more > 0 ? ` and ${reason.more} more` : ""}`;
    case "own-tests-only":
      return `tests in a changed file gave no results in their old form, so only the new form ran: ${name(reason.path)}${reason.more > 0 ? ` and ${reason.more} more` : ""}`;
    case "lost-assertions":
      return `tests check less${reason.named ? `, ${asNamed}` : ""}: ${name(reason.path)} (${reason.before} assertions, now ${reason.after})`;
    case "test-finding": {
      const test = reason.test === null ? "" : `: ${name(reason.test)}`;
      const detail = reason.text === "" ? "" : inParens(reason.text);
      return `${reason.named ? `${asNamed}: ` : ""}${reason.finding}: ${name(reason.place)}${test}${detail}`;
    }
    case "changed-tests":
      return `existing tests are changed, and ${oldForms[reason.old_form]}: ${name(reason.path)}${list(reason)}`;
    case "moved-tests":
      return `tests moved to another file: ${name(reason.path)}${list(reason)}`;
    case "shared-by-tests":
      return `changed code that tests share, or may share: ${name(reason.path)}`;
    case "test-settings":
      return `changed how tests run or count (${reason.setting}): ${name(reason.path)}`;
    case "unwatched":
      return "what the base's tests do with files could not be watched completely";
    case "takeover":
      return reason.module
        ? `the change adds a file with the name of a Python module that the tests load: ${name(reason.path)}${inParens(reason.probed)}`
        : `the change adds a file that the base's tests looked for and did not find: ${name(reason.path)}${inParens(reason.probed)}`;
    case "test-support":
      return `changed a file that only the tests use: ${name(reason.path)}`;
    case "run-for-tests": {
      const code = reason.code === null ? "" : `: ${reason.code}`;
      return `a run to add tests to this change ${runForTestsEndTexts[reason.cause]}${code}`;
    }
    case "revert": {
      const { merged, more } = reason;
      const kept = list({ tests: merged, more });
      const files = `${reason.restored} ${reason.restored === 1 ? "file goes" : "files go"} back to exactly what ${reason.restored === 1 ? "it was" : "they were"}`;
      return `takes back ${name(reason.commit).slice(0, 12)} of ${name(reason.task)}, which a person decides: ${files}${kept === "" ? "" : `; later changes stay in${kept}`}`;
    }
    case "reverted-tests":
      return `tests that the reverted change brought or changed go back with it${list(reason)}`;
    case "revert-repairs":
      return `tests that fail without the revert pass with it${list(reason)}`;
    case "profile": {
      const limit = reason.merges === "none" ? "never auto-merges" : `auto-merges up to ${reason.merges} risk`;
      return `profile ${reason.profile} ${limit}; risk is ${reason.level} (${reason.score})`;
    }
    case "chance-of-harm": {
      const [chance, bound] = [reason.chance, reason.bound].map((one) => chanceText(one / 1000));
      const estimate = `the estimated chance of harm is ${chance}`;
      if (reason.profile === null) return `${estimate}, above the ${bound} from which every change is held`;
      if (reason.bound === 0) return `the profile ${reason.profile} merges no change without a person; ${estimate}`;
      return `${estimate}; the profile ${reason.profile} merges below ${bound}`;
    }
  }
}

const asNamed = "as the mission allows";
const oldForms = {
  green: "their old versions still pass",
  weaker: "may notice fewer faults than before",
  red: "their old versions fail",
  "not-run": "their old versions gave no results",
};

function listed(items: readonly string[], { more = 0, charactersMax = sentenceCharactersMax } = {}): string {
  return summarizeList(items, charactersMax, more);
}

function wrapped(inner: string | null, before: string, after = ""): string {
  return inner === null || inner === "" ? "" : `${before}${inner}${after}`;
}
