/** Finds a commit's settings like `aedev repo add` with every proposal accepted: detection, then trials until one is green with single tests. */
import { randomBytes } from "node:crypto";
import { type RepositorySettings, repositoryNameSchema, repositorySettingsSchema, runIdSchema } from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
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

/** Settings that are green on the base, with the folders that its tests write to. */
export interface Green {
  readonly settings: RepositorySettings;
  /** How long their commands took. */
  readonly seconds: number;
}

type Trial = Pick<Tried, "outcome" | "commands" | "writable" | "detail">;

/** The first that are green on the base with results of single tests; otherwise why the last are not. */
export async function greenSettings(
  proposed: readonly RepositorySettings[],
  tryOut: (settings: RepositorySettings) => Promise<Trial>,
): Promise<Green | string> {
  let why = "nothing says how it is tested";
  for (const settings of proposed.filter(({ verify }) => verify.length > 0)) {
    const tried = await tryOut(settings).catch(heldText);
    if (typeof tried === "string") {
      why = tried;
      continue;
    }
    const { outcome, commands, writable, detail } = tried;
    if (outcome === "green" && commands.some(({ tests }) => tests !== null && tests.passed > 0)) {
      const seconds = commands.reduce((sum, command) => sum + command.duration_ms, 0) / 1000;
      const written = [...(settings.writable ?? []), ...writable];
      return { settings: { ...settings, ...(written.length === 0 ? {} : { writable: written }) }, seconds };
    }
    const red = commands.find(({ exit_code }) => exit_code !== 0);
    why =
      outcome === "green"
        ? "no result per test"
        : `${outcome}: ${detail ?? red?.failing.join(", ") ?? ""} ${red?.output_tail.slice(-300) ?? ""}`;
  }
  return why.replaceAll(/\s+/gu, " ").trim();
}

/** Runs settings on the base with the runner alone. */
export async function tryInLaboratory(
  laboratory: Laboratory,
  { name, base, settings }: { name: string; base: string; settings: RepositorySettings },
): Promise<Trial> {
  const run = runIdSchema.parse(`r-${randomBytes(8).toString("hex")}`);
  const work = {
    ...{ kind: "TryRepository" as const, work_id: "w", nonce: "0".repeat(32), generation: 1 },
    ...{ repository: repositoryNameSchema.parse(name), base_commit: base, run_id: run, settings, limits },
  };
  return readTrial(await performTryRepository(work, laboratory.context, new AbortController().signal));
}
