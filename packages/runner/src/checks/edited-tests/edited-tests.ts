/**
 * Runs both forms of test files that are edited alone on mutants of the code (ADR 0041): if the change's form kills fewer of them than the base's form, it checks
 * less.
 * Contract: it never fails the checks; it reports how many mutants could not be tried.
 *
 * Folder: both forms of edited test files run on mutants.
 */
import type { Cell, EditedTests } from "@aedev/contracts";
import { languageOf } from "@aedev/languages";
import type { RunnerContext } from "../../engine/context.ts";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import { runsLanguage } from "../coverage/coverage.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { codeFiles, differsInTestsOnly, isCellGreen, killersIn, mutantsIn, triedMax } from "../mutants/code-mutants.ts";
import { controlRunsMax, flakyTests, isGreenBut, runWithTexts, withComment } from "../pass/run-with-texts.ts";
import { proof, type TestedChange } from "../proof/proof.ts";
import { bringsOnlyTests } from "./edited-files.ts";

const timeMs = 120_000;
const [pathsMax, pathCharactersMax] = [100, 1000];
/** If more tests fail, the mutant breaks everything and shows nothing about single tests. */
const killersMax = 100;
const excerptCharactersMax = 80;

type EditedTestsRequest = TestedChange & { oldTests: CheckEntries };

/** Null if the change edits no test of the base, or if code changes too: then what the base's form gives on it says more. */
export const editedTests = proof({
  name: "edited tests",
  needs: { tested: testMatrix },
  async prove(_change, { tested }, context) {
    const { oldTests } = tested;
    return oldTests === null ? null : compareEditedTests({ ...tested, oldTests }, context);
  },
});

async function compareEditedTests(request: EditedTestsRequest, context: RunnerContext): Promise<EditedTests | null> {
  const { checkContext, matrix, candidate, oldTests } = request;
  const cells = [matrix.cells["old-tests-new-code"], matrix.cells["new-tests-new-code"]] as const;
  if (!cells.every(isCellGreen) || !differsInTestsOnly(request)) return null;
  const edited = await editedFiles(request);
  if (edited.length === 0 || edited.length > pathsMax || edited.some(({ path }) => path.length > pathCharactersMax))
    return null;
  const files = await codeFiles(request, edited);
  const plans = checkContext.plans.filter(({ runner }) => files.some(({ language }) => runsLanguage(runner, language)));
  if (plans.length === 0) return null;
  const mutants = await mutantsIn(files);
  const paths = edited.map(({ path }) => path);
  const none = (why: EditedTests["why_untried"]): EditedTests => ({
    paths,
    tried: 0,
    untried: 0,
    why_untried: why,
    mutants: [],
  });
  if (mutants === null) return none("unreadable");
  if (mutants.length === 0) return null;
  const longestMs = Math.max(0, ...cells.flatMap(({ commands }) => commands.map(({ duration_ms: ms }) => ms)));
  if (8 * longestMs > timeMs) return none("no-time");
  checkContext.progress("checks: running both forms of edited tests on mutants of the code");
  const began = performance.now();
  const run = (tree: CheckEntries, texts: ReadonlyMap<string, string>) =>
    runWithTexts(checkContext, tree, { texts, plans, longestMs }, context);
  const control = new Map(files.map(({ path, text, language }) => [path, withComment(text, language)]));
  const flaky = flakyTests(matrix);
  for (const tree of [oldTests, candidate])
    for (let time = 1; ; time += 1) {
      const passes = await run(tree, control);
      if (typeof passes === "string") return none(passes === "unbuildable" ? "control-failed" : "unavailable");
      if (passes.every((pass) => isGreenBut(pass, flaky))) break;
      if (time === controlRunsMax) return none("control-failed");
    }
  const found: EditedTests["mutants"] = [];
  let tried = 0;
  for (const { path, text, mutant } of mutants.slice(0, triedMax)) {
    if (performance.now() - began > timeMs - 2 * longestMs) break;
    const texts = new Map([[path, text]]);
    const killed = await killedBy((form) => run(form === "old" ? oldTests : candidate, texts), cells);
    if (killed === "unrun") break;
    // Leaving out a mutant that the new form may miss would hide a weaker test.
    if (killed === "unsure") return none("unavailable");
    tried += 1;
    if (killed === null) continue;
    const { line, before, after } = mutant;
    found.push({
      path: path.slice(0, pathCharactersMax).toWellFormed(),
      line,
      before: excerpt(before),
      after: excerpt(after),
      killed_by_old: killed.old,
      killed_by_new: killed.now,
    });
  }
  const untried = Math.min(triedMax, mutants.length) - tried;
  return tried === 0 && untried > 0 ? none("unavailable") : { paths, tried, untried, mutants: found };
}

/**
 * The tests that kill a mutant, in the base's form and the change's; null if the base's form kills none or too many to tell. `unrun`: the base's form could not
 * run. `unsure`: the base's form killed the mutant, but a run needed for the comparison failed.
 */
export async function killedBy(
  run: (form: "old" | "new") => ReturnType<typeof runWithTexts>,
  [ofOld, ofNew]: readonly [Cell, Cell],
): Promise<{ old: string[]; now: string[] } | null | "unrun" | "unsure"> {
  const old = await run("old");
  if (old === "unavailable") return "unrun";
  const killers = killersIn(old, ofOld);
  if (killers.length === 0 || killers.length > killersMax) return null;
  const now = await run("new");
  if (now === "unavailable") return "unsure";
  const killedNow = killersIn(now, ofNew).filter((id) => killers.includes(id));
  if (killedNow.length === killers.length) return { old: killers, now: killedNow };
  // A test that killed the mutant only in the old form may have failed by chance.
  const again = await run("old");
  if (again === "unavailable") return "unsure";
  const confirmed = new Set([...killersIn(again, ofOld), ...killedNow]);
  return { old: killers.filter((id) => confirmed.has(id)), now: killedNow };
}

/** Slicing may cut a character in half, so the result is made well-formed. */
const excerpt = (text: string) => text.slice(0, excerptCharactersMax).toWellFormed();

async function editedFiles({ checkContext, base, candidate, isTestCode }: EditedTestsRequest) {
  const { isTest, objects } = checkContext;
  const found: { path: string; before: string; after: string }[] = [];
  for (const [path, { id, mode }] of candidate) {
    const old = base.get(path);
    if (
      !isTest(path) ||
      isTestCode(path) ||
      old === undefined ||
      old.id === id ||
      languageOf(path)?.testParser === undefined
    )
      continue;
    if (!mode.startsWith("100") || !old.mode.startsWith("100")) continue;
    const [before, after] = [await readBlob(objects, old.id), await readBlob(objects, id)].map((one) =>
      one.toString("utf8"),
    );
    if (before === undefined || after === undefined || bringsOnlyTests({ before, after })) continue;
    found.push({ path, before, after });
  }
  return found;
}
