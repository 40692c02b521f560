/** Our trees of real JavaScript and TypeScript agree with TypeScript's own parser. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { comparedPlaces } from "./compiler-places.ts";

const root = join(import.meta.dirname, "../../../..");
const charactersMax = 200_000;

/** Compares one file of every `every`, in the order of their paths, without files in which the compiler finds errors. */
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

it("trees of our own sources agree with TypeScript's parser", () => {
  const { files, unread, places, missing } = compared(
    ["packages/*/{src,test}/**/*.{ts,tsx,js,mjs}", "test/**/*.ts"],
    10,
  );
  expect({ unread, missing }).toEqual({ unread: [], missing: [] });
  expect(files).toBeGreaterThan(200);
  expect(places).toBeGreaterThan(40_000);
});

it("trees of installed libraries agree with TypeScript's parser", () => {
  const { files, unread, places, missing } = compared(
    ["node_modules/.pnpm/*/node_modules/*/{dist,lib,src,test}/**/*.{ts,tsx,js,mjs,cjs}"],
    30,
  );
  expect(missing).toEqual([]);
  expect(files).toBeGreaterThan(50);
  expect(places).toBeGreaterThan(15_000);
  // Some types have forms that the grammar does not know; the product asks about a file that it can't read.
  expect(unread.length / files).toBeLessThan(0.03);
});
