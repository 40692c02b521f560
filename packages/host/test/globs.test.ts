/** Path patterns: any depth, any case, dot files, whole folders. */
import picomatch from "picomatch";
import { expect, it } from "vitest";
import { anyDepthGlobs, findGlob, matchesGlob, rootedMatcher } from "../src/globs.ts";

it("matches a pattern at any depth and names it", () => {
  expect(findGlob("a/b/.github/workflows/x.yml", ["docs/**", ".github/**"])).toBe(".github/**");
  expect(findGlob("test/a.js", ["test/*.js"])).toBe("test/*.js");
  expect(findGlob("packages/x/test/a.js", ["test/*.js"])).toBe("test/*.js");
  expect(findGlob("latest/a.js", ["test/*.js"])).toBeNull();
  expect(findGlob("src/deep/a.test.ts", ["**/*.test.ts", "/src/**"])).toBe("**/*.test.ts");
});

it("matches a pattern without a slash against a file or a folder", () => {
  expect(matchesGlob("CLAUDE.md", ["claude.md"])).toBe(true);
  expect(matchesGlob(".env.d/x/y", [".env*"])).toBe(true);
  expect(matchesGlob("my.env", [".env*"])).toBe(false);
});

it("lets no exclamation mark in a pattern subtract or match everything", () => {
  expect(matchesGlob("a.js", ["!b.js"])).toBe(false);
});

it("rewrites a pattern for other planes to mean the same from the root", () => {
  const globs = ["Makefile", ".env*", "jest.config.*", "ci/**", "*.{mk,make}", "/root.js", "**/x.js", "build.gradle*"];
  const paths = ["Makefile", "a/Makefile", "a/.env.x/y", "b/jest.config.mjs", "ci/a/b", "x/ci/a", "a/x.mk", "root.js"];
  for (const glob of globs)
    for (const path of [...paths, "x.js", "y/x.js", "build.gradle.kts", "makefiles", "aMakefile"])
      expect(picomatch(anyDepthGlobs([glob]), { dot: true, nocase: true })(path), `${glob} ${path}`).toBe(
        matchesGlob(path, [glob]),
      );
  expect(picomatch(anyDepthGlobs(["Makefile"]), { dot: true })("a/b/Makefile")).toBe(true);
  expect(picomatch(anyDepthGlobs(["Makefile"]), { dot: true })("a/Makefile.js")).toBe(false);
});

it("matches a repository's own patterns from the root, in their case, dot files included", () => {
  const isTest = rootedMatcher(["test/**", "*.spec.js"]);
  const paths = ["test/a.js", "test/.hidden/.a.js", "test/x/y.js", "a.spec.js", ".a.spec.js"];
  expect(paths.filter((path) => !isTest(path))).toEqual([]);
  const others = ["Test/a.js", "x/test/a.js", "x/a.spec.js", "testing/a.js", "a.spec.js/b"];
  expect(others.filter(isTest)).toEqual([]);
  expect(rootedMatcher([])("test/a.js")).toBe(false);
});
