/** Makes calls on several trees, each in a container and bare processes of its own, so that no version can leave anything behind for another. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runShell } from "../../engine/clean-container.ts";
import type { RunnerContext } from "../../engine/context.ts";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { makeFolder } from "../../prepare/archive.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import { checkout, sealCheckout } from "../pass/sealed-checkout.ts";
import {
  type BareRun,
  bareRuns,
  type Drawn,
  drawSurroundings,
  type Of,
  readOutcomes,
  recordedLanguages,
} from "./bare-runs.ts";
import type { Outcomes } from "./call-outcomes.ts";
import { aboutLanguage, type ReplayLanguage, replayLanguages } from "./languages.ts";
import type { OtherCalls } from "./other-calls.ts";
import type { GoReplay } from "./prepare-go.ts";
import type { RecordedCalls } from "./recorded-calls.ts";

/** All trees, in the order in which they are called: the base first, because without it nothing can be compared. */
const callable = ["base", "other", "candidate"] as const satisfies readonly Of[];
const replayTimeoutMs = 90_000;
/** Additional time for the build with an empty cache. */
const goBuildTimeoutMs = 120_000;

const silent: Outcomes = {
  once: new Map(),
  often: new Map(),
  repeated: new Set(),
  afterwards: new Map(),
  endedEarly: new Set(),
  stopped: new Map(),
};
/** No outcome of any call. */
export const nowhere: Record<Of, Outcomes> = { base: silent, other: silent, candidate: silent };

/** `other`: the code of another run. */
export type CalledTrees = Readonly<Record<Exclude<Of, "other">, CheckEntries> & { other?: CheckEntries }>;

interface Request {
  trees: CalledTrees;
  recorded: RecordedCalls;
  others: OtherCalls;
  go: GoReplay | null;
  folder: string;
  hashSeed: string;
  isEverywhere: boolean;
}

/**
 * The outcomes on each tree. `isEverywhere`: also in other surroundings and a hundred times. Null without an answer; `not-built` if Go's program can't be built
 * with the base.
 */
export async function callTrees(
  checkContext: CheckContext,
  request: Request,
  context: RunnerContext,
): Promise<Record<Of, Outcomes> | "not-built" | null> {
  const languages = recordedLanguages(request.recorded);
  const drawn = drawSurroundings();
  const found = { ...nowhere };
  let { go } = request;
  for (const of of callable) {
    const entries = request.trees[of];
    if (entries === undefined) continue;
    const called = await callTree(checkContext, { ...request, go, of, entries, languages, drawn }, context);
    if (called === null) return null;
    found[of] = called.outcomes;
    if (of !== "base") continue;
    if (!called.isBuilt && languages.length === 1) return "not-built";
    if (called.outcomes.once.size === 0) return null;
    // Without the base's program nothing of Go can be compared.
    if (!called.isBuilt) go = null;
  }
  return found;
}

/** Null if a part of the answer is lost. */
async function callTree(
  checkContext: CheckContext,
  {
    of,
    entries,
    recorded,
    others,
    go,
    languages,
    drawn,
    folder,
    hashSeed,
    isEverywhere,
  }: Request & { of: Of; entries: CheckEntries; languages: readonly ReplayLanguage[]; drawn: Drawn },
  context: RunnerContext,
): Promise<{ outcomes: Outcomes; isBuilt: boolean } | null> {
  const roots = { usual: of === "candidate" ? checkout : place(), elsewhere: place() };
  const mounts = await mountsOf(checkContext, { entries, targets: Object.values(roots), folder }, context);
  const own = { source: join(folder, randomName()), target: `/var/tmp/${randomName()}`, readOnly: false };
  await makeFolder(own.source, context.user);
  const { programs, programMounts } = writePrograms(languages, folder);
  const build = go !== null && languages.includes("go") ? goBuild(go, { own, of, root: roots.usual }) : null;
  const runs = bareRuns(of, {
    roots: { ...roots, tested: checkout },
    programs: build === null ? programs : new Map([...programs, ["go", build.binary]]),
    recorded,
    others,
    hashSeed,
    drawn,
    isEverywhere,
  }).filter(({ program }) => program !== "");
  const { output, omittedBytes } = await runShell(
    {
      command: `exec 2>/dev/null\n${build?.command ?? ""}${startCommand(runs, own)}`,
      imageId: checkContext.imageId,
      environment: {},
      mounts: [...mounts, own, ...programMounts],
      textMount: own,
      workingFolder: "/",
      limits: checkContext.limits,
      timeoutMs: replayTimeoutMs + (build === null ? 0 : goBuildTimeoutMs),
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  );
  const isBuilt = build === null || !output.startsWith(`${build.failed}\n`);
  const answered = isBuilt ? runs : runs.filter(({ program }) => program !== build.binary);
  return omittedBytes > 0 ? null : { outcomes: readOutcomes(output, answered)[of], isBuilt };
}

/** Writes the programs that call again, by language. */
function writePrograms(languages: readonly ReplayLanguage[], folder: string) {
  const programs = new Map<ReplayLanguage, string>();
  const programMounts = languages.flatMap((language): Mount[] => {
    const { callAgain, extension } = aboutLanguage[language];
    if (callAgain === null) return [];
    const [source, target] = [join(folder, randomName()), `/usr/local/share/${randomName()}.${extension}`];
    writeFileSync(source, callAgain, { mode: 0o644 });
    programs.set(language, target);
    return [{ source, target, readOnly: true }];
  });
  return { programs, programMounts };
}

/** Writes the program that starts the runs, and returns the command that runs it with Node or Python, whichever the image has. */
function startCommand(runs: readonly BareRun[], { source, target }: Mount): string {
  const starter = replayLanguages.find((one) => runs.some(({ language }) => language === one)) ?? "javascript";
  const { startRuns, extension } = aboutLanguage[starter];
  writeFileSync(join(source, "runs.json"), JSON.stringify({ runs }), { mode: 0o644 });
  writeFileSync(join(source, `runs.${extension}`), startRuns, { mode: 0o644 });
  const words = `${target}/runs.${extension} ${target}/runs.json`;
  const python = "$(command -v python3 || command -v python)";
  const commands = { javascript: `node ${words} "${python}"`, python: `"${python}" ${words}`, go: `go run ${words}` };
  return commands[starter];
}

/** Writes the program's files, and returns the commands that build it and remove files that the code under test must not read. */
function goBuild(
  go: GoReplay,
  { own: { source, target }, of, root }: { own: Mount; of: Of; root: string },
): { command: string; binary: string; failed: string } {
  const [binary, overlay, failed] = [`${target}/${randomName()}`, `${target}/overlay.json`, randomName()];
  const replaced = [...go.programs[of]].map(([path, text], index) => {
    writeFileSync(join(source, `${index}.go`), text, { mode: 0o644 });
    return [`${root}/${path}`, `${target}/${index}.go`];
  });
  writeFileSync(join(source, "overlay.json"), JSON.stringify({ Replace: Object.fromEntries(replaced) }), {
    mode: 0o644,
  });
  const removed = [overlay, ...replaced.map(([, file]) => file)].join(" ");
  // An empty program then replaces it, so that the functions of other languages are still repeated.
  const silenced = `printf '#!/bin/sh\n' >${binary} && chmod +x ${binary}`;
  const command = `${go.build({ root, overlay, binary })} || { echo ${failed}; ${silenced}; }\nrm -f ${removed}\n`;
  return { command, binary, failed };
}

function place(): string {
  return `/srv/${randomName()}`;
}

/** Mounts a tree read-only, with its prepared outputs, at each of the targets. */
async function mountsOf(
  checkContext: CheckContext,
  { entries, targets, folder }: { entries: CheckEntries; targets: readonly string[]; folder: string },
  context: RunnerContext,
): Promise<Mount[]> {
  const own = join(folder, randomName());
  mkdirSync(own, { mode: 0o700 });
  const outputs = checkContext.outputsOf === undefined ? checkContext.outputs : await checkContext.outputsOf(entries);
  const sealed = await sealCheckout(checkContext, { entries, outputs, folder: own, edit: () => undefined }, context);
  const { mounts } = await sealed.mountsFor([], own);
  return targets.flatMap((target) =>
    mounts.map((mount) => ({ ...mount, target: `${target}${mount.target.slice(checkout.length)}` })),
  );
}
