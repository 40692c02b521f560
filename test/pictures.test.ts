/** The README's pictures: a terminal recording becomes text in a self-contained file. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { svgOf } from "../scripts/pictures/svg.ts";
import { excerpt, linesOf, normalized, textOf } from "../scripts/pictures/transcript.ts";

const picture = { title: "a <title>", command: "./run" };

describe("a terminal recording", () => {
  it("keeps colours as styles, drops all other control codes, and keeps the last version of an overwritten line", () => {
    const lines = linesOf("\u001b[32mgood\u001b[39m and plain\r\nwait 1 s\rwait 2 s\r\u001b[2Kdone\r\n\u0007bell");
    expect(lines[0]).toEqual([
      { style: "good", text: "good" },
      { style: "plain", text: " and plain" },
    ]);
    expect(lines.slice(1).map(textOf)).toEqual(["done", "bell"]);
  });

  it("loses everything that is specific to the machine", () => {
    const own = [[/\/\S*\/aedev-demo-\w+/g, "/tmp/aedev-demo"]] as const;
    expect(normalized(linesOf("home /var/x/aedev-demo-Ab12/home"), own).map(textOf)).toEqual([
      "home /tmp/aedev-demo/home",
    ]);
  });

  it("is reduced to its parts with the number of omitted lines, and refused if a part is missing", () => {
    const lines = linesOf("a\nb\nc\nd\ne\nf");
    const parts = [{ from: /b/, to: /c/ }, { from: /e/ }];
    expect(excerpt(lines, parts).map(textOf)).toEqual(["b", "… 2 lines …", "", "e", "f"]);
    expect(excerpt(lines, [{ from: /b/, linesMax: 2 }]).map(textOf)).toEqual(["b", "c"]);
    expect(() => excerpt(lines, [{ from: /z/ }])).toThrow(/z/);
  });
});

describe("a picture", () => {
  it("contains the text as text, escaped and truncated to its width", () => {
    const svg = svgOf(linesOf(`<script>&"${"x".repeat(200)}`), picture);
    expect(svg).toContain("&lt;script&gt;&amp;&quot;xxx");
    expect(svg).toContain("x…</tspan>");
    expect(svg).toContain("<title>a &lt;title&gt;</title>");
    expect(svg).toContain('class="strong">$ ./run<');
  });

  it.each(["demo", "attack"])("the picture in docs/pictures is small and self-contained: %s.svg", (name) => {
    const svg = readFileSync(new URL(`../docs/pictures/${name}.svg`, import.meta.url), "utf8");
    expect(Buffer.byteLength(svg)).toBeLessThan(60_000);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
      /<(script|image|use|foreignObject|a)\b|\bhref=|url\(|@import|aedev-demo-\w/,
    );
    expect(svg).toContain(name === "demo" ? "events verify: the log is whole" : "attempts stopped");
  });
});
