/** Makes calls on several trees in one container, each tree in bare processes of its own. */
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
import { type BareRun, bareRuns, drawSurroundings, type Of, readOutcomes, recordedLanguages } from "./bare-runs.ts";
import type { Outcomes } from "./call-outcomes.ts";
import { aboutLanguage, type ReplayLanguage, replayLanguages } from "./languages.ts";
import type { OtherCalls } from "./other-calls.ts";
import type { GoReplay } from "./prepare-go.ts";
import type { RecordedCalls } from "./recorded-calls.ts";

/** All trees, in the order in which they are called: the base first, because code under test could end our process. */
const callable = ["base", "other", "candidate"] as const satisfies readonly Of[];
const replayTimeoutMs = 90_000;
/** Additional time for the builds with an empty cache. */
const goBuildsTimeoutMs = 120_000;

const silent: Outcomes = {
  once: new Map(),
  often: new Map(),
  repeated: new Set(),
  afterwards: new Map(),
  endedEarly: new Set(),
};
/** No outcome of any call. */
export const nowhere: Record<Of, Outcomes> = { base: silent, other: silent, candidate: silent };

/** `other`: the code of another run. */
export type CalledTrees = Readonly<Record<Exclude<Of, "other">, CheckEntries> & { other?: CheckEntries }>;

/**
 * The outcomes on each tree. `isEverywhere`: also in other surroundings and a hundred times. Null without an answer; `not-built` if Go's program can't be built
 * with the base.
 */
export async function callTrees(
  checkContext: CheckContext,
  {
    trees,
    recorded,
    others,
    go,
    folder,
    hashSeed,
    isEverywhere,
  }: {
    trees: CalledTrees;
    recorded: RecordedCalls;
    others: OtherCalls;
    go: GoReplay | null;
    folder: string;
    hashSeed: string;
    isEverywhere: boolean;
  },
  context: RunnerContext,
): Promise<Record<Of, Outcomes> | "not-built" | null> {
  const roots: Record<Of, { usual: string; elsewhere: string }> = {
    base: { usual: place(), elsewhere: place() },
    other: { usual: place(), elsewhere: place() },
    candidate: { usual: checkout, elsewhere: place() },
  };
  const called = callable.filter((of) => trees[of] !== undefined);
  const mounts = await mountsOfAll(checkContext, { trees, called, roots, folder }, context);
  const own = { source: join(folder, randomName()), target: `/var/tmp/${randomName()}`, readOnly: false };
  await makeFolder(own.source, context.user);
  const languages = recordedLanguages(recorded);
  const { programs, programMounts } = writePrograms(languages, folder);
  const builds = go !== null && languages.includes("go") ? goBuilds(go, { own, roots, called }) : null;
  const drawn = drawSurroundings();
  const runs = called.flatMap((of) =>
    bareRuns(of, {
      roots: { ...roots[of], tested: checkout },
      programs: builds === null ? programs : new Map([...programs, ["go", builds.binaries[of]]]),
      recorded,
      others,
      hashSeed,
      drawn,
      isEverywhere,
    }),
  );
  const { output, omittedBytes } = await runShell(
    {
      command: `exec 2>/dev/null\n${builds?.command ?? ""}${startCommand(runs, own)}`,
      imageId: checkContext.imageId,
      environment: {},
      mounts: [...mounts, own, ...programMounts],
      textMount: own,
      workingFolder: "/",
      limits: checkContext.limits,
      timeoutMs: replayTimeoutMs + (builds === null ? 0 : goBuildsTimeoutMs),
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  );
  if (builds !== null && languages.length === 1 && output.startsWith(`${builds.failed}\n`)) return "not-built";
  const outcomes = readOutcomes(output, runs);
  return omittedBytes > 0 || outcomes.base.once.size === 0 ? null : outcomes;
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

async function mountsOfAll(
  checkContext: CheckContext,
  {
    trees,
    called,
    roots,
    folder,
  }: {
    trees: CalledTrees;
    called: readonly Of[];
    roots: Readonly<Record<Of, Readonly<Record<string, string>>>>;
    folder: string;
  },
  context: RunnerContext,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const of of called) {
    const entries = trees[of] ?? new Map();
    mounts.push(...(await mountsOf(checkContext, { entries, targets: Object.values(roots[of]), folder }, context)));
  }
  return mounts;
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

/** Writes the programs' files, and returns the commands that build them and remove files that the code under test must not read. */
function goBuilds(
  go: GoReplay,
  {
    own: { source, target },
    roots,
    called,
  }: { own: Mount; roots: Readonly<Record<Of, { readonly usual: string }>>; called: readonly Of[] },
): { command: string; binaries: Record<Of, string>; failed: string } {
  const binary = () => `${target}/${randomName()}`;
  const binaries = { base: binary(), other: binary(), candidate: binary() };
  const commands = called.map((of) => {
    const replaced = [...go.programs[of]].map(([path, text], index) => {
      const name = `${of}-${index}.go`;
      writeFileSync(join(source, name), text, { mode: 0o644 });
      return [`${roots[of].usual}/${path}`, `${target}/${name}`];
    });
    writeFileSync(join(source, `${of}.json`), JSON.stringify({ Replace: Object.fromEntries(replaced) }), {
      mode: 0o644,
    });
    return go.build({ root: roots[of].usual, overlay: `${target}/${of}.json`, binary: binaries[of] });
  });
  const removed = called.map((of) => `${target}/${of}.json ${target}/${of}-*.go`).join(" ");
  const failed = randomName();
  const [base = "", ...changed] = commands;
  // Without the base's program nothing can be compared. Empty programs then replace all, so that the functions of other languages are still repeated.
  const silenced = called.map((of) => `printf '#!/bin/sh\n' >${binaries[of]} && chmod +x ${binaries[of]}`);
  const command = `if ${base}\nthen ${changed.join("\n")}\nelse echo ${failed}; ${silenced.join("; ")}\nfi\nrm -f ${removed}\n`;
  return { command, binaries, failed };
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
