/** A repository with a folder named in Latin-1: its tests run, and a change there is asked about by its bytes and lands with them. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, smallProject } from "./support/laboratory.ts";
import { fixAnd, shell, tagOf } from "./support/scripted-change.ts";

const folder = "b\xfccher";
const list = "exports.list = ['a'];\n";
const listTest =
  "const { test } = require('node:test');\nconst assert = require('node:assert');\ntest('lists', () => assert.strictEqual(require('./list.js').list[0], 'a'));\n";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open({});
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

it("a change to a path in Latin-1 is asked about by its bytes, and lands under them once it is approved", async () => {
  const bare = await laboratory.remote("books", smallProject);
  const clone = `${laboratory.folder}/books-clone`;
  await laboratory.git(laboratory.folder, "clone", "--quiet", bare, clone);
  const make = `const fs = require("fs"); const at = (name) => Buffer.from(${JSON.stringify(folder)} + name, "latin1");
    fs.mkdirSync(at("")); fs.writeFileSync(at("/list.js"), ${JSON.stringify(list)}); fs.writeFileSync(at("/list.test.js"), ${JSON.stringify(listTest)});`;
  execFileSync("node", ["-e", make], { cwd: clone });
  await laboratory.git(clone, "add", "--all");
  const author = ["-c", "user.name=a", "-c", "user.email=a@b"];
  await laboratory.git(clone, ...author, "commit", "--quiet", "--message", "Add books");
  await laboratory.git(clone, "push", "--quiet", "origin", "HEAD:main");
  const settings = [
    "--verify",
    "node --test",
    "--tests",
    "test/**",
    "--tests",
    "**/*.test.js",
    "--profile",
    "aggressive",
  ];
  const added = await laboratory.must("repo", "add", bare, "--name", "books", "--allow-writes", ...settings);
  expect(added.stdout).toContain("passing on the base");

  laboratory.models.coder[tagOf("books")] = fixAnd(
    shell(
      "for file in b*cher/list.js; do echo \"exports.more = ['b'];\" >> $file; echo 1 > $(dirname $file)/new.txt; done",
    ),
  );
  const mission = await laboratory.submit(
    "books",
    `Make add() right in lib/add.js ${tagOf("books")}`,
    "add(-1, 2) gives 1",
  );
  const { mission: ended, task } = await laboratory.wait(mission);
  const shown = (await laboratory.must("task", "show", task.task_id)).stdout;
  expect(ended.status, shown).toBe("asked");
  expect(shown).toContain("b\\xfccher/list.js (its name is not UTF-8; each \\x is one byte)");
  expect((await laboratory.must("task", "diff", task.task_id)).stdout).toContain("+exports.more = ['b'];");
  await laboratory.must("task", "approve", task.task_id);
  await expect.poll(async () => (await laboratory.mission(mission)).status, { timeout: 60_000 }).toBe("landed");
  const names = execFileSync("git", ["--git-dir", bare, "ls-tree", "-r", "-z", "--name-only", "main"]);
  const paths = names.toString("latin1").split("\0");
  expect(paths).toEqual(expect.arrayContaining([`${folder}/list.js`, `${folder}/new.txt`]));
  const landed = execFileSync("git", ["--git-dir", bare, "log", "-1", "-p", "main"]).toString();
  expect(landed).toContain("+exports.more = ['b'];");
});
