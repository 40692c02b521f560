/** The bare processes that repeat calls: their surroundings, and what they told. Pure but for chance: nobody knows folder, user or day before. */
import { randomBytes } from "node:crypto";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type Outcomes, type Surroundings, surroundings } from "./judge-calls.ts";
import { plainValues } from "./record-calls.ts";
import type { RecordedCalls } from "./recorded-calls.ts";

/** How often one call is repeated, and how many calls are. */
const times = 100;
const repeatedMax = 50;
const dayMs = 24 * 60 * 60 * 1000;

export interface BareRun {
  name: string;
  cwd: string;
  environment: Record<string, string>;
  words: string[];
  job: object;
}

/** One bare process per surroundings. */
export function bareRuns(
  of: "candidate" | "base",
  options: { roots: { usual: string; elsewhere: string }; word: string; recorded: RecordedCalls },
): BareRun[] {
  const { roots, word, recorded } = options;
  const calls = recorded.calls.map(({ group, path, name, input }) => ({ group, path, name, input }));
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
      cwd: `/tmp/${randomBytes(8).toString("hex")}`,
      environment: otherEnvironment(),
      words: ["serve", "--port=8080"],
      root: roots.elsewhere,
    },
    "next-year": { shiftMs: (400 + randomBytes(1).readUInt8()) * dayMs + 7 * 60 * 60 * 1000 },
    "next-decade": { shiftMs: (3700 + 4 * randomBytes(1).readUInt8()) * dayMs },
  };
  return surroundings.map((where) => {
    const { root, shiftMs, ...process } = { ...usual, ...changes[where] };
    const repeated = where === "usual" ? distinctCalls(recorded) : [];
    return {
      name: `${of}.${where}`,
      ...process,
      job: { root, shiftMs, calls, repeated, times, word, values: plainValues },
    };
  });
}

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
  return {
    PATH: path,
    HOME: `/srv/${user}`,
    USER: user,
    LOGNAME: user,
    LANG: "C.UTF-8",
    TZ: "UTC",
    NODE_ENV: "production",
    PORT: "8080",
  };
}

/** The first call of each function first, then others with other arguments. */
function distinctCalls({ calls }: RecordedCalls): number[] {
  const seen = new Set<string>();
  const isNew = (key: string) => !seen.has(key) && seen.add(key);
  const first = calls.flatMap(({ path: file, name }, index) => (isNew(`${file}\n${name}`) ? [index] : []));
  const more = calls.flatMap(({ path: file, name, input }, index) =>
    !first.includes(index) && isNew(`${file}\n${name}\n${input}`) ? [index] : [],
  );
  return [...first, ...more].slice(0, repeatedMax);
}

/** `candidate.usual WORD 3 1 "outcome"`, one per line. */
export function readOutcomes(output: string, word: string): { candidate: Outcomes; base: Outcomes } {
  const read = (of: string): Outcomes => {
    const once = new Map<Surroundings, Map<number, string>>();
    const often = new Map<number, string>();
    for (const line of output.split("\n")) {
      const found = /^(\w+)\.([\w-]+) (\w+) (\d+) (\d+) (".*)$/u.exec(line);
      const where = surroundings.find((name) => name === found?.[2]);
      const outcome = z.string().safeParse(parseJson(found?.[6] ?? "")).data;
      if (found?.[1] !== of || found[3] !== word || where === undefined || outcome === undefined) continue;
      const index = Number(found[4]);
      const first = once.get(where) ?? new Map<number, string>();
      once.set(where, first);
      if (found[5] === "1") first.set(index, outcome);
      else if (outcome !== first.get(index) && !often.has(index)) often.set(index, outcome);
    }
    return { once, often };
  };
  return { candidate: read("candidate"), base: read("base") };
}
