/** Finds a commit's settings like `aedev repo add` with every proposal accepted: detection, then trials until one is green with single tests. */
import { randomBytes } from "node:crypto";
import { type RepositorySettings, repositoryNameSchema, repositorySettingsSchema, runIdSchema } from "@aedev/contracts";
import { detectRepository, wantedFiles } from "../../packages/daemon/src/repository/detect/detect-repository.ts";
import { readTrial } from "../../packages/daemon/src/repository/detect/read-trial.ts";
import { performTryRepository } from "../../packages/runner/src/checks/try-repository.ts";
import { imageReference, type Laboratory } from "../../packages/runner/test/checks/laboratory.ts";
import { type Clone, pathsOf, taggedVersion, textAt } from "./history.ts";
import { heldText, limits } from "./limits.ts";

const textBytesMax = 256 * 1024;
const triedMax = 4;

/** The proposal and its alternatives, in order. */
export async function proposedSettings(clone: Clone, commit: string): Promise<RepositorySettings[]> {
  const paths = await pathsOf(clone, commit);
  const wanted = wantedFiles(paths);
  const texts = new Map<string, string | null>();
  for (const path of wanted) texts.set(path, await textAt(clone, { commit, path, bytesMax: textBytesMax }));
  const files = { paths, texts, taggedVersion: await taggedVersion(clone, commit) };
  const found = detectRepository(files, { overlay: {}, image: null, runnerImage: imageReference });
  const settings = { ...found.settings, image: found.needsImage?.image ?? null };
  const others = found.alternatives.map((one) => repositorySettingsSchema.parse({ ...settings, ...one.settings }));
  return [settings, ...others].slice(0, triedMax);
}

/** The first settings that are green on the base with results of single tests, with the folders that its tests write to; otherwise why the last are not. */
export async function greenSettings(
  laboratory: Laboratory,
  { name, base, proposed }: { name: string; base: string; proposed: readonly RepositorySettings[] },
): Promise<RepositorySettings | string> {
  let why = "nothing says how it is tested";
  for (const settings of proposed) {
    if (settings.verify.length === 0) continue;
    const run = runIdSchema.parse(`r-${randomBytes(8).toString("hex")}`);
    const work = {
      ...{ kind: "TryRepository" as const, work_id: "w", nonce: "0".repeat(32), generation: 1 },
      ...{ repository: repositoryNameSchema.parse(name), base_commit: base, run_id: run, settings, limits },
    };
    const tried = await performTryRepository(work, laboratory.context, new AbortController().signal).catch(heldText);
    if (typeof tried === "string") {
      why = tried;
      continue;
    }
    const reading = readTrial(tried);
    const isPerTest = reading.commands.some(({ tests }) => tests !== null && tests.passed > 0);
    if (reading.outcome === "green" && isPerTest)
      return reading.writable.length === 0
        ? settings
        : { ...settings, writable: [...(settings.writable ?? []), ...reading.writable] };
    const red = reading.commands.find(({ exit_code }) => exit_code !== 0);
    why =
      reading.outcome === "green"
        ? "no result per test"
        : `${reading.outcome}: ${reading.detail ?? red?.failing.join(", ") ?? ""} ${red?.output_tail.slice(-300) ?? ""}`;
  }
  return why.replaceAll(/\s+/gu, " ").trim();
}
