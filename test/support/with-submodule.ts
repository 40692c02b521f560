/** A repository whose test reads a file of its submodule `data`. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Laboratory, smallProject } from "./laboratory.ts";

const readingTest = `const { test } = require("node:test");
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
test("reads the submodule", () => assert.strictEqual(readFileSync(join(__dirname, "../data/data.txt"), "utf8"), "one\\n"));
`;
const author = ["-c", "user.name=a", "-c", "user.email=a@b"];

/** Two bare repositories, the second being the first one's submodule by a relative address. `pin`: pins the submodule's tip and changes its address. */
export async function withSubmodule(laboratory: Laboratory, name: string) {
  const lib = await laboratory.remote(`${name}-lib`, { "data.txt": "one\n" });
  const bare = await laboratory.remote(name, { ...smallProject, "test/reading.test.js": readingTest });
  const clone = join(laboratory.folder, `${name}-clone`);
  await laboratory.git(laboratory.folder, "clone", "--quiet", bare, clone);
  const textOf = (...args: string[]) =>
    execFileSync("git", ["--git-dir", lib, ...args])
      .toString()
      .trim();
  async function pin(url: string): Promise<void> {
    writeFileSync(join(clone, ".gitmodules"), `[submodule "data"]\n\tpath = data\n\turl = ${url}\n`);
    await laboratory.git(clone, "add", ".gitmodules");
    await laboratory.git(clone, "update-index", "--add", "--cacheinfo", `160000,${textOf("rev-parse", "main")},data`);
    await laboratory.git(clone, ...author, "commit", "--quiet", "--message", "Pin the submodule");
    await laboratory.git(clone, "push", "--quiet", "origin", "HEAD:main");
  }
  await pin(`../${name}-lib.git`);
  return { bare, lib, pin };
}
