/** House rules that a machine can hold: package edges, names, file headers, sizes, documents that agree with the code. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventTypes } from "@aedev/core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

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

/** What each package may import of the others, as path prefixes or file names. */
const edges: Record<string, readonly RegExp[]> = {
  core: [],
  dashboard: [/^@aedev\/core$/],
  runner: [/^@aedev\/core\/wire$/],
  validators: [/^@aedev\/core\/wire$/],
  daemon: [/^@aedev\/core(\/wire)?$/, /^@aedev\/dashboard$/],
  cli: [/^@aedev\/core(\/wire)?$/, /^@aedev\/daemon$/, /^@aedev\/runner$/],
};
const importsOf = (path: string) =>
  [...read(path).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");

describe("package edges", () => {
  it("imports of other packages are in the table, and the checker's file knows every package", () => {
    const wrong = sources.flatMap((path) => {
      const allowed = edges[path.split("/")[1] ?? ""] ?? [];
      return importsOf(path)
        .filter((name) => name.startsWith("@aedev/") && !allowed.some((edge) => edge.test(name)))
        .map((name) => `${path} imports ${name}`);
    });
    expect(wrong).toEqual([]);
    for (const name of Object.keys(edges)) expect(read(".dependency-cruiser.cjs")).toContain(`only("${name}"`);
  });

  it("core imports zod and itself only", () => {
    const wrong = sources
      .filter((path) => path.startsWith("packages/core/"))
      .flatMap((path) =>
        importsOf(path)
          .filter((name) => name !== "zod" && !name.startsWith("."))
          .map((name) => `${path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it("each library stands behind one file", () => {
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
      "@lezer/javascript",
      "@lezer/python",
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

describe("names and shapes", () => {
  it("has no drawers", () => {
    expect(
      sources.filter((path) => /\/(utils?|helpers?|common|lib|services?|managers?|types)(\/|\.ts$)/.test(path)),
    ).toEqual([]);
  });

  it("names files in kebab-case", () => {
    expect(
      code
        .map((path) => basename(path))
        .filter(
          (name) =>
            !/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.(test|int\.test|e2e\.test|browser\.test|config))?\.(ts|cjs)$/.test(name),
        ),
    ).toEqual([]);
  });

  it("opens each source file with what it owns", () => {
    expect(sources.filter((path) => !/^(#![^\n]*\n)?\/\*\*/.test(read(path)))).toEqual([]);
  });

  it("keeps source files under 300 lines", () => {
    expect(sources.filter((path) => read(path).split("\n").length > 301)).toEqual([]);
  });

  it("has no default export, no export of everything, no silenced check, nothing unfinished", () => {
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

  it("asks the clock, chance and the environment nowhere in core", () => {
    const wrong = sources.filter(
      (path) =>
        path.startsWith("packages/core/") &&
        /\b(Date\.now|new Date\(\)|Math\.random|process\.|performance\.)/.test(read(path)),
    );
    expect(wrong).toEqual([]);
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

  it("number the ADRs without gaps", () => {
    const numbers = prose
      .filter((path) => path.startsWith("docs/adr/"))
      .map((path) => Number(basename(path).slice(0, 4)))
      .toSorted((left, right) => left - right);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it("give every event its row, and no row to an event that is not", () => {
    const rows = [...read("ARCHITECTURE.md").matchAll(/^\| `([A-Z][A-Za-z]+)` \|/gm)].map((match) => match[1]);
    expect(rows.toSorted()).toEqual([...eventTypes].toSorted());
  });

  it("give every config key its row, and every key is used by the code", () => {
    const table = read("docs/CONFIGURATION.md");
    const all = sources.map((path) => read(path)).join("\n");
    for (const file of ["config/default.yaml", "config/policies.yaml"]) {
      for (const key of keysOf(parse(read(file)))) {
        expect(table).toContain(`\`${key}\``);
        expect(all).toContain(key.split(".").at(-1));
      }
    }
  });

  it("names no place of the people who made it", () => {
    const wrong = files.filter(
      (path) =>
        /\.(md|ts|sh|yml|yaml|json|cjs)$/.test(path) &&
        path !== "pnpm-lock.yaml" &&
        /(^|[\s"'`(=])\/(root|Users|mnt)\/\w/.test(read(path)),
    );
    expect(wrong.filter((path) => path !== "test/tidy.test.ts")).toEqual([]);
  });

  it("keeps AGENTS.md within 80 lines", () => {
    expect(read("AGENTS.md").split("\n").length).toBeLessThanOrEqual(81);
  });
});

/** Types alone bind nobody to a library. */
function usesAtRunTime(path: string, library: string): boolean {
  const imports = [...read(path).matchAll(/import (?!type\b)[^;]*?from "([^"]+)"/g)].map((match) => match[1]);
  return imports.includes(library);
}

/** Dotted paths of the leaves; a list is a leaf, and so is one risk factor with its weight and unit. */
function keysOf(document: unknown, path = ""): string[] {
  if (
    document === null ||
    typeof document !== "object" ||
    Array.isArray(document) ||
    /^(risk\.factors|clarification\.signals)\.[a-z_0-9]+$/.test(path)
  )
    return [path];
  return Object.entries(document).flatMap(([key, value]) => keysOf(value, path === "" ? key : `${path}.${key}`));
}

function withoutFences(text: string): string {
  return text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "");
}

/** Text in quotes is data: a hostile fixture may hold what code may not. */
function withoutStrings(path: string): string {
  return read(path).replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}
