/** A patch as text: lines that differ never look the same. */
import { describe, expect, it } from "vitest";
import { parsePatch } from "../../src/patch/read-patch.ts";
import { patchAsText, withTwinsSpelled } from "../../src/patch/visible-patch.ts";

const spelled = (...lines: string[]) => withTwinsSpelled(lines);

describe("a patch as text", () => {
  it("spells out bytes that are not UTF-8, and leaves UTF-8 as it is", () => {
    const patch = Buffer.concat([Buffer.from("-M"), Buffer.from([0xfc]), Buffer.from("ller\n+Müller\n")]);
    expect(patchAsText(patch)).toBe("-M⟨FC⟩ller\n+Müller\n");
    expect(patchAsText(Buffer.from("+Grüße, 返回\n"))).toBe("+Grüße, 返回\n");
    expect(patchAsText(Buffer.from([0x2b, 0xff]))).toBe("+⟨FF⟩");
  });

  it("writes a path in its usual escaped form, and treats a removed line that looks like a header as content", () => {
    const lines = [
      "diff --git a/b\xfc/x b/b\xfc/x",
      "--- a/b\xfc/x",
      "+++ b/b\xfc/x",
      "@@ -1 +1 @@ \xfc",
      "--- a/\xfc",
      "+++ \xfc",
    ];
    const text = patchAsText(Buffer.from(`${lines.join("\n")}\n`, "latin1"));
    const names = ["diff --git a/b\\xfc/x b/b\\xfc/x", "--- a/b\\xfc/x", "+++ b/b\\xfc/x"];
    expect(text.split("\n")).toEqual([...names, "@@ -1 +1 @@ ⟨FC⟩", "--- a/⟨FC⟩", "+++ ⟨FC⟩", ""]);
    const [file] = parsePatch(text).files;
    expect([...(file?.names ?? [])]).toEqual(["b\\xfc/x"]);
  });

  it.each([
    ["a composed and a decomposed letter", "caf\u00e9", "cafe\u0301", "-caf⟨U+00E9⟩", "+cafe⟨U+0301⟩"],
    ["a space that does not break", "a b", "a\u00a0b", "-a b", "+a⟨U+00A0⟩b"],
    ["a carriage return", "x", "x\r", "-x", "+x⟨CR⟩"],
    ["a space at the end", "x", "x ", "-x", "+x⟨space⟩"],
    ["a tab for four spaces", "    x", "\tx", "-    x", "+⟨tab⟩x"],
    ["an invisible letter", "x", "\u200bx", "-x", "+⟨U+200B⟩x"],
  ])("spells out %s if nothing else differs", (_what, before, after, one, other) => {
    expect(spelled(`-${before}`, `+${after}`)).toEqual([one, other]);
  });

  it("spells out nothing if the lines look different anyway", () => {
    const lines = ["--- a/x", "+++ b/x", "@@ -1,2 +1,2 @@", " é", "-Grüße", "+Grüße!", "-é", "+è", "-  x", "+    x"];
    expect(spelled(...lines)).toEqual(lines);
  });
});
