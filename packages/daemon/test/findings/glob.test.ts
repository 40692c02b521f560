/** Path patterns: any depth, any case, dot files, whole folders. */
import { expect, it } from "vitest";
import { findGlob, matchesGlob } from "../../src/findings/glob.ts";

it("matches at any depth and names the pattern", () => {
  expect(findGlob("a/b/.github/workflows/x.yml", ["docs/**", ".github/**"])).toBe(".github/**");
  expect(findGlob("test/a.js", ["test/*.js"])).toBe("test/*.js");
  expect(findGlob("packages/x/test/a.js", ["test/*.js"])).toBe("test/*.js");
  expect(findGlob("latest/a.js", ["test/*.js"])).toBeNull();
  expect(findGlob("src/deep/a.test.ts", ["**/*.test.ts", "/src/**"])).toBe("**/*.test.ts");
});

it("takes a pattern without a slash for a file or a folder", () => {
  expect(matchesGlob("CLAUDE.md", ["claude.md"])).toBe(true);
  expect(matchesGlob(".env.d/x/y", [".env*"])).toBe(true);
  expect(matchesGlob("my.env", [".env*"])).toBe(false);
});

it("lets no exclamation mark subtract or match everything", () => {
  expect(matchesGlob("a.js", ["!b.js"])).toBe(false);
});
