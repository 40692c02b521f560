/** Reads package.json's test script as text: its runner, and a command with results of single tests. If in doubt, the script stays `npm test`. Pure. */
import { hasControls, hasInvisibles } from "@aedev/contracts";
import { changesFolder } from "@aedev/host/command-files";
import { programPattern, simpleCommands } from "@aedev/host/program-pattern";
import { type CheckKind, escapedText } from "./finding.ts";

export interface ScriptReading {
  readonly command: string;
  /** Further commands, if the script calls several runners. */
  readonly more?: readonly string[];
  readonly runner: string | null;
  readonly checks: CheckKind;
  readonly why: string;
  readonly notes: readonly string[];
}

interface NodeRunner {
  readonly name: string;
  /** How to get results of single tests: nothing to do, an argument at the end of the command, or impossible. */
  readonly needs: "nothing" | "argument" | "impossible";
  readonly runs: (command: string) => boolean;
}

/** Without `run`, which is the default. */
const tapSubcommand =
  /\btap\s+(?:build|config|debug|dump-config|help|list|plugin|repl|report|replay|run|versions)(?:\s|$)/u;
const isProgram = (name: string) => (command: string) => programPattern(name).test(command);
const runners: readonly NodeRunner[] = [
  {
    name: "node:test",
    needs: "nothing",
    runs: (command) => /^(?:\S*\/)?node\s(?:.*\s)?--test(?:\s|$)/u.test(command) && !/--test-reporter/u.test(command),
  },
  { name: "tape", needs: "nothing", runs: isProgram("tape") },
  {
    name: "vitest",
    needs: "argument",
    runs: (text) => isProgram("vitest")(text) && !/--reporter|\s--bail/u.test(text),
  },
  {
    name: "mocha",
    needs: "argument",
    runs: (text) => isProgram("_?mocha")(text) && !/\s((--reporter|-R)[\s=]|(-b|--bail)(=|\s|$))/u.test(text),
  },
  {
    name: "jest",
    needs: "argument",
    runs: (text) =>
      isProgram("jest")(text) && !/\s(-b|--(json|outputFile|reporters|bail|watch|watchAll))(=|\s|$)/u.test(text),
  },
  {
    name: "ava",
    needs: "argument",
    runs: (text) => isProgram("ava")(text) && !/\s(-t|--tap|--fail-fast|-w|--watch)(=|\s|$)/u.test(text),
  },
  {
    name: "tap",
    needs: "argument",
    runs: (text) =>
      isProgram("tap")(text) && !/\s(-R|--reporter|-b|--bail|-c)(=|\s|$)/u.test(text) && !tapSubcommand.test(text),
  },
  { name: "node:test", needs: "nothing", runs: (text) => isProgram("bnt")(text) },
  {
    name: "jasmine",
    needs: "nothing",
    runs: (text) =>
      isProgram("jasmine")(text) && !/\s--(parallel|reporter|stop-on-failure|fail-fast)(=|\s|$)/u.test(text),
  },
  {
    name: "uvu",
    needs: "nothing",
    runs: (text) => isProgram("uvu")(text) && !/\s(-\w*b\w*|--bail)(=|\s|$)/u.test(text),
  },
  {
    name: "lab",
    needs: "argument",
    runs: (text) =>
      isProgram("lab")(text) &&
      !/\s(-[a-zA-Z]*[dhoVr]|--(?:bail|dry|help|output|reporter|version)(=|\s|$))/u.test(text),
  },
  {
    name: "qunit",
    needs: "nothing",
    runs: (text) =>
      isProgram("qunit")(text) && !/\s(-[a-zA-Z]*[hVrw]|--(?:help|reporter|version|watch)(=|\s|$))/u.test(text),
  },
  {
    name: "bun",
    needs: "argument",
    runs: (text) =>
      /^(?:bunx\s+)?bun\s+test(?:\s|$)/u.test(text) &&
      !/\s--(reporter|reporter-outfile|bail|watch|hot|todo|only|changed)(=|\s|$)/u.test(text),
  },
  ...["vitest", "mocha", "jest", "ava", "tap", "jasmine", "uvu", "lab", "qunit", "karma", "playwright"].map(
    (name): NodeRunner => ({ name, needs: "impossible", runs: isProgram(name) }),
  ),
];

const depthMax = 5;
const leavesMax = 50;
const scriptLengthMax = 2000;
const directLengthMax = 400;
const variables = /^((?:[A-Za-z_]\w*=\S*\s+)*)(.*)$/su;

interface Leaf {
  readonly text: string;
  /** Whether an argument at the end of `npm test -- …` reaches this command. */
  readonly reached: boolean;
}

/** The runner that `npm test` calls. `scripts`: those of package.json that are text. */
export function readTestScript(scripts: ReadonlyMap<string, string>): ScriptReading | null {
  const script = scripts.get("test")?.trim() ?? "";
  if (script === "" || /no test specified/iu.test(script)) return null;
  const why = `package.json has a test script: ${escapedText(script)}`;
  const leaves = leavesOf("test", scripts, depthMax);
  const found = (leaves ?? []).flatMap((leaf) => {
    const runner = runnerOf(leaf.text);
    return runner === undefined ? [] : [{ leaf, runner }];
  });
  const able = found.filter(({ runner }) => runner.needs !== "impossible");
  const only = able.length === 1 && found.length === 1 ? able[0] : undefined;
  const whole = { command: "npm test", why, notes: [] };
  if (only === undefined) {
    const name = found.length === 1 ? (found[0]?.runner.name ?? null) : null;
    return { ...whole, runner: name, checks: "exit-code", notes: [exitCodeNote(name)] };
  }
  const { leaf, runner } = only;
  const isAlone = leaves?.length === 1;
  const direct = directCommand(leaf.text, runner.name);
  if (isAlone && direct !== null) return { ...whole, command: direct, runner: runner.name, checks: "per-test" };
  const reaches = runner.needs === "nothing" || leaf.reached;
  if (reaches && (runner.name !== "vitest" || /\s(run|--run)(\s|$)/u.test(leaf.text)))
    return { ...whole, runner: runner.name, checks: "per-test" };
  if (direct === null) return { ...whole, runner: runner.name, checks: "exit-code", notes: [exitCodeNote(null)] };
  const others = (leaves ?? []).filter((other) => other !== leaf).map(({ text }) => escapedText(text));
  return {
    command: direct,
    runner: runner.name,
    checks: "per-test",
    why: `${why}; this is the part of it that gives single test results`,
    notes: [
      `not run: ${others.join("; ")}. To run them too, repeat --verify with npm test; a command with only an exit code makes every change need your approval`,
    ],
  };
}

function exitCodeNote(runner: string | null): string {
  return runner === null
    ? "the test script can't be read with certainty: if it gives only an exit code, changes need your approval"
    : `${runner} gives only an exit code here, no results of single tests: changes need your approval`;
}

/** Options that choose another report, stop at the first failure, or check types, for which vitest writes a file at the top. */
const unwanted =
  /\s(?:--test-reporter(?:-destination)?|--reporter|-R)(?:=|\s+)(?:'[^']*'|"[^"]*"|\S+)|\s(?:--bail(?:=\S+)?|-b|--fail-fast|--watch|-w|--typecheck)(?=\s|$)/gu;

const value = String.raw`(?!-)(?:"(?:[^"\\]|\\.)*"|'[^']*'|\S+)`;
/** Options that measure coverage (and lab's for lint and types), by program. Some write into the read-only checkout, and a threshold is not a test. */
const coverage: readonly (readonly [program: RegExp, options: RegExp])[] = [
  [
    programPattern("(?:jest|vitest)"),
    new RegExp(
      String.raw`\s--(?:coverage(?:\s+(?:true|false))?|(?:coverage(?:Threshold|Reporters|Directory|Provider|PathIgnorePatterns)|collectCoverageFrom|coverage\.(?:provider|reporter|include|exclude|thresholds\.(?:lines|functions|branches|statements)|reportsDirectory))(?:=|\s+)${value}|(?:coverage|collectCoverage)[\w.]*(?:=${value}|\s+(?:true|false))?)(?=\s|$)`,
      "gu",
    ),
  ],
  [
    programPattern("bnt"),
    new RegExp(String.raw`\s--coverage(?:(?:=|\s+)\d+|(?:-include|-exclude)(?:=|\s+)${value})(?=\s|$)`, "gu"),
  ],
  [
    programPattern("lab"),
    new RegExp(
      String.raw`\s(?:-[ctLY]|--coverage(?:-all|-flat)?|--lint|--types)(?=\s|$)(?:\s+\d+(?=\s|$))?|\s(?:--threshold|--coverage-(?:exclude|path|pattern))(?:=|\s+)${value}(?=\s|$)|\s-t\d+(?=\s|$)`,
      "gu",
    ),
  ],
  [
    /^(?:\S*\/)?node\s/u,
    new RegExp(String.raw`\s--(?:experimental-test-coverage|test-coverage-[a-z]+(?:=|\s+)${value})(?=\s|$)`, "gu"),
  ],
];

/** A runner's command without coverage options; any other command unchanged. */
export function withoutCoverageOptions(command: string): string {
  const [, set = "", bare = ""] = variables.exec(command) ?? [];
  const options = coverage.find(([program]) => program.test(bare))?.[1];
  return options === undefined ? command : `${set}${bare.replace(options, "")}`;
}

/** The runner's call in a possibly wrapped command, with results of single tests; null if no known runner is called there. */
export function perTestCommand(command: string): { command: string; runner: string } | null {
  const plain = command.replace(unwanted, "").replace(/(?<=^|\s|\/)tap run(?=\s|$)/u, "tap");
  const text = withoutCoverageOptions(plain).trim();
  const runner = runnerOf(text);
  if (runner === undefined || runner.needs === "impossible") return null;
  const direct = simpleCommands(text)?.length !== 1 ? null : directCommand(text, runner.name);
  return direct === null ? null : { command: direct, runner: runner.name };
}

/** The simple commands of a script, in order; null if it has anything but simple commands joined by `&&`, or changes the folder. */
function leavesOf(name: string, scripts: ReadonlyMap<string, string>, depth: number): Leaf[] | null {
  if (depth === 0) return null;
  const script = scripts.get(name);
  if (script === undefined) return null;
  const leaves: Leaf[] = [];
  const after = scripts.get(`post${name}`);
  for (const [text, isBody] of [
    [scripts.get(`pre${name}`), false],
    [script, true],
    [after, false],
  ] as const) {
    if (text === undefined) continue;
    if (text.length > scriptLengthMax) return null;
    const parts = simpleCommands(text);
    if (parts === null) return null;
    for (const [index, part] of parts.entries()) {
      if (changesFolder(part)) return null;
      const isLast = isBody && after === undefined && index === parts.length - 1;
      const inner = /^(?:npm|pnpm|yarn)\s+(?:run(?:-script)?\s+([\w:.-]+)|(test|t))\s*$/u.exec(part);
      // pnpm and Yarn need no `run` if the script exists.
      const bare = /^(?:pnpm|yarn)\s+([\w:.-]+)\s*$/u.exec(part)?.[1];
      const called = inner !== null ? (inner[1] ?? "test") : bare !== undefined && scripts.has(bare) ? bare : null;
      const below = called === null ? null : leavesOf(called, scripts, depth - 1);
      if (called !== null && below === null) return null;
      // A script called by another gets no arguments, because npm would take them as its own.
      const own = below?.map(({ text }) => ({ text, reached: false })) ?? [
        { text: part, reached: isLast && isPassedOn(part) },
      ];
      leaves.push(...own);
      if (leaves.length > leavesMax) return null;
    }
  }
  return leaves;
}

/** Only npm passes on arguments after `--` unchanged. */
function isPassedOn(part: string): boolean {
  return !/^(pnpm|yarn)\s/u.test(part);
}

function runnerOf(leaf: string): NodeRunner | undefined {
  if (/(^|\s)NODE_OPTIONS=/u.test(leaf)) return undefined;
  const text = leaf.replace(/^((?:cross-env\s+)?[A-Za-z_]\w*=\S*\s+)+/u, "");
  return runners.find((runner) => runner.runs(text));
}

/** The runner's call as a separate command; null if its text is not plain enough to be taken out of the script. */
function directCommand(leaf: string, runner: string): string | null {
  if (leaf.length > directLengthMax || /[$\\]/u.test(leaf) || hasControls(leaf) || hasInvisibles(leaf)) return null;
  const [, set = "", command = ""] = variables.exec(leaf) ?? [];
  if (/^cross-env\s/u.test(command)) return null;
  const needsRun = runner === "vitest" && !/\s(run|--run)(\s|$)/u.test(command);
  if (/^(?:\S*\/)?node\s/u.test(command)) return needsRun ? `${leaf} --run` : leaf;
  // The default image has only npm. Programs that pnpm, yarn and bun start are in node_modules, which npx searches.
  const bare = command.replace(/^(?:npx|pnpm(?: exec)?|yarn|bunx)\s+(?=[^-])/u, "");
  const withRun = needsRun ? bare.replace(/(vitest)(?=\s|$)/u, "$1 run") : bare;
  const isPath = withRun.split(/\s/u, 1).join("").includes("/");
  return `${set}${isPath || /^(npx|pnpm|yarn|bunx)\s/u.test(withRun) ? "" : "npx "}${withRun}`;
}
