/** Which changed files decide how tests run, and which stored results were rewritten. */
import { expect, it } from "vitest";
import { findRewritten, findSettings } from "../../../src/findings/test-diff/test-settings.ts";

const changed = (path: string, before: string | null = "a", after: string | null = "b") => ({
  path,
  status: "modified" as const,
  before,
  after,
});

it("lists changed settings of coverage, CI and the test runner, and stored results, by kind", () => {
  const kinds = (path: string) => findSettings([changed(path)]).map(({ kind }) => kind);
  for (const path of [".nycrc.json", "packages/a/codecov.yml", ".coveragerc"])
    expect(kinds(path), path).toEqual(["coverage"]);
  for (const path of [".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile"])
    expect(kinds(path), path).toEqual(["ci"]);
  const ofRunner = ["vitest.config.ts", "a/.mocharc.yml", "pytest.ini", "tests/conftest.py", "pytest.toml"];
  for (const path of [...ofRunner, "__mocks__/axios.js", "src/setupTests.ts", "jest.unit.config.js"])
    expect(kinds(path), path).toEqual(["runner"]);
  for (const path of ["a/__snapshots__/b.js.snap", "test/x.snap", "tests/__snapshots__/a.ambr"])
    expect(kinds(path), path).toEqual(["snapshot"]);
  for (const path of ["index.js", "test/a.test.js", "README.md", "src/config.ts", "src/api/__mocks__/client.ts"])
    expect(kinds(path), path).toEqual([]);
});

it("lists snapshots after test settings, so that many of them push out no setting", () => {
  const stored = Array.from({ length: 2000 }, (_, at) => changed(`__snapshots__/${at}.snap`));
  const found = findSettings([...stored, changed("vitest.config.ts"), changed("Jenkinsfile")]);
  expect(found).toHaveLength(2000);
  expect(found.slice(0, 3).map(({ path }) => path)).toEqual([
    "vitest.config.ts",
    "Jenkinsfile",
    "__snapshots__/0.snap",
  ]);
});

it("a manifest counts as a test setting only if the part about tests changed", () => {
  const kinds = (path: string, before: string, after: string) => findSettings([changed(path, before, after)]).length;
  expect(kinds("package.json", '{"scripts":{"test":"a"}}', '{"scripts":{"test":"b"}}')).toBe(1);
  expect(kinds("package.json", '{"dependencies":{"a":"1.0.0"}}', '{"dependencies":{"a":"1.0.1"}}')).toBe(0);
  expect(kinds("pyproject.toml", "[tool.pytest.ini_options]\na = 1\n", "[tool.pytest.ini_options]\na = 2\n")).toBe(1);
  expect(
    kinds(
      "pyproject.toml",
      "[project]\nversion = '1'\n[tool.pytest]\na = 1\n",
      "[project]\nversion = '2'\n[tool.pytest]\na = 1\n",
    ),
  ).toBe(0);
});

it("Cargo.toml and setup.py count as test settings only if the part about tests changed", () => {
  const kinds = (path: string, before: string, after: string) => findSettings([changed(path, before, after)]).length;
  const cargo = '[package]\nversion = "1.0.0"\n\n[dependencies]\nserde = "1"\n';
  expect(kinds("Cargo.toml", cargo, cargo.replace('"1.0.0"', '"1.0.1"'))).toBe(0);
  expect(kinds("Cargo.toml", cargo, `${cargo}\n[[test]]\nname = "more"\n`)).toBe(0);
  expect(kinds("Cargo.toml", cargo, `${cargo}\n[[test]]\nname = "adds"\nharness = false\n`)).toBe(1);
  expect(kinds("a/Cargo.toml", cargo, `${cargo}\n[profile.test]\noverflow-checks = false\n`)).toBe(1);
  expect(kinds("setup.py", "setup(name='a')", "setup(name='b')")).toBe(0);
  expect(kinds("setup.py", "setup(name='a')", "setup(name='a', entry_points={'pytest11': ['a = a.plugin']})")).toBe(1);
});

it("reports stored results that changed or were removed, and no new ones", () => {
  const one = '// Jest Snapshot v1\n\nexports[`a 1`] = `1`;\n\nexports[`b 1`] = `\n{\n  "x": 1,\n}\n`;\n';
  const path = "__snapshots__/a.snap";
  expect(findRewritten(changed(path, one, `${one}\nexports[\`c 1\`] = \`3\`;\n`))).toEqual([]);
  expect(findRewritten(changed(path, one, one.replace("`1`;", "`2`;")))).toMatchObject([
    { kind: "snapshot-rewritten", test: "a 1" },
  ]);
  expect(findRewritten(changed(path, one, ""))).toHaveLength(2);
  expect(findRewritten(changed("x.snap.png", null, null))).toMatchObject([{ kind: "snapshot-rewritten", test: null }]);
  expect(findRewritten({ ...changed(path, null, one), status: "added" })).toEqual([]);
});
