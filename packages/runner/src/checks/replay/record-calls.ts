/** Runs the tests once with the recorder in the changed files, and reads which calls they made. The tests' results are not used. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { RunnerContext } from "../../engine/context.ts";
import { makeFolder } from "../../prepare/archive.ts";
import { type CheckEntries, type CheckEntry, readBlob, writeBlob } from "../../tree/check-tree.ts";
import { type CheckContext, runPass } from "../pass/pass.ts";
import { type RecordedCalls, readCalls } from "./recorded-calls.ts";

const filesMax = 20;
const fileBytesMax = 256 * 1024;
const recordBytesMax = 8 * 1024 * 1024;
/** Recording ends then; what was recorded counts. */
const recordingTimeoutMs = 20_000;
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 32 * 1024 * 1024 };
const source = /(?<!\.d)\.(?:[cm]?[jt]s|[jt]sx)$/u;
const notSource = /(?:^|\/)(?:node_modules\/|[^/]*\.config\.[cm]?[jt]s$)/u;

const textAt = (url: URL) => readFileSync(url, "utf8").trim().replace(/;$/u, "");
const recorder = textAt(new URL("./inside/recorder.cjs", import.meta.url));
/** Plain data as text and back: an expression. */
export const plainValues = textAt(new URL("./inside/plain-values.cjs", import.meta.url));

export interface RecordingRequest {
  checkContext: CheckContext;
  base: CheckEntries;
  /** The tree of new tests on new code. */
  candidate: CheckEntries;
  isControl: (path: string) => boolean;
}

const instrumentedSchema = z.strictObject({ text: z.string(), style: z.enum(["module", "commonjs"]) }).nullable();

/** Changed files that export functions, with their instrumented text. */
export async function instrumentFiles(
  { checkContext, base, candidate, isControl }: RecordingRequest,
  target: string,
): Promise<Map<string, string>> {
  const changed = [...candidate].filter(
    ([path, { id, mode }]) =>
      mode.startsWith("100") &&
      source.test(path) &&
      !notSource.test(path) &&
      !checkContext.isTest(path) &&
      !isControl(path) &&
      base.get(path)?.id !== id,
  );
  const files: { path: string; text: string; recorder: string }[] = [];
  for (const [path, { id }] of changed.slice(0, filesMax)) {
    const content = await readBlob(checkContext.objects, id);
    if (content.length > fileBytesMax) continue;
    const own = `(${recorder})(${plainValues}, ${JSON.stringify(target)}, ${JSON.stringify(path)}, exported)`;
    files.push({ path, text: content.toString("utf8").toWellFormed(), recorder: own });
  }
  if (files.length === 0) return new Map();
  const script = fileURLToPath(new URL("./instrument-child.ts", import.meta.url));
  const lines = (await runBoundedChild(script, files, childBounds)).stdout.split("\n");
  return new Map(
    files.flatMap(({ path }, index) => {
      const answer = instrumentedSchema.safeParse(parseJson(lines[index] ?? "")).data;
      return answer == null ? [] : [[path, answer.text] as const];
    }),
  );
}

/** Runs the tests once on the instrumented files. Only the calls are used, no result. */
export async function recordCalls(
  { checkContext, candidate }: Pick<RecordingRequest, "checkContext" | "candidate">,
  options: { instrumented: ReadonlyMap<string, string>; folder: string; names: { folder: string; file: string } },
  context: RunnerContext,
): Promise<RecordedCalls> {
  const entries = new Map<string, CheckEntry>(candidate);
  for (const [path, text] of options.instrumented) {
    const entry = entries.get(path);
    if (entry !== undefined) entries.set(path, { ...entry, id: await writeBlob(checkContext.objects, text) });
  }
  const kept = join(options.folder, randomName());
  await makeFolder(kept, context.user);
  const { outputsOf, ...shared } = checkContext;
  // Instrumented files are not a reason to build again.
  const outputs = outputsOf === undefined ? shared.outputs : await outputsOf(candidate);
  const timeoutMs = Math.min(recordingTimeoutMs, shared.limits.check_timeout_ms);
  const limited = { ...shared, outputs, limits: { ...shared.limits, check_timeout_ms: timeoutMs } };
  const mounts = [{ source: kept, target: options.names.folder, readOnly: false }];
  await runPass(limited, { entries, withSentinels: false, mounts }, context);
  const file = await readRegular(join(kept, options.names.file), recordBytesMax);
  return readCalls(file?.bytes.toString("utf8") ?? "", new Set(options.instrumented.keys()));
}

function randomName(): string {
  return randomBytes(8).toString("hex");
}
