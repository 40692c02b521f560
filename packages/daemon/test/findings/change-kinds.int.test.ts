/** Tells the kind of each changed file from its two versions and the base's other files. */
import { expect, it } from "vitest";
import { deriveChangeKinds } from "../../src/findings/kinds/change-kinds.ts";
import type { ChangeKindsInput } from "../../src/findings/kinds/change-kinds-input.ts";
import type { NamingLine } from "../../src/git/find-namers.ts";
import { shippedPolicy } from "./sample-change.ts";

type File = Partial<ChangeKindsInput["files"][number]> & { readonly path: string };

interface Given {
  /** Lines of the base. */
  readonly lines?: readonly NamingLine[] | null;
  readonly mission?: string;
  readonly renames?: ChangeKindsInput["renames"];
}

function deriveKinds(files: readonly File[], { lines = [], mission = "", renames = [] }: Given) {
  return deriveChangeKinds({
    files: files.map((file) => ({
      status: "modified",
      before: "one\n",
      after: "two\n",
      old_mode: "100644",
      new_mode: "100644",
      ...file,
    })),
    renames,
    documents: shippedPolicy.paths.documentation,
    tests: ["test/**"],
    pictures: new Set(files.filter(({ path }) => path.endsWith(".png")).map(({ path }) => path)),
    mission,
    linesNaming: async () => lines,
    // Each line is the whole of its file.
    readUnchanged: async () => new Map((lines ?? []).map(({ path, text }) => [path, text])),
    goModule: async () => null,
  });
}

async function kindsOf(
  files: readonly File[],
  lines: readonly NamingLine[] | null = [],
): Promise<Record<string, string>> {
  const { files: found } = await deriveKinds(files, { lines });
  return Object.fromEntries(
    found.map(({ path, kind, named_by }) => [path, named_by === null ? kind : `${kind}, ${named_by}`]),
  );
}

it("takes plain files outside the tests for documents by their names", async () => {
  const found = await kindsOf([
    { path: "README.md" },
    { path: "docs/old.rst", status: "deleted", after: null, new_mode: "000000" },
    { path: "docs/new.md", status: "added", before: null, old_mode: "000000" },
    { path: ".changeset/one.md" },
    { path: "test/data.md" },
    { path: "bin/run.md", new_mode: "100755" },
    { path: "link.md", status: "added", before: null, old_mode: "000000", new_mode: "120000" },
    { path: "bytes.md", after: null },
    { path: "page.html" },
    { path: "requirements.txt" },
  ]);
  expect(found).toEqual({
    "README.md": "document",
    "docs/old.rst": "document",
    "docs/new.md": "document",
    ".changeset/one.md": "code",
    "test/data.md": "code",
    "bin/run.md": "code",
    "link.md": "code",
    "bytes.md": "code",
    "page.html": "code",
    "requirements.txt": "code",
  });
});

it("takes a picture for a document that a file may read", async () => {
  const picture = { path: "docs/map.png", before: null, after: null };
  expect(await kindsOf([picture])).toEqual({ "docs/map.png": "document" });
  expect(await kindsOf([picture], [{ path: "a.js", text: 'read("docs/map.png")' }])).toEqual({
    "docs/map.png": "document, a.js",
  });
});

it("recognizes code and tests of which only comments and layout changed", async () => {
  const found = await kindsOf([
    { path: "a.js", before: "f(1);\n", after: "// Calls it.\nf( 1 );\n" },
    { path: "test/a.js", before: "f(1);\n", after: "// Calls it.\nf( 1 );\n" },
    { path: "b.js", before: "f(1);\n", after: "f(2);\n" },
    { path: "c.js", status: "added", before: null, after: "// Nothing.\n" },
    { path: "d.js", before: "f(1);\n", after: "// Calls it.\nf(1);\n", new_mode: "100755" },
    { path: "a.yaml", before: "a: 1\n", after: "a: 1 # one\n" },
  ]);
  expect(found).toEqual({
    "a.js": "comments",
    "test/a.js": "comments",
    "b.js": "code",
    "c.js": "code",
    "d.js": "code",
    "a.yaml": "code",
  });
});

it("takes changed docstrings for comments unless a program of the repository may read or run them", async () => {
  const file = { path: "a.py", before: 'def f():\n    """Adds."""\n', after: 'def f():\n    """Adds two."""\n' };
  const line = (path: string, text: string) => [{ path, text }];
  expect(await kindsOf([file])).toEqual({ "a.py": "comments" });
  expect(await kindsOf([file], line("b.py", "exec(f.__doc__)"))).toEqual({ "a.py": "comments, b.py" });
  const example = { ...file, after: 'def f():\n    """Adds.\n\n    >>> f()\n    """\n' };
  const tox = line("tox.ini", "pytest --doctest-modules");
  expect(await kindsOf([example], tox)).toEqual({ "a.py": "comments, tox.ini" });
  expect(await kindsOf([file], tox)).toEqual({ "a.py": "comments" });
  expect(await kindsOf([file], line("b.py", "f() # not f.__doc__"))).toEqual({ "a.py": "comments" });
  expect(await kindsOf([file], line("docs/conf.py", "extensions = ['sphinx.ext.doctest']"))).toEqual({
    "a.py": "comments",
  });
  expect(await kindsOf([file], null)).toEqual({ "a.py": "comments, (more files than could be searched)" });
});

it("names a file that may read a document: code with its name in quotes, or any data with its name", async () => {
  const line = (path: string, text: string) => kindsOf([{ path: "docs/help.md" }], [{ path, text }]);
  expect(await line("lib/help.js", 'read("help.md")')).toEqual({ "docs/help.md": "document, lib/help.js" });
  expect(await line("src/lib.rs", '#![doc = include_str!("../docs/help.md")]')).toEqual({
    "docs/help.md": "document, src/lib.rs",
  });
  expect(await line("lib/pages.js", 'readdir(join(root, "docs"))')).toEqual({
    "docs/help.md": "document, lib/pages.js",
  });
  expect(await line("lib/pages.js", 'glob("**/*.md")')).toEqual({ "docs/help.md": "document, lib/pages.js" });
  for (const [path, text] of [
    ["main.go", "//go:embed docs/help.md"],
    ["run.sh", "cat docs/help.md # shows it"],
    ["lib/help.js", 'log("it\\"s", read("docs/help.md"))'],
    ["lib/help.js", 'glob("docs/**/*.{md,mdx}")'],
    ["help.py", 'x = 1 // open("docs/help.md")'],
    ["run.sh", "# cat docs/help.md"],
    ["package.json", '"docs": "marked docs/help.md -o dist"'],
    ["lib/docs/build.js", 'render("docs/help.md")'],
  ] as const)
    expect(await line(path, text)).toEqual({ "docs/help.md": `document, ${path}` });
  expect(await line("site.yaml", "page: help.md")).toEqual({ "docs/help.md": "document, site.yaml" });
  for (const [path, text] of [
    ["lib/help.js", "// see help.md"],
    ["help.py", "# see help.md"],
    ["lib/help.js", 'open("https://example.org/docs/help.md#use")'],
    ["lib/help.js", 'glob("examples/*.md")'],
    ["lib/help.js", 'open("documents/x")'],
    ["site.yaml", 'folder: "docs"'],
    ["docs/index.md", "[help](help.md)"],
    ["package.json", '"files": ["docs/help.md"]'],
    ["docs/help.md", '"help.md"'],
    ["docs/build.js", 'render("docs/help.md")'],
  ] as const)
    expect(await line(path, text)).toEqual({ "docs/help.md": "document" });
});

it("counts a document as read by a program if there are too many files to search", async () => {
  expect(await kindsOf([{ path: "a.md" }], null)).toEqual({ "a.md": "document, (more files than could be searched)" });
});

const cut = (name: string) => `function ${name}(a) { return a; }\nmodule.exports = { ${name} };\n`;
const renamed = [
  { path: "lib/a.js", before: cut("cut"), after: cut("part") },
  { path: "test/a.js", before: 'require("../lib/a.js").cut(1);\n', after: 'require("../lib/a.js").part(1);\n' },
];

it("recognizes a renamed function with its tests if the mission has both names and nothing else uses them", async () => {
  const mission = "Rename `cut` to `part`.";
  const found = await deriveKinds(renamed, { lines: [{ path: "lib/b.js", text: "x(); // cut" }], mission });
  expect(found.files.map(({ kind, named_by }) => [kind, named_by])).toEqual([
    ["renamed", null],
    ["renamed", null],
  ]);
  expect(found).toMatchObject({ same_tests: ["test/a.js"], renames: { names: [{ from: "cut", to: "part" }] } });
  expect(found.unasked).toBeUndefined();
  expect((await deriveKinds(renamed, { mission: "Tidy up." })).unasked).toEqual([
    { from: "cut", to: "part", path: "lib/a.js" },
  ]);
});

it.each([
  ["calls the old name", { path: "lib/b.js", text: "a.cut(1)" }],
  ["has the new name already", { path: "lib/b.js", text: "exports.part = 1;" }],
  ["has the old name as data", { path: "tasks.yaml", text: 'run: "cut"' }],
  ["has the old name after a blank in data", { path: "tasks.yaml", text: "- run: cut # daily" }],
  ["calls the old name in a page", { path: "index.html", text: '<a onclick="return cut(1)">' }],
  ["calls the old name in a component", { path: "lib/b.vue", text: "const a = cut(1);" }],
  ["multiplies by the old name on a line of its own", { path: "lib/b.js", text: "x =\n  a\n  * cut(1);" }],
  ["divides by the old name in Python", { path: "b.py", text: "x = a // cut(1)" }],
  ["has the old name in a text with a mark of comments", { path: "lib/b.js", text: 'f("a # cut");' }],
  ["has the old name in a comment of a language without a reader", { path: "b.sh", text: "# cut" }],
])("takes no test for the same if an unchanged file %s", async (_, line) => {
  const found = await deriveKinds(renamed, { lines: [line] });
  expect(found.files.map(({ named_by }) => named_by)).toEqual([line.path, line.path]);
  expect(found.same_tests).toBeUndefined();
});

it.each([
  ["a comment of JavaScript", { path: "lib/b.js", text: "/*\n * cut(1)\n */\nx(); // cut" }],
  ["a comment of Python", { path: "b.py", text: "x = a  # cut(1)" }],
  ["a longer name of data", { path: "tasks.yaml", text: "run: cutter" }],
  ["a list of packages", { path: "package-lock.json", text: '"cut": "1.0.0"' }],
  ["a document", { path: "docs/a.md", text: "Call cut(1)." }],
])("takes tests for the same although an unchanged file has the old name in %s", async (_, line) => {
  expect((await deriveKinds(renamed, { lines: [line] })).same_tests).toEqual(["test/a.js"]);
});

it("recognizes a renamed file unless an unchanged file loads it", async () => {
  const gone = { status: "deleted" as const, before: cut("cut"), after: null, new_mode: "000000" };
  const fresh = { status: "added" as const, before: null, after: cut("cut"), old_mode: "000000" };
  const files = [
    { path: "lib/cutter.js", ...gone },
    { path: "lib/parter.js", ...fresh },
    { path: "lib/c.js", before: 'f(require("./cutter"));\n', after: 'f(require("./parter"));\n' },
  ];
  const renames = [{ from: "lib/cutter.js", to: "lib/parter.js" }];
  const of = async (text: string) => {
    const found = await deriveKinds(files, { renames, lines: [{ path: "lib/b.js", text }] });
    return found.files.slice(0, 2).map(({ kind, named_by }) => `${kind}${named_by === null ? "" : `, ${named_by}`}`);
  };
  expect(await of("cutters();")).toEqual(["renamed", "renamed"]);
  expect(await of('require("./cutter");')).toEqual(["renamed, lib/b.js", "renamed, lib/b.js"]);
  expect(await of("// See ./cutter.js.")).toEqual(["renamed", "renamed"]);
});

it("says what calls have to show only of a refactoring that the mission asks for", async () => {
  const files = [{ path: "lib/a.js", before: "exports.f = (n) => n * 2;\n", after: "exports.f = (n) => n + n;\n" }];
  const refactoring = async (mission: string) => (await deriveKinds(files, { mission })).refactoring;
  expect(await refactoring("Refactor f() in lib/a.js")).toEqual({
    lost: [],
    changed: [{ unit: "lib/a.js f", reached_by: ["lib/a.js f"] }],
  });
  expect(await refactoring("f() must accept texts")).toBeUndefined();
});

it("holds a change that touches no test to the base's results, unless the mission asks for a fix or a feature", async () => {
  const code = { path: "lib/a.js", before: "exports.f = (n) => n * 2;\n", after: "exports.g = (n) => n + n;\n" };
  const ofTests = { path: "test/a.js", before: "f(1);\n", after: "f(2);\n" };
  const lost = async (mission: string, ...others: File[]) =>
    (await deriveKinds([code, ...others], { mission })).refactoring?.lost;
  expect(await lost("Simplify lib/a.js")).toEqual(["f"]);
  expect(await lost("Simplify lib/a.js: f becomes g")).toEqual([]);
  const text = (head: string) => `function ${head} {\n  return n * 2;\n}\nmodule.exports = { f };\n`;
  const parameter = { path: "lib/a.js", before: text("f(n)"), after: text("f(n, m)") };
  expect((await deriveKinds([parameter], { mission: "Simplify f in lib/a.js" })).refactoring?.lost).toEqual(["f"]);
  expect(await lost("Replace the product in lib/a.js by a sum", ofTests)).toBeUndefined();
  expect(await lost("Replace the product in lib/a.js by a sum")).toEqual(["f"]);
  expect(await lost("Fix f in lib/a.js")).toBeUndefined();
});
