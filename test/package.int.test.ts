/** What `npm pack` puts into the npm package: the bundled program with every file that it reads, and nothing that only a developer needs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { productVersion } from "@aedev/host/product";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../packages/aedev");
const scratch = mkdtempSync(join(tmpdir(), "aedev-package-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files: readonly string[];
let bytes: number;
beforeAll(async () => {
  const { stdout } = await execa("npm", ["pack", "--json", "--pack-destination", scratch], { cwd: folder });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as {
    files: { path: string }[];
    unpackedSize: number;
  }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  bytes = packed?.unpackedSize ?? 0;
});
const text = (path: string) => readFileSync(join(folder, path), "utf8");

describe("the npm package", () => {
  it("has the program, configuration, prompts, the image's recipe, the web app, set-up, documents and licences", () => {
    const needed = [
      ...["bin/aedev", "dist/cli-main.mjs", "dist/daemon-main.mjs", "dist/runner-main.mjs", "dist/validators-main.mjs"],
      ...["config/default.yaml", "config/prompts/judge.md", "config/demo/missions.yaml"],
      ...["packages/runner/docker/Dockerfile", "packages/runner/docker/build", "packages/runner/seccomp/profile.json"],
      ...["packages/dashboard/dist/index.html", "scripts/setup", "scripts/shell/undo.sh"],
      ...["README.md", "docs/ERRORS.md", "LICENSE", "THIRD-PARTY.md", "package.json"],
    ];
    expect(needed.filter((path) => !files.includes(path))).toEqual([]);
  });

  it("has every file that its program names, and names none of a source", () => {
    const programs = files.filter((path) => path.endsWith(".mjs"));
    const named = programs.flatMap((path) => [
      ...[...text(path).matchAll(/\bfrom"\.\/([^"]+)"|\bimport\(?[`"]\.\/([^`"]+)[`"]/g)].map(
        ([, a, b]) => `dist/${a ?? b}`,
      ),
      ...[...text(path).matchAll(/new URL\([`"](\.\.?)\/([^`"$]*[^`"$/])[`"],import\.meta\.url\)/g)].map(
        ([, dots, name]) => (dots === "." ? `dist/${name}` : `${name}`),
      ),
    ]);
    expect(named).toContain("dist/runner-checks-report-parse-child.mjs");
    expect(named).toContain("packages/runner/seccomp/profile.json");
    const isThere = (path: string) => files.some((file) => file === path || file.startsWith(`${path}/`));
    expect([...new Set(named)].filter((path) => !isThere(path))).toEqual([]);
  });

  it("imports from outside only Node and its one dependency", () => {
    const { dependencies } = JSON.parse(text("package.json")) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies)).toEqual(["better-sqlite3"]);
    const imported = files
      .filter((path) => path.endsWith(".mjs"))
      .flatMap((path) =>
        [...text(path).matchAll(/\b(?:from|import)"([@\w][\w@:/.-]*)"/g)].map(([, name = ""]) => name),
      );
    expect(new Set(imported.filter((name) => !isBuiltin(name)))).toEqual(new Set(["better-sqlite3"]));
  });

  it("has no test, no source that the program does not read, and no source map", () => {
    const isText = (path: string) => path.includes("/inside/") || path.startsWith("packages/runner/docker/");
    const wrong = files.filter(
      (path) =>
        /(?:^|\/)(?:test|node_modules)\/|\.test\.|\.map$|\.tsbuildinfo$/.test(path) ||
        (/\.tsx?$/.test(path) && !isText(path)),
    );
    expect(wrong.filter((path) => !path.startsWith("config/demo/"))).toEqual([]);
    expect(bytes).toBeLessThan(30_000_000);
  });

  it("states the licence of each bundled dependency", () => {
    const notices = text("THIRD-PARTY.md");
    for (const name of ["zod", "fastify", "dockerode", "web-tree-sitter", "@vscode/tree-sitter-wasm", "preact"])
      expect(notices).toContain(`## ${name} - `);
    expect(notices).toContain("Permission is hereby granted");
  });

  it("has the one version number of the command line and the runner image", async () => {
    const version = productVersion();
    const { stdout: tag } = await execa(join(folder, "packages/runner/docker/build"), ["--tag"]);
    expect(tag).toBe(`aedev-runner:${version}`);
    const { stdout } = await execa(process.execPath, [join(folder, "bin/aedev"), "--version"]);
    expect(stdout).toBe(`aedev ${version}`);
    expect(files.filter((path) => basename(path) === "VERSION")).toEqual([]);
  });

  it("says which Node it needs on an older one, and starts on this one", async () => {
    const old = join(scratch, "old.cjs");
    writeFileSync(old, `Object.defineProperty(process.versions, "node", { value: "22.12.0" });`);
    const run = (...flags: string[]) =>
      execa(process.execPath, [...flags, join(folder, "bin/aedev"), "status", "--help"], { reject: false });
    const refused = await run("--require", old);
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^aedev: needs Node 22\.13 or newer, and this is 22\.12\.0\n/),
    ]);
    expect(await run()).toMatchObject({ exitCode: 0 });
  });
});
