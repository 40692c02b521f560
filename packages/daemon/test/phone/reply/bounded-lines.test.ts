/** Lines of a stream: whole, in order, and never more of one than the bound. */
import { expect, it } from "vitest";
import { boundedLines } from "../../../src/phone/reply/bounded-lines.ts";

async function linesOf(chunks: readonly string[], lineBytesMax = 10): Promise<string[]> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk, "latin1");
  }
  const lines: string[] = [];
  for await (const line of boundedLines(stream(), lineBytesMax)) lines.push(line);
  return lines;
}

it("puts lines together from chunks, in characters of several bytes too", async () => {
  expect(await linesOf(["one\ntw", "o\n", "\nthree", "\nrest"])).toEqual(["one", "two", "", "three"]);
  const bytes = Buffer.from("修复\n").toString("latin1");
  expect(await linesOf([...bytes])).toEqual(["修复"]);
});

it("leaves out a line that is too long, whole, and continues with the next", async () => {
  expect(await linesOf(["0123456789\n", "01234567890\n", "next\n"])).toEqual(["0123456789", "next"]);
  expect(await linesOf(["a".repeat(9), "b".repeat(9), "c".repeat(9), "\nnext\n"])).toEqual(["next"]);
});
