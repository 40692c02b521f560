/** House rules that a machine can check: package edges, names, file headers, sizes, documents that agree with the code. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, matchesGlob } from "node:path";
import { fileURLToPath } from "node:url";
import { errorCodes, holdCodes } from "@aedev/contracts";
import { eventTypes } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { purposeIn } from "../scripts/docs/folders.ts";
import { generatedDocuments } from "../scripts/docs/generated.ts";
import { byNight } from "./by-night.ts";
import {
  identifiersInComments,
  identifiersInDocument,
  pathsInComments,
  pathsInDocument,
  wordsOfCode,
} from "./support/document-paths.ts";
import { exportedNames, undocumentedNames } from "./support/exported-names.ts";
import { circleIn, folderEdges, importsIn } from "./support/imports.ts";
import { languageKnowledge } from "./support/language-knowledge.ts";
import { longFunctions } from "./support/long-functions.ts";
import { namesIn, namesWith } from "./support/retired-terms.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 1 << 26,
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const sources = files.filter((path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path));
const code = files.filter((path) => /\.(ts|cjs)$/.test(path));
const prose = files.filter((path) => path.endsWith(".md"));

/** The packages that each package may import. */
const edges: Record<string, readonly RegExp[]> = {
  contracts: [],
  host: [/^@aedev\/contracts$/],
  languages: [/^@aedev\/contracts$/],
  clarify: [/^@aedev\/contracts(\/events|\/words)?$/],
  core: [/^@aedev\/contracts(\/api|\/events|\/words)?$/],
  dashboard: [/^@aedev\/contracts(\/api)?$/],
  runner: [/^@aedev\/(contracts(\/message|\/reported-tests|\/skipped-tests|\/work)?|host\/.+|languages(\/.+)?)$/],
  validators: [/^@aedev\/(contracts(\/message|\/words|\/work)?|host\/.+)$/],
  daemon: [
    /^@aedev\/(contracts(\/api|\/events|\/message|\/words|\/work)?|host\/.+|languages(\/.+)?|clarify|core(\/reading)?|dashboard)$/,
  ],
  cli: [/^@aedev\/(contracts(\/api|\/events)?|host\/.+|daemon|runner)$/],
  demo: [/^@aedev\/(contracts(\/api|\/events)?|(host|cli|fakes)\/.+|core(\/testing)?|daemon)$/],
};
const importsOf = (path: string) => importsIn(read(path));
/** By package and folder, the folders that it may import. */
const allowedFolders = parse(read("test/folder-edges.yaml")) as Record<string, Record<string, string[]>>;

/** Documents for people, without past decisions and prompts. */
const documents = prose.filter((path) => /^[A-Z_]+\.md$|^docs\/(?!adr\/)/.test(path));
/** The maximum number of words in all documents but the ADRs and the tests' own notes: what a person can read in four hours. */
const wordsMax = 45_000;

/** Replaced terms, and the places that may keep one. */
const retiredTerms = parse(read("test/retired-terms.yaml")) as {
  readonly not: string;
  readonly stays?: readonly { readonly in: string; readonly why: string }[];
}[];
/** Names of one shape that several files export on purpose. */
const plugIns: readonly { readonly name: RegExp; readonly path: RegExp; readonly why: string }[] = [
  { name: /^verbs?$/, path: /^packages\/cli\/src\/verbs\//, why: "the verb table loads each file for its verbs" },
  {
    name: /./,
    path: /^packages\/daemon\/src\/index\.ts$/,
    why: "each forwards to the function of its name, loaded when it is called",
  },
];
const isPlugIn = (name: string, path: string) =>
  plugIns.some((entry) => entry.name.test(name) && entry.path.test(path));

const functionLinesMax = 60;
/** Functions that may be longer, with the reason. */
const longOnes: Readonly<Record<string, string>> = {
  "packages/demo/src/telling/timeline.ts wordsOf": "one case for each event",
  "packages/contracts/src/reason.ts sentence": "one case for each reason",
  "packages/core/src/task/evolve-task.ts changed": "one case for each event",
  "packages/core/src/decide.ts decide": "one case for each command",
  "packages/core/src/task/decide-task.ts decideTask": "one case for each command",
  "packages/core/src/task/hold-release.ts helpFor": "one case for each hold code",
  "packages/core/src/gate/checks/summarize-checks.ts examine": "one record with a field for each finding",
  "packages/clarify/src/understanding/weigh.ts observe": "one row for each weight",
  "packages/host/src/home-layout.ts homeLayout": "one row for each path",
  "packages/daemon/src/configuration/configuration-schema.ts configurationOf": "one row for each key",
  "packages/daemon/src/process/run-daemon.ts runDaemon": "the steps of a start in their order",
  "packages/languages/src/javascript/probe.ts visit": "one case for each kind of node",
  "packages/runner/src/checks/command/junit-reporter-source.ts uvuReporter": "its text runs by itself in a container",
  "packages/runner/src/checks/command/junit-reporter-source.ts jasmineReporter":
    "its text runs by itself in a container",
};

describe("package edges", () => {
  it("every import of another package is in the table, and the checker's file knows every package", () => {
    const wrong = sources.flatMap((path) => {
      const allowed = edges[path.split("/")[1] ?? ""] ?? [];
      return importsOf(path)
        .filter((name) => name.startsWith("@aedev/") && !allowed.some((edge) => edge.test(name)))
        .map((name) => `${path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
    for (const name of Object.keys(edges)) expect(read(".dependency-cruiser.cjs")).toContain(`only("${name}"`);
  });

  it("only packages/languages knows languages by the endings of paths or by name, but for what test/language-knowledge.yaml lists", () => {
    const reasons = parse(read("test/language-knowledge.yaml")) as Record<string, string>;
    const knowing = sources.filter(
      (path) => !path.startsWith("packages/languages/") && languageKnowledge(read(path)).length > 0,
    );
    const isListed = (path: string, entry: string) => path === entry || path.startsWith(`${entry}/`);
    expect(knowing.filter((path) => !Object.keys(reasons).some((entry) => isListed(path, entry)))).toEqual([]);
    expect(Object.keys(reasons).filter((entry) => !knowing.some((path) => isListed(path, entry)))).toEqual([]);
    for (const line of [
      'path.endsWith("_test.go")',
      "/\\.(?:[cm]?[jt]sx?|py)$/u.test(path)",
      "/(?<!_test)\\.go$/u",
      '[".py"]',
      'language === "python"',
    ])
      expect(languageKnowledge(line), line).toEqual([1]);
    for (const line of [
      "/package\\.json|go\\.mod|setup\\.py$/u",
      '"./inside/runs.go"',
      'language === "english"',
      '// path.endsWith(".go")',
    ])
      expect(languageKnowledge(line), line).toEqual([]);
  });

  it("core and contracts import only zod, contracts and themselves", () => {
    const wrong = sources
      .filter((path) => /^packages\/(core|contracts)\//.test(path))
      .flatMap((path) =>
        importsOf(path)
          .filter((name) => name !== "zod" && !name.startsWith("@aedev/contracts") && !name.startsWith("."))
          .map((name) => `${path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it("imports between the folders of a package, types included, are exactly those of test/folder-edges.yaml", () => {
    const found = sources.flatMap((path) =>
      folderEdges(path, read(path))
        .filter((edge) => !edge.startsWith(". ->"))
        .map((edge) => `${path.split("/")[1]}: ${edge}`),
    );
    expect([...new Set(found)].toSorted()).toEqual(tableOfFolders());
    expect(Object.keys(allowedFolders).toSorted()).toEqual(Object.keys(edges).toSorted());
  });

  it("no folder of a package imports itself through other folders", () => {
    for (const [name, folders] of Object.entries(allowedFolders))
      expect({ name, circle: circleIn(folders) }).toEqual({ name, circle: null });
  });

  it("the check finds a circle of several folders", () => {
    expect(circleIn({ a: ["b"], b: ["c", "d"], c: ["a"] })).toEqual(["a", "b", "c", "a"]);
    expect(circleIn({ a: ["b", "c"], b: ["c"], c: [] })).toBeNull();
  });

  it("tests import the packages below all others by name", () => {
    const tests = files.filter((path) => /^packages\/[^/]+\/test\/.*\.ts$/.test(path));
    const wrong = tests.flatMap((path) =>
      importsOf(path)
        .filter((name) => /^(\.\.\/)+(contracts|host|languages|clarify|core)\/src\//.test(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it("the check finds the import of a type, and the folder that it leaves", () => {
    const text = 'import type { A } from "../git/push.ts";\nimport { b } from "./near.ts";\n';
    expect(folderEdges("packages/daemon/src/work/land.ts", text)).toEqual(["work -> git"]);
  });

  it("each library is used in one file", () => {
    const libraries = [
      "dockerode",
      "better-sqlite3",
      "kysely",
      "openai",
      "@google/generative-ai",
      "yaml",
      "commander",
      "tap-parser",
      "fast-xml-parser",
      "@secretlint/core",
      "web-tree-sitter",
      "@copilotkit/aimock",
      "ntfy",
    ];
    const users = (library: string, folder: string) =>
      sources.filter((path) => path.startsWith(folder) && usesAtRunTime(path, library));
    for (const library of libraries) {
      for (const folder of Object.keys(edges).map((name) => `packages/${name}/`)) {
        expect({ library, users: users(library, folder).slice(1) }).toEqual({ library, users: [] });
      }
    }
  });
});

describe("control characters", () => {
  const named = /\\p\{C[cs]\}|\\(u00|x)(00|1f|7f)/i;

  it("are named in one file only", () => {
    expect(sources.filter((path) => named.test(read(path)))).toEqual(["packages/contracts/src/safe-text.ts"]);
    for (const text of ["/[\\p{Cc}]/u", "/[\\u0000-\\u001f]/", "/\\x7f/"]) expect(text).toMatch(named);
  });
});

describe("the home", () => {
  const joined = /join\((?:\w+\.)*home, *["'`]|\$\{(?:\w+\.)*home\}\//;

  it("has its paths joined in one file only", () => {
    expect(sources.filter((path) => path !== "packages/host/src/home-layout.ts" && joined.test(read(path)))).toEqual(
      [],
    );
    for (const text of ['join(home, "logs")', "join(context.home, `logs`)", `\${${"home"}}/logs`])
      expect(text).toMatch(joined);
  });
});

describe("names and shapes of the code", () => {
  it("include no drawers such as utils", () => {
    expect(
      // A noun of the command line: `aedev service install`.
      sources.filter(
        (path) =>
          /\/(utils?|helpers?|common|lib|services?|managers?|types)(\/|\.ts$)/.test(path) &&
          path !== "packages/cli/src/verbs/service.ts",
      ),
    ).toEqual([]);
  });

  it("names of files are in kebab-case", () => {
    expect(
      code
        .map((path) => basename(path))
        .filter(
          (name) =>
            !/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.(test|int\.test|e2e\.test|browser\.test|config))?\.(ts|cjs)$/.test(name),
        ),
    ).toEqual([]);
  });

  it("include no tracked package archive", () => {
    expect(files.filter((path) => /\.(?:whl|tgz|tar|gz|zip|jar|gem|crate)$/u.test(path))).toEqual([]);
  });

  it("include a header in each source file on what the file owns", () => {
    expect(sources.filter((path) => !/^(#![^\n]*\n)?\/\*\*/.test(read(path)))).toEqual([]);
  });

  it("keep source files under 500 lines", () => {
    expect(sources.filter((path) => read(path).split("\n").length > 501)).toEqual([]);
  });

  it("keep functions within 60 lines of their own, except those with a reason", () => {
    const found = sources.flatMap((path) =>
      longFunctions(path, read(path), functionLinesMax).map(({ name }) => `${path} ${name}`),
    );
    expect(found.toSorted()).toEqual(Object.keys(longOnes).toSorted());
    const inner = `const inner = () => {${"\n  run();".repeat(70)}\n};`;
    expect(longFunctions("a.ts", `function outer() {\n${inner}\n}`, functionLinesMax)).toEqual([
      { name: "inner", lines: 72 },
    ]);
  });

  it("include no default export, no export of everything, no silenced check, nothing unfinished", () => {
    const banned: readonly [RegExp, string][] = [
      [/^export default/m, "name the export"],
      [/^export \*/m, "name what is exported"],
      [/@ts-ignore|@ts-expect-error|as unknown as/, "parse or narrow instead"],
      [/\b(FIXME|XXX|HACK)\b|\bTODO\b(?!["'\]])/, "finish it or leave it out"],
      [/catch\s*(\([^)]*\))?\s*\{\s*\}/, "return, throw or record an error"],
      [/\.(skip|only|todo)\(/, "a test runs or is not there"],
      [/vi\.mock\(/, "hand in a record that implements the port"],
    ];
    const configured = /(^|\/)(vitest\.config\.ts|tidy\.test\.ts)$/;
    const wrong = code
      .filter((path) => path.endsWith(".ts") && !configured.test(path))
      .flatMap((path) =>
        banned
          .filter(([pattern]) => pattern.test(withoutStrings(path)))
          .map(([pattern, instead]) => `${path}: ${pattern} (${instead})`),
      );
    expect(wrong).toEqual([]);
  });

  it("decide nothing by the text of a message, only by types", () => {
    const banned: readonly RegExp[] = [
      /\b(message|detail|reason|hint|cause|why)\??\.(startsWith|endsWith|includes|match|search)\(/,
      /\.(test|exec)\((\w+\??\.)*(message|detail|reason|hint)\)/,
      /\.code\.(startsWith|endsWith|includes|match)\(/,
      /\bdetail === "[^"]/,
    ];
    // Text of others, which has no other form, and the one detail that is a closed list.
    const allowed = new Map([
      ["packages/cli/src/intake/missions-document.ts", "zod names a missing key only in its text"],
      ["packages/core/src/judges/canary-verdicts.ts", "a verdict's detail is a closed list of codes"],
      ["packages/core/src/judges/precedent.ts", "a verdict's detail is a closed list of codes"],
      ["packages/demo/src/missions/demo-phone.ts", "a phone has nothing but the push's text"],
      ["packages/runner/src/capture/walk.ts", "a finding's detail is a code of the same file"],
    ]);
    const matches = (path: string) => banned.some((pattern) => pattern.test(read(path)));
    expect(sources.filter((path) => matches(path) && !allowed.has(path))).toEqual([]);
    expect([...allowed.keys()].filter((path) => !matches(path))).toEqual([]);
    for (const caught of [
      'error.message.includes("dubious")',
      "/HOLD/.test(error.message)",
      'reason.startsWith("newly failing")',
      'error.code.startsWith("git-")',
      'hold.detail === "tokens"',
    ])
      expect(
        banned.some((pattern) => pattern.test(caught)),
        caught,
      ).toBe(true);
    for (const fine of ['error.code === "git-owner"', 'reasons.includes("x")', "pattern.test(path)"])
      expect(
        banned.some((pattern) => pattern.test(fine)),
        fine,
      ).toBe(false);
  });

  it("read no clock, chance or environment in core and contracts", () => {
    const wrong = sources.filter(
      (path) =>
        /^packages\/(core|contracts)\//.test(path) &&
        /\b(Date\.now|new Date\(\)|Math\.random|process\.|performance\.)/.test(read(path)),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the words of the product", () => {
  it("no name is declared and exported in two files", () => {
    const places = Map.groupBy(
      sources.flatMap((path) => exportedNames(path, read(path)).map((name) => ({ name, path }))),
      ({ name }) => name,
    );
    const repeated = [...places]
      .map(([name, found]) => ({ name, files: found.map(({ path }) => path).filter((path) => !isPlugIn(name, path)) }))
      .filter(({ files: found }) => found.length > 1);
    expect(repeated).toEqual([]);
  });

  it("the check finds a repeated name: a declaration counts, but not a name that is passed on", () => {
    const text =
      'export { far } from "./far.ts";\nimport { near } from "./near.ts";\nconst [own] = [near];\nexport { near, own };\n';
    expect(exportedNames("a.ts", `${text}export type Shape = string;\nconst hidden = 1;\n`)).toEqual(["own", "Shape"]);
  });

  it("every public name of contracts, clarify, core and daemon has a doc comment", () => {
    const doors = ["contracts/src/index.ts", "contracts/src/api/index.ts", "contracts/src/events/index.ts"];
    const undocumented = [
      ...doors,
      "clarify/src/index.ts",
      "core/src/index.ts",
      "core/src/reading.ts",
      "daemon/src/index.ts",
    ].flatMap((door) => undocumentedNames(`packages/${door}`, read));
    expect(undocumented).toEqual([]);
  });

  it("the check finds a name without a doc comment in its own file; a header is none, and a schema describes its type", () => {
    const texts: Record<string, string> = {
      "a/index.ts":
        '/** Header. */\nexport { type Good, goodSchema, bare } from "./b.ts";\n/** Own. */\nexport const own = 1;\nexport const mute = 2;\n',
      "a/b.ts":
        "/** Header. */\nexport const bare = 1;\n/** Good. */\nexport const goodSchema = 2;\nexport type Good = 2;\nexport const inner = 3;\n",
    };
    expect(undocumentedNames("a/index.ts", (path) => texts[path] ?? "")).toEqual(["a/index.ts: mute", "a/b.ts: bare"]);
  });

  it("replaced terms occur only in the places that test/retired-terms.yaml lists with a reason", () => {
    const named = code.map((path) => ({ path, names: namesIn(path, read(path)) }));
    for (const { not, stays = [] } of retiredTerms) {
      const found = named.flatMap(({ path, names }) => namesWith(not, names).map((name) => ({ path, name })));
      const isListed = (path: string, place: string) => matchesGlob(path, place);
      const wrong = found.filter(({ path }) => !stays.some((entry) => isListed(path, entry.in)));
      const idle = stays.filter(
        (entry) => !found.some(({ path }) => stays.every((other) => isListed(path, other.in) === (other === entry))),
      );
      expect({ not, wrong, idle }).toEqual({ not, wrong: [], idle: [] });
    }
  });

  it("a record of options is named options, not place, of, how or at", () => {
    const bag = /(?:[(,]|^) *(?:places?|of|how|at|shown): (?:\{|Readonly<)(?!.*;$)/m;
    expect(code.filter((path) => path !== "test/tidy.test.ts" && bag.test(read(path)))).toEqual([]);
    expect(bag.test("function land(how: { force: boolean }) {")).toBe(true);
    expect(bag.test("function land(options: { force: boolean }) {")).toBe(false);
  });

  it("the check finds a replaced term in camelCase, in kebab-case and in a file's name, but not inside another word", () => {
    const names = namesIn(
      "packages/cli/src/stand-in/wordy.ts",
      'const presentWord = "two words"; const swordFish = "last-word";',
    );
    expect(namesWith("word", names)).toEqual(["presentWord", "last-word"]);
    expect(namesWith("stand in", names)).toEqual(["stand-in/wordy"]);
  });
});

describe("documents", () => {
  it("have one title each", () => {
    const titles = (path: string) =>
      withoutFences(read(path))
        .split("\n")
        .filter((line) => /^# /.test(line)).length;
    expect(prose.filter((path) => titles(path) !== 1 && !path.startsWith("config/prompts/"))).toEqual([]);
  });

  it("run this repository's scripts as a fresh clone can: through npx, by the pinned pnpm", () => {
    const { packageManager, scripts } = JSON.parse(read("package.json")) as Record<string, object>;
    const call = new RegExp(`(?:npx -y )?pnpm(?:@[\\d.]+)? (?:${Object.keys(scripts ?? {}).join("|")})\\b`, "g");
    const calls = (path: string) => [...read(path).matchAll(call)].map(([text]) => text);
    const found = [...prose, ...files.filter((path) => path.startsWith("scripts/"))].flatMap(calls);
    expect(found.filter((text) => !text.startsWith(`npx -y ${packageManager} `))).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  it("number the ADRs without gaps", () => {
    const numbers = prose
      .filter((path) => path.startsWith("docs/adr/"))
      .map((path) => Number(basename(path).slice(0, 4)))
      .toSorted((left, right) => left - right);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it("are up to date with the code that they are generated from: npx -y pnpm@12.21.0 run docs", () => {
    for (const { path, text } of generatedDocuments(root)) expect({ path, text: read(path) }).toEqual({ path, text });
  });

  it("give every event a line, and no line to anything else", () => {
    const rows = [...read("docs/events.md").matchAll(/^- `(\w+)`: (.*)$/gm)];
    expect(rows.map(([, type]) => type).toSorted()).toEqual(eventTypes.toSorted());
    expect(rows.filter(([, , says = ""]) => says.trim() === "").map(([, type]) => type)).toEqual([]);
  });

  it("the check reads a folder's purpose from the last paragraph of a header, and none from a header without one", () => {
    expect(purposeIn("/**\n * Lands.\n *\n * Folder: what lands,\n * and how.\n */\nimport x;")).toBe(
      "what lands, and how",
    );
    expect(purposeIn("/** Lands. */\n/**\n * Folder: no header.\n */")).toBeNull();
  });

  it("explain every error code once, and the code uses every listed code", () => {
    const rows = [...read("docs/ERRORS.md").matchAll(/^- ((?:`[a-z-]+`,?\s+)*`[a-z-]+`): \S/gm)];
    const listed = rows.flatMap(([, codes = ""]) => [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code));
    expect(listed.toSorted()).toEqual(errorCodes.toSorted());
    const all = sources
      .filter((path) => !path.endsWith("/codes.ts"))
      .map((path) => read(path))
      .join("\n");
    // Codes built from a prefix and a state: `unknown-${what}` and `approval-${status}`.
    const composed = /^(unknown|approval)-/;
    expect(errorCodes.filter((code) => !all.includes(`"${code}"`) && !composed.test(code))).toEqual([]);
  });

  it("give every hold code a row, in order of precedence", () => {
    const rows = [...read("docs/ERRORS.md").matchAll(/^\| `(HOLD-[A-Z-]+)` \| .+ \| .+ \|$/gm)].map(
      (match) => match[1],
    );
    expect(rows).toEqual([...holdCodes]);
  });

  it("give every config key a row, and the code uses every listed key", () => {
    const table = read("docs/CONFIGURATION.md") + read("docs/RISK.md");
    const all = sources.map((path) => read(path)).join("\n");
    for (const file of ["config/default.yaml", "config/policies.yaml"]) {
      for (const key of keysOf(parse(read(file)))) {
        expect(table).toContain(`\`${key}\``);
        expect(all).toContain(key.split(".").at(-1));
      }
    }
  });

  it("name no place of the people who made the product", () => {
    const wrong = files.filter(
      (path) =>
        /\.(md|ts|sh|yml|yaml|json|cjs)$/.test(path) &&
        path !== "pnpm-lock.yaml" &&
        /(^|[\s"'`(=])\/(root|Users|mnt)\/\w/.test(read(path)),
    );
    expect(wrong.filter((path) => path !== "test/tidy.test.ts")).toEqual([]);
  });

  it("name only existing paths, in backticks and in comments of the code", () => {
    const wrong = [
      ...prose.flatMap((path) => pathsInDocument(read(path)).map((named) => ({ path, named }))),
      ...code.flatMap((path) => pathsInComments(read(path)).map((named) => ({ path, named }))),
    ].filter(({ named }) => !existsSync(join(root, named)));
    expect(wrong).toEqual([]);
  });

  it("the check finds paths with braces, without the folder `packages`, and in comments", () => {
    expect(pathsInDocument("see `core/src/{model,gate}/` and `./scripts/test --only unit`, not `core`")).toEqual([
      ...["packages/core/src/model", "packages/core/src/gate", "scripts/test"],
    ]);
    expect(pathsInComments('/** see host/src/globs.ts. */\nconst path = "host/src/none.ts";')).toEqual([
      "packages/host/src/globs.ts",
    ]);
  });

  it("name only existing identifiers, in backticks in documents and in comments of the code", () => {
    const foreign = ["yarnPath"];
    const data = files.filter((path) => /\.(json|ya?ml|mjs)$/.test(path) && path !== "pnpm-lock.yaml");
    const known = new Set([...foreign, ...[...code, ...data].flatMap((path) => wordsOfCode(read(path)))]);
    const wrong = [
      ...prose.flatMap((path) => identifiersInDocument(read(path)).map((named) => ({ path, named }))),
      ...code.flatMap((path) => identifiersInComments(read(path)).map((named) => ({ path, named }))),
    ].filter(({ named }) => !known.has(named));
    expect(wrong).toEqual([]);
    expect(identifiersInDocument("`pendingWork`, `openPart()`, `a-b`, `noUsage.requests` and plain camelCase")).toEqual(
      ["pendingWork", "openPart"],
    );
    expect(identifiersInComments("/** See `goneName`. */\nconst text = `keptName`;\n")).toEqual(["goneName"]);
    expect(wordsOfCode("/** See `goneName`. */\nconst keptName = 1; // and `otherName`\n")).not.toContain("goneName");
  });

  it("are short: cells within 200 characters, lines of prose within 140, and a limit on all words", () => {
    const long = documents.flatMap((path) => longParts(path, read(path)));
    expect(long).toEqual([]);
    expect(longParts("a.md", `| ${"x".repeat(201)} |\n\n${"y ".repeat(71)}\n`)).toHaveLength(2);
    expect(longParts("a.md", `| ${"x".repeat(200)} |\n\n${"y ".repeat(70)}\n`)).toEqual([]);
    const words = documents.reduce(
      (total, path) =>
        total +
        read(path)
          .split(/\s+/)
          .filter((word) => word !== "").length,
      0,
    );
    expect(words).toBeLessThanOrEqual(wordsMax);
  });

  it("mark each night file among the proofs of SECURITY.md, and no other file", () => {
    const isNightFile = (path: string) => byNight.includes(path);
    const proofs = [...read("docs/SECURITY.md").matchAll(/`(AEDEV_NIGHT=1 )?(?:unit|int|e2e) ([^`]+)`/g)];
    const wrong = proofs.filter(([, mark, paths = ""]) => {
      const files = paths.split(" ").filter((path) => path.endsWith(".test.ts"));
      return mark === undefined ? files.some(isNightFile) : !files.every(isNightFile);
    });
    expect(wrong.map(([text]) => text)).toEqual([]);
    expect(proofs.filter(([, mark]) => mark !== undefined).length).toBeGreaterThan(0);
  });

  it("have at most 40 terms in the glossary", () => {
    const terms = read("docs/GLOSSARY.md").match(/^\| (?!term|---)/gm) ?? [];
    expect(terms.length).toBeGreaterThan(20);
    expect(terms.length).toBeLessThanOrEqual(40);
  });

  it("keep AGENTS.md within 80 lines", () => {
    expect(read("AGENTS.md").split("\n").length).toBeLessThanOrEqual(81);
  });
});

/** The cells and lines of a document that are too long to be read; code and addresses are not prose. */
function longParts(path: string, text: string): string[] {
  const lines = withoutFences(text).split("\n");
  const cells = lines.filter((line) => line.startsWith("|")).flatMap((line) => line.split(/(?<!\\)\|/));
  const wide = lines.filter((line) => !/^(\||!\[|<|\s*$)/.test(line) && [...line.trimEnd()].length > 140);
  return [...cells.filter((cell) => [...cell.trim()].length > 200), ...wide].map(
    (part) => `${path}: ${part.trim().slice(0, 60)}…`,
  );
}

function tableOfFolders(): string[] {
  return Object.entries(allowedFolders)
    .flatMap(([name, folders]) =>
      Object.entries(folders).flatMap(([from, targets]) => targets.map((to) => `${name}: ${from} -> ${to}`)),
    )
    .toSorted();
}

/** Importing only types does not bind a file to a library. */
function usesAtRunTime(path: string, library: string): boolean {
  const imports = [...read(path).matchAll(/import (?!type\b)[^;]*?from "([^"]+)"/g)].map((match) => match[1]);
  return imports.includes(library);
}

/** Dotted paths of the leaves. A list is a leaf, and so is one signal with its weight. */
function keysOf(document: unknown, path = ""): string[] {
  if (
    document === null ||
    typeof document !== "object" ||
    Array.isArray(document) ||
    /^(risk\.(?:for|against)|clarification\.signals)\.[a-z_0-9]+$/.test(path)
  )
    return [path];
  return Object.entries(document).flatMap(([key, value]) => keysOf(value, path === "" ? key : `${path}.${key}`));
}

function withoutFences(text: string): string {
  return text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "");
}

/** Text in quotes is data: a hostile fixture may contain what code may not. */
function withoutStrings(path: string): string {
  return read(path).replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}
