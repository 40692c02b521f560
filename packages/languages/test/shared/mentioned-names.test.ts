/** Lists the names that a file mentions. */

import { readersOf } from "@aedev/languages/readers";
import { allWords } from "@aedev/languages/shared/mentioned-names";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { expect, it } from "vitest";

const mentionedNames = (text: string, path: string) => {
  const readers = readersOf(path);
  return readers?.names?.(readSyntax(text, path)) ?? allWords(text);
};

it.each<[string, string, readonly string[]]>([
  ["a.js", "// stay\ntest('a long stay', () => { clock.pass(1); });", ["test", "clock", "pass", "1"]],
  ["a.js", `f('stay'); g[\`stay2\`]; h(\`a $${"{stay3}"} b\`);`, ["f", "stay", "g", "stay2", "h", "stay3"]],
  [
    "a.py",
    '# stay\ndef f():\n    """Lets one stay."""\n    patch(\'a.stay\')\n    return f\'{left} days\'',
    ["def", "f", "patch", "a", "stay", "return", "left"],
  ],
  ["a.rs", '// long\nfn f() { g("long days", r#"a b"#, "stay"); }', ["fn", "f", "g", "stay"]],
  ["a.rb", "# stay\nf('a b')", ["stay", "f", "a", "b"]],
  ["a.js", "const = 1; // stay", ["const", "1", "stay"]],
])("lists the names that %s mentions: %j", (path, text, names) => {
  const found = mentionedNames(text, path);
  expect(found).toEqual(expect.arrayContaining([...names]));
  for (const word of ["long", "Lets", "days"]) expect(found).not.toContain(word);
});

it("lists no names from comments and from strings with blanks", () => {
  expect(mentionedNames("// stay\ntest('a long stay', f); /* go */", "a.js").toSorted()).toEqual(["f", "test"]);
});
