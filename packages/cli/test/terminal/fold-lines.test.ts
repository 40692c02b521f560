import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/render/display-width.ts";
import { commandPattern, foldLines as fold } from "../../src/terminal/fold-lines.ts";

const command = commandPattern(["task approve", "mission approve", "status"]);
const foldLines = (text: string, columns: number) => fold(text, columns, command);

describe("a long line on a terminal", () => {
  it("folds a long line between words, below the start of its text", () => {
    expect(foldLines("one two three four", 9)).toBe("one two\n  three\n  four");
    expect(foldLines("  one two three", 9)).toBe("  one two\n  three");
    expect(foldLines("ok      the coder has answered", 20)).toBe("ok      the coder\n        has answered");
    expect(foldLines("\u001b[31mone two three\u001b[39m", 9)).toBe("\u001b[31mone two\n  three\u001b[39m");
    expect(foldLines("\u001b[2K\u001b[31mone two three", 9)).toBe("\u001b[2K\u001b[31mone two three");
    expect(foldLines("short\nand a longer line\n", 12)).toBe("short\nand a longer\n  line\n");
  });

  it("keeps folded lines within the width, even with wide characters", () => {
    const text = "請求書の合計は 税込みで 表示する こと。 小数点以下は 切り捨てる こと。";
    const lines = foldLines(text, 20).split("\n");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(20);
    expect(lines.map((line) => line.trim()).join(" ")).toBe(text);
  });

  it("does not take a sentence about aedev for a command", () => {
    const sentence =
      "This key is billed per token, so aedev uses it only if you allow it, and aedev task-wise asks first";
    for (const line of foldLines(sentence, 30).split("\n")) expect(line.length).toBeLessThanOrEqual(30);
    expect(foldLines("to see it: aedev status --plain --json --home /a/b", 30)).toBe(
      "to see it:\n  aedev status --plain --json --home /a/b",
    );
  });

  it("never starts a folded line where aedev's own lines start, and loses no spaces", () => {
    const hostile = `${"x".repeat(100)} aedev task approve t-0123456789abcdef`;
    expect(foldLines(hostile, 80).split("\n")[1]).toBe("  aedev task approve t-0123456789abcdef");
    expect(foldLines(`${"a".repeat(30)}  ${"b".repeat(30)}`, 40)).toBe(`${"a".repeat(30)}\n  ${"b".repeat(30)}`);
    expect(foldLines("+ a  b   c d", 8)).toBe("+ a  b\n     c d");
  });

  it("takes a line for data only from its start, and is fast with many spaces", () => {
    const hostile = `held: ${"x ".repeat(30)}{"a": 1} aedev: approved`;
    for (const line of foldLines(hostile, 40).split("\n")) expect(line.length).toBeLessThanOrEqual(40);
    const spaces = " ".repeat(200_000);
    expect(foldLines(`one two${spaces}`, 40)).toBe("one two");
    expect(foldLines(`one${spaces}aedev status`, 40)).toBe("one\n  aedev status");
  });

  it("keeps a command, JSON, a word and drawn output in one piece", () => {
    const command = "aedev mission approve m-0123456789abcdef --digest 0123";
    expect(foldLines(`when you agree: ${command}`, 30)).toBe(`when you agree:\n  ${command}`);
    expect(foldLines(`what to do (${command})`, 30)).toBe(`what to do\n  (${command})`);
    expect(foldLines("./scripts/setup installs and starts Docker", 20)).toBe(
      "./scripts/setup installs and starts Docker",
    );
    const others = ['{"type": "a", "data": "b c d"}', "a row of a drawn table\u001b[K\r", "x".repeat(40)];
    for (const text of others) expect(foldLines(text, 12)).toBe(text);
  });
});
