/** Which of our own files decide whether a cached base result is used. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { ownCodeFiles } from "../../../src/checks/matrix/own-code.ts";

const source = fileURLToPath(new URL("../../../src", import.meta.url));
const root = fileURLToPath(new URL("../../../../..", import.meta.url));

it("the digest covers every file that the checks import, except those that prepare dependencies", () => {
  const covered = ownCodeFiles().map((path) => relative(source, join(root, path)));
  const imported = covered
    .filter((path) => path.startsWith("checks/"))
    .flatMap((path) => importsOf(path))
    .filter((path) => !path.startsWith("prepare/"));
  expect(imported).toContain("tree/candidate.ts");
  expect(imported).toContain("engine/clean-container.ts");
  expect(imported).toContain("../../host/src/globs.ts");
  expect(imported).toContain("../../contracts/src/index.ts");
  expect(imported).toContain("../../languages/src/tree/syntax-node.ts");
  expect(covered).toContain("../seccomp/profile.json");
  expect(imported.filter((path) => !covered.includes(path))).toEqual([]);
});

function importsOf(path: string): string[] {
  const text = readFileSync(join(source, path), "utf8");
  return [...text.matchAll(/^import (?!type )[^;]*? from "(\.[^"]+|@aedev\/[^"]*)";$/gm)].map(([, name = ""]) => {
    if (name.startsWith(".")) return relative(source, join(source, dirname(path), name));
    const [, scope = "", file = "index"] = /^@aedev\/(\w+)\/?(.+)?$/.exec(name) ?? [];
    return `../../${scope}/src/${file}.ts`;
  });
}
