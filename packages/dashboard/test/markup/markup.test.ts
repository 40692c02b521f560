/** What a template does to its texts, in element content and in attributes with either kind of quotes. */
import { expect, it } from "vitest";
import { html, truncate } from "../../src/approval/html.ts";
import { markupTag } from "../../src/markup/markup.ts";

it("escapes every character that ends a text or an attribute, and inserts markup unchanged", () => {
  const tag = markupTag((text) => text.toUpperCase());
  const hostile = `<b title="x" data-y='z'>&amp;`;
  expect(tag`<p title='${hostile}'>${tag`<i>${"a"}</i>`}${[tag`<br>`, tag`<hr>`]}${7}${null}</p>`.markup).toBe(
    "<p title='&lt;B TITLE=&quot;X&quot; DATA-Y=&#39;Z&#39;&gt;&amp;AMP;'><i>A</i><br><hr>7</p>",
  );
});

it("limits each text of an approval page and says how much it left out", () => {
  const longest = "x".repeat(20_000);
  expect(html`<p>${longest}</p>`.markup).toBe(`<p>${longest}</p>`);
  expect(html`<p>${`${longest}y`}</p>`.markup).toBe(`<p>${longest} … (1 character omitted)</p>`);
  expect(truncate("ab\ud83d\ude00", 3)).toBe("ab\ufffd … (1 character omitted)");
});
