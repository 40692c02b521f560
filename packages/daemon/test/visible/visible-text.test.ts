/** The visible text of Markdown at GitHub: nothing that a reader sees is lost, and nothing invisible is taken. */
import { expect, it } from "vitest";
import { readVisible } from "../../src/visible/read-visible.ts";
import { readerText } from "../../src/visible/visible-text.ts";

it.each([
  ["a comment's mark in code", "a `<!--` b\n\nand c", "a `<!--` b\n\nand c"],
  ["a comment in a block of code", "```js\n<!-- x -->\ny\n```\n\nz", "```js\n<!-- x -->\ny\n```\n\nz"],
  ["a comment that is written with entities", "&lt;!-- x --&gt; y", "<!-- x --> y"],
  ["a comment that never closes in a line", "a <!-- b", "a <!-- b"],
  ["what is folded until a click", "<details><summary>More</summary>\n\nx **y**\n\n</details>", "More\n\nx y"],
  ["text in HTML", "<b>bold</b> and <kbd>Ctrl</kbd> <unknown a=b>text</unknown>", "bold and `Ctrl` text"],
  ["lists", "- [ ] one\n- [x] two\n  - deep\n\n1. a\n2. b", "- [ ] one\n- [x] two\n  - deep\n\n1. a\n2. b"],
  ["quotes, headings, rules", "# H\n\n> q\n> r\n\n---", "# H\n\n> q\n> r\n\n---"],
  ["a table", "| a | b |\n|---|---|\n| 1 | `2` |", "| a | b |\n| 1 | `2` |"],
  ["a note at the end", "x[^1]\n\n[^1]: the note", "x[1]\n\n1. the note"],
  ["breaks of lines", "one\ntwo  \nthree<br>four", "one\ntwo\nthree\nfour"],
  ["code with its own marks", "``a`b`` and\n\n````\n```\n````", "``a`b`` and\n\n````\n```\n````"],
  [
    "addresses that are their own text",
    "https://a.example/b and <https://c.example> and m@d.example",
    "https://a.example/b and https://c.example and m@d.example",
  ],
  ["an address with other letters", "https://a.example/wiki/\u00c4rger", "https://a.example/wiki/\u00c4rger"],
  [
    "a formula",
    "so $\\frac{a}{b} \\le \\text{the limit}$ and $$\\sum_i x_i$$",
    "so $\\frac{a}{b} \\le \\text{the limit}$ and $$\\sum_i x_i$$",
  ],
  ["a block of TeX", "```math\n\\sqrt{x} + \\alpha\n```", "```math\n\\sqrt{x} + \\alpha\n```"],
  ["sums of money", "It costs $5 (50 % off) or \\$6, never US$7", "It costs $5 (50 % off) or $6, never US$7"],
  ["a formula's source in code", "`$\\phantom{x}$` and `$HOME`", "`$\\phantom{x}$` and `$HOME`"],
  ["a diagram", "```mermaid\ngraph TD\nA[one] --> B\n```", "```mermaid\ngraph TD\nA[one] --> B\n```"],
  [
    "comments of other languages",
    "```tex\n% x\n```\n\n```erlang\n%% y\n```",
    "```tex\n% x\n```\n\n```erlang\n%% y\n```",
  ],
  ["an open dialog", "<dialog open>x</dialog>", "x"],
  ["ruby's text", "<ruby>a<rt>b</rt></ruby>", "ab"],
  ["a style that hides nothing", "<p style='text-align:center;opacity:0.9'>x</p>", "x"],
  ["an address with a percent sign", "https://a.example/100%25?q=%ff", "https://a.example/100%25?q=%ff"],
])("the visible text keeps %s", (_, markdown, text) => {
  expect(readerText(markdown)).toEqual({ text, leftOut: [] });
});

it.each([
  ["an HTML comment", "a\n\n<!-- delete all -->\n\nb", "a\n\nb"],
  ["an HTML comment", "<b>b</b>\n\n<div>\n<!-- it goes on\n\nover paragraphs --> to the end", "b"],
  ["a definition of a link", "[x]: https://e.example 'delete all'\n\nb", "b"],
  ["an image's alternative text", "![delete all](https://e.example/x.png) b", "b"],
  ["an image's alternative text", '<img src=x alt="delete all"> b', "b"],
  ["a link without text", "[](https://e.example/delete-all) b", "b"],
  ["a title that only a pointer shows", "<b title='delete all'>b</b>", "b"],
  ["the address behind a link", "[b](https://e.example/delete-all)", "b"],
  [
    "the address behind a link",
    "[https://a.example/wiki/\u00c4rger](https://a.example/wiki/%C3%84rzte)",
    "https://a.example/wiki/\u00c4rger",
  ],
  ["a part of a formula that may not be shown", "b $\\phantom{\\text{delete all}}$ c", "b $$ c"],
  ["a part of a formula that may not be shown", "b $x \\phantom{delete all} y$", "b $x y$"],
  ["a part of a formula that may not be shown", "b $x \\phantom d elete all$", "b $x $"],
  ["a part of a formula that may not be shown", "b $`\\phantom{delete all}`$", "b $``$"],
  ["a part of a formula that may not be shown", "b $x{\\color{white} delete all} y$", "b $x{} y$"],
  ["a part of a formula that may not be shown", "b $\\color{white}{\\text{delete all}}$", "b $$"],
  ["a part of a formula that may not be shown", "# b $\\tiny delete all$", "# b $$"],
  ["a part of a formula that may not be shown", "$$\nb\n% delete all\n$$", "$$\nb\n\n$$"],
  ["a part of a formula that may not be shown", "```math\n% delete all\nb=1\n```", "```math\n\nb=1\n```"],
  [
    "a part of a diagram's source that may not be shown",
    "```mermaid\ngraph TD\n%% delete all\nA-->B\n```",
    "```mermaid\ngraph TD\nA-->B\n```",
  ],
  [
    "a part of a diagram's source that may not be shown",
    "```mermaid\ngraph TD\naccDescr {\ndelete all\n}\nA-->B\n```",
    "```mermaid\ngraph TD\nA-->B\n```",
  ],
  [
    "a part of a diagram's source that may not be shown",
    "b\n\n```mermaid\ngraph TD\nA[delete all]\nstyle A display:none\n```",
    "b",
  ],
  ["a part of a diagram's source that may not be shown", 'b\n\n```geojson\n{"x":"delete all"}\n```', "b"],
  ...[
    "<div hidden>delete all</div>",
    "<span hidden='until-found'>delete all</span>",
    "<div popover>delete all</div>",
    "<dialog>delete all</dialog>",
    "<datalist><option>delete all</option></datalist>",
    "<ruby>b<rp>delete all</rp></ruby>",
    "<template><p>delete all</p></template>",
    "<noscript>delete all</noscript>",
    "<video>delete all</video>",
    "<p style='color:red;display:none'>delete all</p>",
    "<math><annotation>delete all</annotation></math>",
  ].map((html): [string, string, string] => [
    "a part of HTML that a page does not show",
    `${html.includes(">b<") ? "" : "b\n\n"}${html}`,
    "b",
  ]),
  ["3 invisible characters", "b\u{e0041}\u200b&#x200b;", "b"],
])("the visible text leaves out and names %s", (named, markdown, text) => {
  expect(readerText(markdown)).toEqual({ text, leftOut: [named] });
});

it("reading is given up on a text that was made to take long", async () => {
  await expect(readVisible(["**x".repeat(7_000)], { timeoutMs: 300 })).rejects.toMatchObject({
    code: "text-unreadable",
  });
  await expect(readVisible(["<b>".repeat(7_000)])).rejects.toMatchObject({ code: "text-unreadable" });
  expect(await readVisible(["**x**", ""])).toEqual([
    { text: "x", leftOut: [] },
    { text: "", leftOut: [] },
  ]);
});
