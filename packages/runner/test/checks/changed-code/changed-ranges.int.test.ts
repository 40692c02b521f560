/** Which lines count as changed if only their blanks differ, between real blobs. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changedRanges, rangesOf } from "../../../src/checks/changed-code/changed-ranges.ts";
import { openObjects } from "../../../src/tree/candidate.ts";
import { type Objects, writeBlob } from "../../../src/tree/check-tree.ts";
import { type Laboratory, openLaboratory } from "../laboratory.ts";

let laboratory: Laboratory;
let objects: Objects;
beforeAll(async () => {
  laboratory = openLaboratory();
  laboratory.repository("app", { "a.js": "1;\n" });
  objects = await openObjects(laboratory.context, "app", join(laboratory.home, "objects"));
});
afterAll(() => laboratory.close());

/** The numbers of a file's changed lines. */
async function changed(grammar: string | null, before: string, after: string): Promise<number[]> {
  const versions = { before: await writeBlob(objects, before), after: await writeBlob(objects, after), grammar };
  const [ranges = []] = await changedRanges(objects, [versions]);
  return ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
}

it.each<[string, string, string, string, number[]]>([
  ["went into a new block", "a.js", "run(a);\nend();\n", "if (a) {\n  run(a);\n  end();\n}\n", [1, 4]],
  ["went into a new block of Python", "a.py", "run(a)\n", "if a:\n    run(a)\n", [1]],
  [
    "went into a new block of Go",
    "a.go",
    "package a\n\nfunc f() {\n\trun()\n}\n",
    "package a\n\nfunc f() {\n\tif a {\n\t\trun()\n\t}\n}\n",
    [4, 6],
  ],
  [
    "went into a new function around the file's code",
    "a.ts",
    "const a: number = 1;\nrun(a);\n",
    "export function f() {\n  const a: number = 1;\n  run(a);\n}\n",
    [1, 4],
  ],
  ["got another layout", "a.js", "if (a) {\n    run(a);\n    end();\n}\n", "if (a) {\n  run(a);\n  end();\n}\n", []],
  ["got another layout, with its block", "a.js", "  if (a) {\n    run(a);\n  }\n", "if (a) {\n  run(a);\n}\n", []],
  ["got another layout in Python", "a.py", "if a:\n  run(a)\n  end()\n", "if a:\n    run(a)\n    end()\n", []],
  ["lost blanks at its end", "a.js", "run(a);  \nend();\n", "run(a);\nend();\n", []],
  [
    "belongs to code within a template",
    "a.js",
    `const a = \`\${\n  run(b)\n}\`;\n`,
    `const a = \`\${\n      run(b)\n}\`;\n`,
    [],
  ],
  [
    "surrounds a text that did not change",
    "a.js",
    "const a = `\n  b\n`;\nrun(a);\n",
    "if (b) {\n  const a = `\n  b\n`;\n  run(a);\n}\n",
    [1, 6],
  ],
])("does not count a line as changed that only %s (%s)", async (_title, path, before, after, expected) => {
  expect(await changed(path, before, after)).toEqual(expected);
});

it.each<[string, string, string, string, number[]]>([
  [
    "belongs to a template",
    "a.js",
    "const a = `\nadmin:\n  allow: false\n`;\n",
    "const a = `\nadmin:\nallow: false\n`;\n",
    [3],
  ],
  ["ends a template", "a.js", "const a = `b\n  `;\n", "const a = `b\n`;\n", [2]],
  ["has blanks at its end in a template", "a.js", "const a = `b  \n`;\n", "const a = `b\n`;\n", [1]],
  [
    "belongs to a template within a template",
    "a.js",
    `const a = \`\${f(\`\n  b\n\`)}\`;\n`,
    `const a = \`\${f(\`\nb\n\`)}\`;\n`,
    [2],
  ],
  ["continues a string", "a.js", 'const a = "b\\\n  c";\n', 'const a = "b\\\nc";\n', [2]],
  ["stands in an attribute of JSX", "a.jsx", 'const a = <A b="x\n  y"/>;\n', 'const a = <A b="x\ny"/>;\n', [2]],
  [
    "stands in a string of Python",
    "a.py",
    "a = '''\nadmin:\n  allow: false\n'''\n",
    "if b:\n    a = '''\n    admin:\n      allow: false\n    '''\n",
    [1, 3, 4, 5],
  ],
  ["stands in a formatted string of Python", "a.py", 'a = f"""\n  {b}\n"""\n', 'a = f"""\n{b}\n"""\n', [2]],
  ["stands in a raw string of Go", "a.go", "package a\n\nvar a = `\n  b\n`\n", "package a\n\nvar a = `\nb\n`\n", [4]],
  ["stands in a raw string of Rust", "a.rs", 'const A: &str = r#"\n  b\n"#;\n', 'const A: &str = r#"\nb\n"#;\n', [2]],
  ["left a block", "a.js", "if (a) {\n  run(a);\n}\n", "run(a);\n", [1]],
  [
    "left a block that another line of its hunk seems to replace",
    "a.js",
    "function f(u) {\n  if (isOwner(u)) {\n    run(u);\n  }\n}\n",
    "function f(u) {\n  audit(u);\n      run(u);\n}\n",
    [2, 3],
  ],
  [
    "left a block for a new one",
    "a.js",
    "if (isOwner(u)) {\n  run(u);\n}\n",
    "for (const one of all) {\n    run(u);\n}\n",
    [1, 2],
  ],
  [
    "went into a block of the base",
    "a.js",
    "function f(a) {\n  if (a) {\n    x();\n  }\n  y();\n}\n",
    "function f(a) {\n  if (a) {\n    x();\n    log();\n    y();\n  }\n}\n",
    [4, 5],
  ],
  ["went into a block of the base without braces", "a.js", "if (a)\n  x();\ny();\n", "if (a)\n  y();\n", [2]],
  [
    "went to another case",
    "a.js",
    "switch (a) {\n  case 1:\n    x();\n    break;\n  case 2:\n    y();\n}\n",
    "switch (a) {\n  case 1:\n    x();\n    break;\n    log();\n      y();\n}\n",
    [5, 6],
  ],
  [
    "went to another case of Go",
    "a.go",
    "package a\n\nfunc f() {\n\tswitch a {\n\tcase 1:\n\t\tx()\n\tdefault:\n\t\ty()\n\t}\n}\n",
    "package a\n\nfunc f() {\n\tswitch a {\n\tcase 1:\n\t\tx()\n\t\tlog()\n\t\t\ty()\n\t}\n}\n",
    [7, 8],
  ],
  ["left a block of Python", "a.py", "if a:\n    run(a)\n", "run(a)\n", [1]],
  [
    "left a block of Python for another branch",
    "a.py",
    "def f(u):\n    if owner(u):\n        run(u)\n    return 1\n",
    "def f(u):\n    for x in log(u):\n        pass\n    else:\n            run(u)\n    return 1\n",
    [2, 3, 4, 5],
  ],
  ["went into a block of Python", "a.py", "if a:\n    x()\nrun(a)\n", "if a:\n    x()\n    run(a)\n", [3]],
  [
    "went into a block of the base that got another layout",
    "a.js",
    "if (a) {\n  x();\n}\nrun(a);\n",
    "if (b) {\n  if (a) {\n    x();\n    run(a);\n  }\n}\n",
    [1, 4, 5],
  ],
  ["stands after a line that it stood before", "a.js", "  a();\n  b();\n", "b();\na();\n", [2]],
  ["has another text", "a.js", "run(a);\n", "if (a) {\n  run(b);\n}\n", [1, 2, 3]],
])("counts a line as changed that %s (%s)", async (_title, path, before, after, expected) => {
  expect(await changed(path, before, after)).toEqual(expected);
});

it("counts every line of a file that can't be parsed or whose language is unknown as changed", async () => {
  const [before, after] = ["if (a) {\n    run(a);\n}\n", "if (a) {\n  run(a);\n}\n"];
  expect(await changed("a.js", before, after)).toEqual([]);
  expect(await changed(null, before, after)).toEqual([2]);
  expect(await changed("a.js", `${before}if (\n`, `${after}if (\n`)).toEqual([2]);
  expect(rangesOf("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -2 +2 @@\n-    run(a);\n+  run(a);\n")).toEqual([
    { first: 2, last: 2 },
  ]);
});

it("finds the changed lines of several files at once", async () => {
  const versions = await Promise.all(
    [
      ["  a();\n", "a();\n"],
      ["a();\n", "b();\n"],
      ["if (a) {\n  b();\n}\n", "b();\n"],
    ].map(async ([before = "", after = ""]) => ({
      before: await writeBlob(objects, before),
      after: await writeBlob(objects, after),
      grammar: "a.js",
    })),
  );
  expect(await changedRanges(objects, versions)).toEqual([[], [{ first: 1, last: 1 }], [{ first: 1, last: 1 }]]);
  expect(await changedRanges(objects, [])).toEqual([]);
});
