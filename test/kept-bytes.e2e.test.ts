/** The coder CLI damages bytes that nobody asked it to touch, or writes ignored files: the next run corrects it, and the base's bytes land. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, smallProject, type TaskView } from "./support/laboratory.ts";
import { fixAnd, honestTest, shell, tagOf, turnsOf } from "./support/scripted-change.ts";

/** "// 返回一半" and '一半' in GBK, one character per byte. */
const half = "// \xb7\xb5\xbb\xd8\xd2\xbb\xb0\xeb\nexports.name = '\xd2\xbb\xb0\xeb';\nexports.half = (n) => n / 3;\n";
const menu = "exports.menu = {\n  de: 'Grüße',\n  price: 1,\n};\n";
const rate = Array.from({ length: 10 }, (_, n) => `exports.rate${n} = ${n};\r\n`).join("");
const base = {
  ...smallProject,
  ".gitignore": "fixtures/\n",
  "lib/menu.js": menu,
  "lib/rate.js": rate,
};

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open({});
  await laboratory.must("daemon", "start");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

async function register(name: string): Promise<void> {
  const bare = await laboratory.remote(name, base);
  const clone = `${laboratory.folder}/${name}-clone`;
  await laboratory.git(laboratory.folder, "clone", "--quiet", bare, clone);
  execFileSync("node", ["-e", `require("fs").writeFileSync("lib/half.js", ${JSON.stringify(half)}, "latin1")`], {
    cwd: clone,
  });
  await laboratory.git(clone, "add", "--all");
  await laboratory.git(
    clone,
    "-c",
    "user.name=a",
    "-c",
    "user.email=a@b",
    "commit",
    "--quiet",
    "--message",
    "Add half",
  );
  await laboratory.git(clone, "push", "--quiet", "origin", "HEAD:main");
  const settings = [
    "--verify",
    "node --test",
    "--tests",
    "test/**",
    "--no-try",
    "--profile",
    "aggressive",
    "--allow-writes",
  ];
  await laboratory.must("repo", "add", bare, "--name", name, ...settings);
}
const landed = (name: string, path: string) =>
  execFileSync("git", ["--git-dir", `${laboratory.folder}/${name}.git`, "cat-file", "blob", `main:${path}`]).toString(
    "latin1",
  );
const show = async (task: TaskView) => (await laboratory.must("task", "show", task.task_id)).stdout;
const node = (script: string) => shell(`node -e ${JSON.stringify(script)}`);
const told = (name: string) =>
  laboratory.models.requests.filter(
    ({ vendor, body }) => vendor === "anthropic" && body.includes(tagOf(name)) && body.includes("The previous run"),
  );

it("a change lands with the base's bytes after a run that destroyed letters, an encoding and line endings", async () => {
  const byBytes = (text: string) => node(`const fs = require('fs'); ${text}`);
  const edit =
    "fs.writeFileSync('lib/half.js', fs.readFileSync('lib/half.js', 'latin1').replace('n / 3', 'n / 2'), 'latin1');";
  const lines =
    "fs.writeFileSync('lib/rate.js', fs.readFileSync('lib/rate.js', 'utf8').replace('= 5', '= 55').split(String.fromCharCode(13)).join(''));";
  laboratory.models.coder["letters outside the change destroyed"] = fixAnd();
  laboratory.models.coder["destroyed, encoding changed from GBK"] = fixAnd(byBytes(edit), byBytes(lines));
  laboratory.models.coder[tagOf("bytes")] = turnsOf(
    honestTest,
    byBytes("fs.writeFileSync('lib/half.js', fs.readFileSync('lib/half.js', 'utf8').replace('n / 3', 'n / 2'));"),
    byBytes(
      "fs.writeFileSync('lib/menu.js', fs.readFileSync('lib/menu.js', 'latin1').replace('price: 1', 'price: 2').replace(/[^ -~\\n]+/g, '??'));",
    ),
    byBytes(
      "fs.writeFileSync('lib/add.js', 'exports.add = (a, b) => a + b;'.concat(String.fromCharCode(10), 'exports.twice = (a) => a * 2;', String.fromCharCode(10)));",
    ),
    byBytes(lines),
  );
  await register("bytes");
  const mission = await laboratory.submit(
    "bytes",
    `Make add() right in lib/add.js ${tagOf("bytes")}`,
    "add(-1, 2) gives 1",
  );
  const { mission: ended, task } = await laboratory.wait(mission);
  const shown = await show(task);
  expect(ended.status, shown).toBe("landed");
  expect(task.runs.length, shown).toBe(2);
  expect(shown).toContain("lib/menu.js");
  const body = told("bytes")[0]?.body ?? "";
  expect(body).toContain("lib/menu.js: 2 letters in 1 line outside the change destroyed");
  expect(body).toMatch(
    /lib\/half\.js: \d+ letters in 2 lines outside the change destroyed, encoding changed from GBK to UTF-8/,
  );
  expect(landed("bytes", "lib/half.js")).toBe(half.replace("n / 3", "n / 2"));
  expect(landed("bytes", "lib/rate.js")).toBe(rate.replace("= 5", "= 55"));
  expect(Buffer.from(landed("bytes", "lib/menu.js"), "latin1").toString()).toBe(menu);
  expect(shown).toContain("line endings of 1 file put back (CRLF): lib/rate.js");
});

it("an ignored file lands if the next run adds it by force, after the first was told that it was left out", async () => {
  const reads =
    "const { test } = require('node:test'); test('reads', () => require('node:fs').readFileSync('fixtures/semi.csv'));";
  const files = shell(
    `mkdir -p fixtures && echo 'a;b' > fixtures/semi.csv && cat > test/csv.test.js <<'END'\n${reads}\nEND`,
  );
  laboratory.models.coder["was not taken because the base ignores it: fixtures/semi.csv"] = fixAnd(
    files,
    shell("git add -f fixtures/semi.csv"),
  );
  laboratory.models.coder[tagOf("ignored")] = fixAnd(files);
  await register("ignored");
  const mission = await laboratory.submit(
    "ignored",
    `Make add() right in lib/add.js ${tagOf("ignored")}`,
    "add(-1, 2) gives 1",
  );
  const { mission: ended, task } = await laboratory.wait(mission);
  expect(ended.status, await show(task)).toBe("landed");
  expect(task.runs.length).toBe(2);
  expect(landed("ignored", "fixtures/semi.csv")).toBe("a;b\n");
});
