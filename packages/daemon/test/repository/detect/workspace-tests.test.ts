/** Takes a workspace's test script apart into its packages' own tests, or leaves it unchanged. */
import { expect, it } from "vitest";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";

type Files = Readonly<Record<string, string>>;
const json = JSON.stringify;
const members: Files = {
  "packages/a/package.json": json({ name: "a", scripts: { test: "vitest run" } }),
  "packages/a/src/a.test.ts": "",
  "packages/b/package.json": json({ name: "b", scripts: { test: "mocha" } }),
  "packages/b/test/b.js": "",
  "packages/docs/package.json": json({ name: "docs" }),
};
function detect(test: string, files: Files = members, more: object = {}) {
  const top = { workspaces: ["packages/*"], scripts: { test, ...more } };
  const all: Files = { "package.json": json(top), "package-lock.json": "{}", ".gitignore": "dist\n", ...files };
  const paths = Object.keys(all);
  const texts = new Map(wantedFiles(paths).map((path) => [path, all[path] ?? null]));
  return detectRepository({ paths, texts }, { overlay: {}, image: null, runnerImage: "aedev-runner:0" });
}
const each = ["cd packages/a && npx vitest run", "cd packages/b && npx mocha"];

it.each([
  "npm test --workspaces",
  "npm test -ws --if-present",
  "npm run test --workspaces --if-present",
  "pnpm -r test",
  "pnpm -r --parallel run test",
  "pnpm run --recursive test",
  "yarn workspaces run test",
  "yarn workspaces foreach -At run test",
  "turbo run test",
  "turbo test",
  "npx lerna run test --stream",
  "nx run-many -t test",
  "nx run-many --target=test --all",
])("each package's tests run alone if the script is: %s", (script) => {
  const { settings, checks, alternatives } = detect(script);
  expect({ verify: settings.verify, checks }).toEqual({ verify: each, checks: "per-test" });
  expect(alternatives.some((one) => one.settings.verify?.join() === "npm test")).toBe(true);
});

it.each([
  "npm test -w a",
  "pnpm --filter a test",
  "turbo run lint",
  "turbo run build && node check.js",
  "node scripts/test-all.js",
  "npm run lint --workspaces",
  "pnpm --recursive exec playwright test",
  "pnpm -r --filter=!e2e test",
  "turbo test --filter=web",
  "lerna run test --scope a",
])("any other script stays unchanged: %s", (script) => {
  expect(detect(script).settings.verify).toEqual(["npm test"]);
});

it("a note names the packages that don't run, and every package is built first if tests need that", () => {
  const karma = {
    "packages/c/package.json": json({ name: "c", scripts: { test: "karma start" } }),
    "packages/c/test/c.js": "",
  };
  const { settings, notes, alternatives } = detect(
    "eslint . && turbo test",
    { ...members, ...karma },
    { build: "turbo build" },
  );
  expect(settings.verify).toEqual(each);
  expect(notes.join()).toContain("not run: the tests of packages/c; eslint .");
  const built = alternatives.find((one) => one.settings.build === "npm run build");
  expect(built?.settings).toMatchObject({ verify: each });
  expect(built?.settings.outputs).toEqual(expect.arrayContaining(["dist", "packages/a/dist", "packages/b/dist"]));
});

it("the script stays unchanged if no package gives results of single tests, or if there are very many", () => {
  const odd = {
    "packages/c/package.json": json({ name: "c", scripts: { test: "karma start" } }),
    "packages/c/test/c.js": "",
  };
  expect(detect("turbo test", odd).settings.verify).toEqual(["npm test"]);
  const many = Object.fromEntries(
    Array.from({ length: 14 }, (_, at) => [`packages/p${at}/package.json`, json({ scripts: { test: "mocha" } })]),
  );
  const tests = Object.fromEntries(Object.keys(many).map((path) => [path.replace("package.json", "test/t.js"), ""]));
  expect(detect("turbo test", { ...many, ...tests }).settings.verify).toEqual(["npm test"]);
  const apps = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`apps/a${at}/package.json`, "{}"]));
  expect(detect("turbo test", { ...members, ...apps }).settings.verify).toEqual(["npm test"]);
  const deep = { "packages/a/b/c/d/e/package.json": "{}" };
  expect(detect("turbo test", { ...members, ...deep }).settings.verify).toEqual(["npm test"]);
  const tap = {
    "packages/tap/package.json": json({ name: "tap", scripts: { test: "mocha" } }),
    "packages/tap/test/t.js": "",
  };
  expect(detect("turbo test", tap).settings.verify).toEqual(["cd packages/tap && npx mocha"]);
});

it("without a script at the top, each package's tests run alone if runners differ and no test is outside the packages", () => {
  const verifyOf = (files: Record<string, string>, top: object) => {
    const all: Record<string, string> = { "package.json": json({ workspaces: ["packages/*"], ...top }), ...files };
    const paths = Object.keys(all);
    const texts = new Map(wantedFiles(paths).map((path) => [path, all[path] ?? null]));
    return detectRepository({ paths, texts }, { overlay: {}, image: null, runnerImage: "aedev-runner:0" }).settings
      .verify;
  };
  expect(verifyOf(members, {})).toEqual(each);
  expect(verifyOf(members, { scripts: { test: 'echo "Error: no test specified" && exit 1' } })).toEqual(each);
  const outside = { "test/all.test.js": "import { it } from 'vitest';\n" };
  expect(verifyOf({ ...members, ...outside }, {})).toEqual(["npx vitest run --passWithNoTests"]);
  const alike = { ...members, "packages/b/package.json": json({ name: "b", scripts: { test: "vitest run" } }) };
  expect(verifyOf(alike, {})).toHaveLength(0);
});
