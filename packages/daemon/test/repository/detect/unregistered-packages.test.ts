/** Finds packages that the fetch step can't reach, by their addresses, in a lockfile of any size. */
import { expect, it } from "vitest";
import {
  unregisteredDevDependencies,
  unregisteredPackages,
} from "../../../src/repository/detect/unregistered-packages.ts";

const noted = (manifest: object, lock: object | null = null) => {
  const texts = new Map(lock === null ? [] : [["package-lock.json", JSON.stringify(lock)]]);
  return unregisteredPackages({ paths: [...texts.keys()], texts }, { ...manifest });
};

it.each([
  [false, "^1.0.0"],
  [false, "npm:b@^1.0.0"],
  [false, "../x/y"],
  [false, "https://registry.npmjs.org/a/-/a-1.0.0.tgz"],
  [false, "https://registry.npmjs.org:443/a/-/a-1.0.0.tgz"],
  [false, "HTTPS://registry.npmjs.org/a/-/a-1.0.0.tgz"],
  [false, "https://registry.yarnpkg.com/a/-/a.tgz"],
  [true, "https://registry.npmjs.org.evil.com/a.tgz"],
  [true, "https://registry.npmjs.org:4433/a.tgz"],
  [true, "http://example.com/a.tgz"],
  [true, "HTTPS://example.com/a.tgz"],
  [true, "ssh://git@github.com/a/b"],
  [true, "user@host:a/b.git"],
  [true, "GIT+SSH://git@github.com/a/b"],
  [true, "a/b#main"],
])("detection notes what does not come from a registry (%s): %s", (expected, spec) => {
  expect(noted({ dependencies: { a: spec } })).toHaveLength(expected ? 1 : 0);
});

it("detection names the package of a lockfile that wants one from elsewhere", () => {
  const packages = {
    "": { dependencies: { d: "^1.0.0" } },
    "node_modules/b": { dependencies: { c: "x/c" } },
    "node_modules/c": { resolved: "ssh://git@github.com/x/c.git" },
    "node_modules/d": { resolved: "git+https://example.org/d.git" },
    "node_modules/e": { resolved: "https://registry.npmjs.org/e.tgz" },
  };
  expect(noted({}, { packages })[0]).toMatch(
    /: c \(ssh:\S+, wanted by b\), d \(git\+https:\S+, wanted by package\.json\)\. The/u,
  );
  expect(noted({}, { packages: { "node_modules/e": packages["node_modules/e"] } })).toEqual([]);
});

it("parents are looked up only for the packages that are named", () => {
  const dependencies = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`x${index}`, "1"]));
  const entry = { resolved: "git+x", dependencies };
  const packages = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`node_modules/p${index}`, entry]));
  expect(noted({}, { packages })[0]).toContain("and 4995 more");
});

it("only what the devDependencies themselves have is left out", () => {
  expect(unregisteredDevDependencies({ devDependencies: { a: "x/a" } })).toEqual(["a"]);
  expect(unregisteredDevDependencies({ dependencies: { a: "x/a" }, devDependencies: {} })).toEqual([]);
  expect(unregisteredDevDependencies({ dependencies: { a: "x/a" }, devDependencies: { a: "^1.0.0" } })).toEqual([]);
  expect(unregisteredDevDependencies({ dependencies: { b: "^1.0.0" }, devDependencies: { a: "x/a" } })).toEqual(["a"]);
  const of = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, "x/a"]));
  expect(unregisteredDevDependencies({ devDependencies: of(5) })).toHaveLength(5);
  expect(unregisteredDevDependencies({ devDependencies: of(6) })).toEqual([]);
  expect(unregisteredDevDependencies({ dependencies: { toString: "x/a" }, devDependencies: {} })).toEqual([]);
});

it("an address is shown without its credential", () => {
  for (const address of ["https://user:topsecret@github.com/x/y.git", "git+https://topsecret@github.com/x/y.git"]) {
    const [note = ""] = noted({ dependencies: { a: address } });
    expect(note).toContain("//…@github.com/x/y.git");
    expect(note).not.toContain("topsecret");
  }
});
