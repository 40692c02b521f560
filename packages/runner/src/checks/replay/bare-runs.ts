/** Plans the bare processes that repeat calls, and parses their output. Folder, user and days are random, so that code under test can't spot them. */
import { randomBytes, randomInt } from "node:crypto";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { randomName } from "../../engine/random-name.ts";
import {
  exploredRuns,
  type Outcomes,
  outcomeCharactersMax,
  type Surroundings,
  surroundings,
  variedRuns,
} from "./call-outcomes.ts";
import { loadScripts, plainValues, type ReplayLanguage, replayLanguageOf, replayLanguages } from "./languages.ts";
import type { OtherCalls } from "./other-calls.ts";
import type { RecordedCalls } from "./recorded-calls.ts";

/** How often one call is repeated, and how many calls are repeated. */
const times = 100;
const repeatedMax = 50;
const processTimeoutMs = 8000;
/** Other inputs may take for ever, on the base too; outcomes printed until then count. */
const variedTimeoutMs = 3000;
const exploredTimeoutMs = 6000;
/** Outcomes that are read, not only compared, may be this long. */
const readCharactersMax = 6000;
/** A process begins no repetition later than this. The new code gets longer, so that slightly slower code is repeated as often as the base. */
const repeatMs = { base: 2500, other: 5000, candidate: 5000 };
const dayMs = 24 * 60 * 60 * 1000;

/** The changed code, the code of another run from the same specification, or the base. */
export type Of = "candidate" | "other" | "base";

export interface BareRun {
  name: string;
  of: Of;
  where: Surroundings;
  /** The process is stopped after this time. */
  timeoutMs: number;
  language: ReplayLanguage;
  /** The program's path in the container. */
  program: string;
  cwd: string;
  environment: Record<string, string>;
  words: string[];
  job: { word: string; calls: { id: number }[] } & Record<string, unknown>;
}

export interface BareRunsOptions {
  /** Folders of the repository: in this run, at another place, and during the tests. */
  roots: { usual: string; elsewhere: string; tested: string };
  programs: ReadonlyMap<ReplayLanguage, string>;
  recorded: RecordedCalls;
  others: OtherCalls;
  /** Decides the order of Python's sets; the same as when the calls were recorded. */
  hashSeed: string;
  drawn: Drawn;
  /** Also in other surroundings and a hundred times. */
  isEverywhere: boolean;
}

/** Two runs show what a call gives, and whether it is steady. */
const plainSurroundings: readonly Surroundings[] = ["usual", "again"];

/** Drawn once for both trees, so that code which depends on it behaves the same on the base. */
export interface Drawn {
  environment: Record<string, string>;
  nextYearMs: number;
  nextDecadeMs: number;
}

export function drawSurroundings(): Drawn {
  return {
    environment: otherEnvironment(),
    nextYearMs: (400 + randomBytes(1).readUInt8()) * dayMs + 7 * 60 * 60 * 1000,
    nextDecadeMs: (3700 + 4 * randomBytes(1).readUInt8()) * dayMs,
  };
}

/** Languages with recorded calls. */
export function recordedLanguages({ calls }: RecordedCalls): ReplayLanguage[] {
  const found = new Set(calls.map(({ path: file }) => replayLanguageOf(file)));
  return replayLanguages.filter((one) => found.has(one));
}

/** One bare process for each language and surroundings. Each has a secret word, so that no process can print another's outcomes. */
export function bareRuns(
  of: Of,
  { roots, programs, recorded, others, hashSeed, drawn, isEverywhere }: BareRunsOptions,
): BareRun[] {
  const usual = {
    cwd: roots.usual,
    environment: usualEnvironment,
    words: [] as string[],
    root: roots.usual,
    shiftMs: 0,
  };
  const changes: Record<Surroundings, Partial<typeof usual>> = {
    usual: {},
    again: {},
    elsewhere: {
      cwd: `/tmp/${randomName()}`,
      environment: drawn.environment,
      words: ["serve", "--port=8080"],
      root: roots.elsewhere,
    },
    "next-year": { shiftMs: drawn.nextYearMs },
    "next-decade": { shiftMs: drawn.nextDecadeMs },
    varied: {},
    "varied-again": {},
    "varied-reversed": {},
    explored: {},
    "explored-reversed": {},
  };
  return recordedLanguages(recorded).flatMap((language) => {
    const isOwn = ({ path: file }: { path: string }) => replayLanguageOf(file) === language;
    const asTested = recorded.calls
      .map(({ group, path: file, name, input }, id) => ({ id, group, path: file, name, input }))
      .filter(isOwn);
    const otherwise = others.varied.map((call, id) => ({ id, group: 1, ...call })).filter(isOwn);
    const near = others.explored
      .map(({ path: file, name, input }, id) => ({ id, group: 1, path: file, name, input }))
      .filter(isOwn);
    const callsOf: Partial<Record<Surroundings, typeof near>> = {
      varied: otherwise,
      "varied-again": otherwise,
      "varied-reversed": otherwise.toReversed(),
      explored: near,
      "explored-reversed": near.toReversed(),
    };
    const ofLanguage =
      language === "python"
        ? { imports: Object.fromEntries(recorded.imports), environment: { PYTHONHASHSEED: hashSeed } }
        : {
            ...(language === "javascript" ? { values: plainValues, loadScripts, classFiles: recorded.classFiles } : {}),
            environment: {},
          };
    const everywhere = [...surroundings, ...variedRuns, ...exploredRuns];
    return (isEverywhere ? everywhere : plainSurroundings).map((where) => {
      const own = callsOf[where] ?? asTested;
      const isVaried = own !== asTested;
      const isExplored = exploredRuns.some((name) => name === where);
      const { root, shiftMs, ...process } = { ...usual, ...changes[where] };
      const { environment, ...more } = ofLanguage;
      return {
        name: `${of}.${where}.${language}`,
        of,
        where,
        timeoutMs: isExplored ? exploredTimeoutMs : isVaried ? variedTimeoutMs : processTimeoutMs,
        language,
        program: programs.get(language) ?? "",
        ...process,
        environment: { ...process.environment, ...environment },
        job: {
          word: randomName(),
          root,
          tested: roots.tested,
          shiftMs,
          calls: own,
          repeated: isEverywhere && where === "usual" ? distinctCalls(own) : [],
          times,
          repeatMs: repeatMs[of],
          toldMax: isExplored || !isEverywhere ? readCharactersMax : outcomeCharactersMax,
          ...more,
        },
      };
    });
  });
}

/** Zones whose time always differs from the usual zone's. */
const otherZones = ["Asia/Kathmandu", "Australia/Eucla", "America/St_Johns"] as const;

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const usualEnvironment: Record<string, string> = {
  PATH: path,
  HOME: "/home/dev",
  USER: "dev",
  LOGNAME: "dev",
  LANG: "C.UTF-8",
  TZ: "UTC",
  CI: "true",
};

function otherEnvironment(): Record<string, string> {
  const user = `u${randomBytes(3).toString("hex")}`;
  const zone = otherZones[randomInt(otherZones.length)] ?? otherZones[0];
  return {
    PATH: path,
    HOME: `/srv/${user}`,
    USER: user,
    LOGNAME: user,
    LANG: "C.UTF-8",
    TZ: zone,
    NODE_ENV: "production",
    PORT: "8080",
  };
}

/** Indexes of each function's first call, then of its calls with other arguments. */
function distinctCalls(calls: readonly { path: string; name: string; input: string }[]): number[] {
  const seen = new Set<string>();
  const isNew = (key: string) => !seen.has(key) && seen.add(key);
  const first = calls.flatMap(({ path: file, name }, index) => (isNew(`${file}\n${name}`) ? [index] : []));
  const more = calls.flatMap(({ path: file, name, input }, index) =>
    !first.includes(index) && isNew(`${file}\n${name}\n${input}`) ? [index] : [],
  );
  return [...first, ...more].slice(0, repeatedMax);
}

/**
 * Parses lines such as `candidate.usual.python WORD 3 1 "outcome"`. Of a repeated call come `WORD 3 done` if all outcomes were the same and `WORD 3 kept` if it
 * stayed so to the end, otherwise `WORD 3 0 "outcome"`. The last line is `WORD end`; then
 * the starter tells `WORD over`.
 */
export function readOutcomes(output: string, runs: readonly BareRun[]): Record<Of, Outcomes> {
  const runOf = new Map(runs.map((run) => [`${run.name} ${run.job.word}`, run]));
  const lines = output.split("\n").flatMap((line) => {
    const found = /^(\S+ \w+) (end|over|(\d+) (?:done|(kept)|(\d+) (".*)))$/u.exec(line);
    const run = runOf.get(found?.[1] ?? "");
    return found === null || run === undefined ? [] : [{ run, found }];
  });
  const read = (of: Of): Outcomes => {
    const once = new Map<Surroundings, Map<number, string>>();
    const often = new Map<number, string>();
    const repeated = new Set<number>();
    const afterwards = new Map<number, string | null>();
    const ended = new Set<BareRun>();
    const over = new Set<BareRun>();
    for (const { run, found } of lines.filter((line) => line.run.of === of)) {
      const [, , what, id, kept, count, text] = found;
      const index = Number(id);
      if (what === "end") ended.add(run);
      else if (what === "over") over.add(run);
      else if (kept !== undefined) afterwards.set(index, afterwards.get(index) ?? null);
      else if (count === undefined) repeated.add(index);
      const outcome = z.string().safeParse(parseJson(text ?? "")).data;
      if (outcome === undefined) continue;
      const first = once.get(run.where) ?? new Map<number, string>();
      once.set(run.where, first);
      if (count === "1") first.set(index, outcome);
      else if (count === "0") afterwards.set(index, outcome);
      else if (outcome !== first.get(index) && !often.has(index)) often.set(index, outcome);
    }
    const endedEarly = runs
      .filter((run) => run.of === of && run.where === "usual" && !ended.has(run))
      .flatMap(({ job }) => job.calls.map(({ id }) => id));
    const stopped = new Map<Surroundings, Set<number>>();
    for (const run of over) {
      const told = once.get(run.where);
      const at = run.job.calls.findIndex(({ id }) => told?.has(id) !== true);
      const call = run.job.calls[at];
      if (ended.has(run) || call === undefined || (at === 0 && run.where !== "usual" && run.where !== "again"))
        continue;
      stopped.set(run.where, (stopped.get(run.where) ?? new Set()).add(call.id));
    }
    return { once, often, repeated, afterwards, endedEarly: new Set(endedEarly), stopped };
  };
  return { candidate: read("candidate"), other: read("other"), base: read("base") };
}
