/** A build's changes to fetched files, from the lists before and after it, and those that the base's build does not make. */
import { describe, expect, it } from "vitest";
import { type BuildWrites, buildWrites, strayWrites } from "../../src/prepare/build-writes.ts";

const fetched = {
  "node_modules/vitest/cli.js": "v",
  "node_modules/a/index.js": "a",
  ".venv/lib/site-packages/pytest.py": "p",
};
const outputs = ["node_modules", ".venv", "dist"];
const listOf = (files: Record<string, string>) => new Map(Object.entries(files));
const built = (after: Record<string, string>) => buildWrites(listOf(fetched), listOf(after), outputs);

describe("a build's changes to fetched files", () => {
  it("are none if it only made its own outputs", () => {
    expect(built({ ...fetched, "dist/index.js": "d", "src/generated.js": "g" })).toEqual({
      files: {},
      folders: [],
      whole: true,
    });
  });

  it("are each altered, added and removed file, and the outermost folder that it made", () => {
    const { "node_modules/a/index.js": _removed, ...others } = fetched;
    expect(
      built({
        ...others,
        "node_modules/vitest/cli.js": "altered",
        ".venv/lib/site-packages/evil.pth": "e",
        "node_modules/.cache/one/two.js": "c",
        "node_modules/.cache/three.js": "c",
      }),
    ).toEqual({
      files: {
        "node_modules/vitest/cli.js": "altered",
        ".venv/lib/site-packages/evil.pth": "e",
        "node_modules/a/index.js": "gone",
      },
      folders: ["node_modules/.cache"],
      whole: true,
    });
  });

  it("are found in an empty node_modules of a workspace's package, and in one below an output", () => {
    const nested = ["node_modules", "packages/a/node_modules", "packages/a/dist"];
    const after = listOf({
      ...fetched,
      "packages/a/node_modules/vitest/index.js": "evil",
      "packages/a/dist/node_modules/chai/index.js": "evil",
      "packages/a/dist/index.js": "d",
    });
    expect(buildWrites(listOf(fetched), after, nested)).toEqual({
      files: {},
      folders: ["packages/a/dist/node_modules", "packages/a/node_modules/vitest"],
      whole: true,
    });
    const base = buildWrites(listOf(fetched), listOf({ ...fetched, "packages/a/node_modules/.cache/x": "c" }), nested);
    expect(base.folders).toEqual(["packages/a/node_modules/.cache"]);
  });

  it("include each file of Python's bytecode, even in a new folder", () => {
    const path = ".venv/lib/site-packages/__pycache__/pytest.cpython-311.pyc";
    expect(built({ ...fetched, [path]: "evil" })).toEqual({ files: { [path]: "evil" }, folders: [], whole: true });
  });

  it("are unknown without both lists", () => {
    expect(buildWrites(null, listOf(fetched), outputs).whole).toBe(false);
    expect(buildWrites(listOf(fetched), null, outputs).whole).toBe(false);
  });

  it("may have a path of any name", () => {
    expect(built({ ...fetched, "node_modules/a/__proto__": "x" }).files).toEqual({ "node_modules/a/__proto__": "x" });
  });
});

describe("changes that the base's build does not make", () => {
  const base: BuildWrites = {
    files: { "node_modules/a/index.js": "patched" },
    folders: ["node_modules/.cache"],
    whole: true,
  };

  it.each<[string, Partial<BuildWrites>, string[]]>([
    ["the same", {}, []],
    ["less", { files: {}, folders: [] }, []],
    ["another content", { files: { "node_modules/a/index.js": "other" } }, ["node_modules/a/index.js"]],
    ["another file", { files: { ...base.files, "node_modules/vitest/cli.js": "x" } }, ["node_modules/vitest/cli.js"]],
    ["below a folder of both", { folders: ["node_modules/.cache", "node_modules/.cache/more"] }, []],
    ["another folder", { folders: ["node_modules/vitest/node_modules"] }, ["node_modules/vitest/node_modules/"]],
    ["too much", { whole: false }, ["(not all files could be compared)"]],
  ])("are found: %s", (_what, changes, stray) => {
    expect(strayWrites({ ...base, ...changes }, base)).toEqual(stray);
  });

  it("are none if the change had no build on fetched files, and all if only the base had none", () => {
    expect(strayWrites(null, base)).toEqual([]);
    expect(strayWrites(base, null)).toEqual(["node_modules/.cache/", "node_modules/a/index.js"]);
    expect(strayWrites(base, { ...base, whole: false })).toEqual(["(not all files could be compared)"]);
  });
});
