/** Trees of real JavaScript and TypeScript are those of TypeScript's own parser. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { comparedPlaces } from "./compiler-places.ts";

const root = join(import.meta.dirname, "../../../..");
const charactersMax = 200_000;

/** Every so many files, in the order of their paths, without those that the compiler finds wrong. */
function compared(patterns: readonly string[], every: number) {
  const paths = globSync(patterns, { cwd: root }).toSorted();
  const texts = paths.filter((_, at) => at % every === 0).map((path) => [path, readFileSync(join(root, path), "utf8")]);
  const found = texts.flatMap(([path = "", text = ""]) => {
    const comparison = text.length > charactersMax ? null : comparedPlaces(text, path);
    return comparison === null ? [] : [{ path, ...comparison }];
  });
  const read = found.filter(({ errors }) => errors.length === 0);
  return {
    files: found.length,
    unread: found.flatMap(({ path, errors }) => (errors.length > 0 ? [path] : [])),
    places: read.reduce((sum, one) => sum + one.places, 0),
    missing: read.flatMap(({ path, missing }) => missing.map((one) => `${path}: ${one}`)),
  };
}

it("in our own sources", () => {
  const { files, unread, places, missing } = compared(
    ["packages/*/{src,test}/**/*.{ts,tsx,js,mjs}", "test/**/*.ts"],
    10,
  );
  expect({ unread, missing }).toEqual({ unread: [], missing: [] });
  expect(files).toBeGreaterThan(200);
  expect(places).toBeGreaterThan(40_000);
});

it("in libraries", () => {
  const { files, unread, places, missing } = compared(
    ["node_modules/.pnpm/*/node_modules/*/{dist,lib,src,test}/**/*.{ts,tsx,js,mjs,cjs}"],
    60,
  );
  expect(missing).toEqual([]);
  expect(files).toBeGreaterThan(50);
  expect(places).toBeGreaterThan(20_000);
  // Declarations of types have forms that the grammar does not know.
  expect(unread.filter((path) => !path.endsWith(".d.ts"))).toEqual([]);
  expect(unread.length / files).toBeLessThan(0.03);
});
