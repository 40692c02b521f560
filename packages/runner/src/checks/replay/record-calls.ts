/** Runs the tests once with the recorder in the changed files, and reads the calls that they made. The tests' results are not used. */
import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import type { UnrecordedFile } from "@aedev/contracts";
import { readRegular } from "@aedev/host/nofollow-read";
import { z } from "zod";
import type { RunnerContext } from "../../engine/context.ts";
import { randomName } from "../../engine/random-name.ts";
import { makeFolder } from "../../prepare/archive.ts";
import { type CheckEntries, type CheckEntry, readBlob, writeBlob } from "../../tree/check-tree.ts";
import type { CoverageRun } from "../coverage/coverage.ts";
import { type NamedConstants, namedConstants } from "../explore/named-constants.ts";
import { runPass } from "../pass/pass.ts";
import { checkout } from "../pass/sealed-checkout.ts";
import type { TestedChange } from "../proof/proof.ts";
import { instrumented, sourceBytesMax } from "./instrumented.ts";
import { aboutLanguage, instrumentPython, javascriptRecorder, replayLanguageOf, replayLanguages } from "./languages.ts";
import { type PreparedGo, prepareGo } from "./prepare-go.ts";
import { type RecordedCalls, readCalls } from "./recorded-calls.ts";

const filesMax = 20;
const recordBytesMax = 8 * 1024 * 1024;
/** Time limit of a run that only records; calls recorded until then count. */
const recordingTimeoutMs = 20_000;

export interface RecordingRequest extends TestedChange {
  /** Environment variables that the specification names. */
  variables: readonly string[];
  /** The run of the same tests that also measures coverage; null if there is none. */
  coverage: CoverageRun | null;
  /** The code of another run, on which Go's calls are repeated too. */
  other?: CheckEntries;
}

const instrumentedSchema = z.strictObject({ text: z.string(), style: z.enum(["module", "commonjs"]) }).nullable();

/** The changed files that can be recorded, with their instrumented text, and those that can't. */
export async function instrumentFiles(
  { checkContext, base, candidate, other, isTestCode, variables, coverage }: RecordingRequest,
  target: string,
): Promise<{ texts: Map<string, string>; go: PreparedGo; unrecorded: UnrecordedFile[] }> {
  const unrecorded: UnrecordedFile[] = [];
  const texts = new Map<string, string>();
  const goTexts = new Map<string, string>();
  const scripts: { path: string; text: string; recorder: string }[] = [];
  for (const [path, { id, mode }] of candidate) {
    const language = replayLanguageOf(path);
    if (language === null || !mode.startsWith("100") || base.get(path)?.id === id) continue;
    if (checkContext.isTest(path) || isTestCode(path)) continue;
    const leave = (why: UnrecordedFile["why"]) => unrecorded.push({ path, why });
    if (!checkContext.plans.some((plan) => aboutLanguage[language].isRunBy(plan))) leave("no-runner");
    else if (texts.size + goTexts.size + scripts.length === filesMax) leave("too-many");
    else {
      const original = await readBlob(checkContext.objects, id);
      const content = await readBlob(checkContext.objects, coverage?.entries.get(path)?.id ?? id);
      const text = content.toString("utf8").toWellFormed();
      if (original.length > sourceBytesMax || !isUtf8(original)) leave("unreadable");
      else if (language === "python") texts.set(path, instrumentPython(text, path, target));
      else if (language === "go") goTexts.set(path, text);
      else
        scripts.push({
          path,
          text,
          recorder: javascriptRecorder(target, {
            path,
            root: checkout,
            variables: variables.filter((name) => text.includes(name)),
          }),
        });
    }
  }
  const { answers } = await instrumented(scripts, instrumentedSchema);
  for (const [index, { path }] of scripts.entries()) {
    const answer = answers[index];
    if (answer == null) unrecorded.push({ path, why: "no-functions" });
    else texts.set(path, answer.text);
  }
  const own = `x${randomName()}`;
  const go: PreparedGo =
    goTexts.size === 0
      ? { replay: null, recordsAll: true }
      : await prepareGo({ checkContext, base, candidate, other, texts: goTexts, target, own });
  for (const path of goTexts.keys()) {
    const text = go.replay?.texts.get(path);
    if (text === undefined) unrecorded.push({ path, why: "no-functions" });
    else texts.set(path, text);
  }
  return { texts, go, unrecorded };
}

/** The literals in changed lines of code, without tests and control files. */
export async function changedConstants({
  checkContext: { objects, isTest },
  base,
  candidate,
  isTestCode,
}: TestedChange): Promise<NamedConstants> {
  const contentsOf = async (tree: CheckEntries, other: CheckEntries): Promise<string[]> => {
    const contents: string[] = [];
    for (const [path, { id, mode }] of tree) {
      if (replayLanguageOf(path) === null || !mode.startsWith("100") || other.get(path)?.id === id) continue;
      if (isTest(path) || isTestCode(path) || contents.length === filesMax) continue;
      const content = await readBlob(objects, id);
      if (content.length <= sourceBytesMax) contents.push(content.toString("utf8").toWellFormed());
    }
    return contents;
  };
  return namedConstants(await contentsOf(base, candidate), await contentsOf(candidate, base));
}

/** Runs the tests once on the instrumented files. Only the calls are used, not the results. */
export async function recordCalls(
  { checkContext, candidate, coverage }: Pick<RecordingRequest, "checkContext" | "candidate" | "coverage">,
  options: {
    instrumented: ReadonlyMap<string, string>;
    /** Added files that the tree lacks. */
    added: ReadonlyMap<string, string>;
    folder: string;
    names: { folder: string; file: string };
    environment: Readonly<Record<string, string>>;
  },
  context: RunnerContext,
): Promise<RecordedCalls> {
  const entries = new Map<string, CheckEntry>(coverage?.entries ?? candidate);
  for (const [path, text] of options.instrumented) {
    const entry = entries.get(path);
    if (entry !== undefined) entries.set(path, { ...entry, id: await writeBlob(checkContext.objects, text) });
  }
  for (const [path, text] of options.added)
    entries.set(path, { mode: "100644", id: await writeBlob(checkContext.objects, text) });
  const kept = join(options.folder, randomName());
  await makeFolder(kept, context.user);
  const { outputsOf, ...shared } = checkContext;
  // Instrumented files need no new build.
  const own = outputsOf === undefined ? shared.outputs : await outputsOf(candidate);
  const outputs = coverage === null ? own : coverage.outputs;
  const timeoutMs = coverage?.timeoutMs ?? Math.min(recordingTimeoutMs, shared.limits.check_timeout_ms);
  const found = replayLanguages.filter((one) =>
    [...options.instrumented.keys()].some((path) => replayLanguageOf(path) === one),
  );
  const plans = shared.plans.filter((plan) => found.some((one) => aboutLanguage[one].isRunBy(plan)));
  const limited = { ...shared, plans, outputs, limits: { ...shared.limits, check_timeout_ms: timeoutMs } };
  const mounts = [...(coverage?.mounts ?? []), { source: kept, target: options.names.folder, readOnly: false }];
  const { environment } = options;
  const passes = await runPass(limited, { entries, withSentinels: false, mounts, environment }, context);
  coverage?.noteRun(plans, passes);
  const file = await readRegular(join(kept, options.names.file), recordBytesMax);
  const { isTest } = checkContext;
  const read = readCalls(file?.bytes.toString("utf8") ?? "", new Set(options.instrumented.keys()), isTest);
  const isPart = file !== null && file.sizeBytes > file.bytes.length;
  return isPart ? { ...read, unlisted: read.unlisted + 1 } : read;
}
