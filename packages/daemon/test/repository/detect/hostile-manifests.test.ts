/** Manifests made to take detection's time, memory or stack give at worst a poorer proposal. Beside each is an ordinary one. */
import { describe, expect, it } from "vitest";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";
import { scriptParts } from "../../../src/repository/detect/script-parts.ts";

const detect = (files: Record<string, string>) => {
  const paths = Object.keys({ ...files, "tests/test_x.py": "" });
  const texts = new Map(wantedFiles(paths).map((path) => [path, files[path] ?? null]));
  return detectRepository({ paths, texts }, { overlay: {}, image: null, runnerImage: "aedev-runner:0" });
};
const chain = (length: number, last: string) =>
  new Map(
    Array.from({ length }, (_, step): [string, string] => [
      step === 0 ? "test" : `s${step}`,
      step === length - 1 ? last : `npm run s${step + 1}`,
    ]),
  );

describe("package.json", () => {
  it("a package.json with a chain of scripts costs bounded work", () => {
    expect(scriptParts(chain(5, "mocha"))).toEqual(["mocha"]);
    expect(scriptParts(chain(20_000, "mocha"))).toEqual([]);
  });

  it("a package.json with scripts that each call all others costs bounded work", () => {
    const each = (count: number) =>
      new Map([
        ["test", "npm run a:*"],
        ...Array.from({ length: count }, (_, index): [string, string] => [`a:${index}`, `npm run a:* && t${index}`]),
      ]);
    expect(scriptParts(each(3))).toEqual(["t2", "t1", "t0"]);
    expect(scriptParts(each(20_000)).length).toBeLessThan(100);
  });

  it("a package.json with exports within exports costs bounded work", () => {
    const manifest = (depth: number) =>
      `{"scripts":{"test":"mocha","build":"tsc"},"exports":${"[".repeat(depth)}"./dist/a.js"${"]".repeat(depth)}}`;
    const outputsOf = (depth: number) => {
      const { settings, alternatives } = detect({ "package.json": manifest(depth) });
      return [settings, ...alternatives.map((one) => one.settings)].flatMap(({ outputs }) => outputs);
    };
    expect(outputsOf(3)).toContain("dist");
    expect(outputsOf(5000)).not.toContain("dist");
  });
});

describe("pyproject.toml", () => {
  const project = '[project]\nname = "x"\nversion = "1"\n[project.optional-dependencies]\n';
  const prepareOf = (text: string) => detect({ "pyproject.toml": project + text }).settings.prepare ?? "";

  it("a pyproject.toml with an extra that names another one thousands of times costs bounded work", () => {
    const extras = (count: number) =>
      `a = [${'"six",'.repeat(count)}]\ntest = ["x[${"a,".repeat(count)}a]", "pytest"]\n`;
    expect(prepareOf(extras(2))).toContain("'six' 'pytest'");
    expect(prepareOf(extras(30_000))).toContain("'six' 'pytest'");
  });

  it("a pyproject.toml with a requirement of many versions costs bounded work", () => {
    const wish = (count: number) => `test = ["pytest${"!=1,".repeat(count)}<9", "a${"!1".repeat(75)}$"]\n`;
    expect(prepareOf('test = ["pytest!=1,!=2,<9"]\n')).toContain("'pytest!=1,!=2,<9'");
    expect(prepareOf(wish(3))).not.toContain("!1!1");
  });
});
