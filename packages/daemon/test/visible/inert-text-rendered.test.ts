/** How a stranger's text renders at GitHub once it has passed the door, by a Markdown parser that knows nothing of the door's rules. */
import { hostLine, hostText, hostTitle } from "@aedev/contracts";
import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { html } from "parse5";
import { expect, it } from "vitest";
import { hostileTexts } from "../../../../test/support/hostile-texts.ts";

/** The tags of links, images and HTML. Tags of Markdown's own layout call nobody and lead nowhere. */
function tagsOf(markdown: string): string[] {
  const page = micromark(markdown, {
    ...{ extensions: [gfm()], htmlExtensions: [gfmHtml()] },
    ...{ allowDangerousHtml: true, allowDangerousProtocol: true },
  });
  const tags = page.match(/<[a-z!?/][^>]*>/gi) ?? [];
  return tags.filter(
    (tag) =>
      !/^<\/?(?:p|em|strong|del|code|pre|blockquote|[uo]l|li|h[1-6]|hr|br|input|table|thead|tbody|t[rdh])\b/.test(tag),
  );
}

const elements = new Set<string>(Object.values(html.TAG_NAMES));
/** True for a tag without attributes that is no element of HTML, so that no page takes it for markup. */
function isUnknown(tag: string): boolean {
  const [, name] = /^<(\w+)>$/.exec(tag) ?? [];
  return name !== undefined && !elements.has(name);
}

it.each(hostileTexts)("no link, image or HTML of a stranger's text is rendered: %s", (_, text) => {
  expect(tagsOf(hostText(text))).toEqual([]);
  expect(tagsOf(hostTitle(text))).toEqual([]);
});

it("links, images and HTML of the same texts are rendered for a person of the home", () => {
  expect(hostileTexts.filter(([, text]) => tagsOf(hostText(text, "home")).length > 0).length).toBeGreaterThan(12);
});

it("no link, image or HTML is rendered of any text that is put together from Markdown's signs", () => {
  const signs = [
    "https:",
    "//",
    "www.",
    "evil.example",
    "eve@",
    "mailto:",
    "[x]",
    "[",
    "]",
    "(/a)",
    ":",
    "/a",
    "!",
    "^1",
  ];
  const others = [
    "<",
    ">",
    "details",
    "b",
    "x",
    " ",
    "\n",
    "\n\n",
    "_",
    "*",
    "~~",
    "`",
    "\\",
    "&",
    "#60;",
    "lt;",
    "1",
    "ci",
    "-",
  ];
  const text = fc.array(fc.constantFrom(...signs, ...others), { maxLength: 14 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (said, length) => {
      const shown = [hostText(said), hostTitle(said), hostLine(said, length)].flatMap(tagsOf);
      // A name in angle brackets after a word is a type, unless HTML has an element with that name.
      expect(shown.filter((tag) => !isUnknown(tag))).toEqual([]);
    }),
    { seed: 9, numRuns: 3000 },
  );
});

it("a name in angle brackets behind a word is taken for a type, except the names of HTML's elements", () => {
  for (const type of ["String", "number", "T", "string, number", "String | null", "Foo.Bar", "[]"])
    expect(hostText(`Map<${type}>`)).toBe(`Map<${type}>`);
  const foreign = new Set(["annotation", "desc", "malignmark", "mglyph", "mi", "mn", "mo", "ms", "mtext"]);
  const names = [...elements].filter((name) => /^[a-z]+[1-6]?$/.test(name) && !foreign.has(name));
  expect(names.length).toBeGreaterThan(100);
  for (const name of names)
    for (const form of [name, name.toUpperCase(), `${name} open`]) expect(hostText(`x<${form}>`)).toBe(`x< ${form}>`);
});
