/** Lines of a stream: whole, in order, and never more than the bound of one in memory. */
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

it("lines are put together from chunks, even if a character is split", async () => {
  expect(await linesOf(["one\ntw", "o\n", "\nthree", "\nrest"])).toEqual(["one", "two", "", "three"]);
  const bytes = Buffer.from("修复\n").toString("latin1");
  expect(await linesOf([...bytes])).toEqual(["修复"]);
});

it("a line that is too long is left out as a whole, and the next one follows", async () => {
  expect(await linesOf(["0123456789\n", "01234567890\n", "next\n"])).toEqual(["0123456789", "next"]);
  expect(await linesOf(["a".repeat(9), "b".repeat(9), "c".repeat(9), "\nnext\n"])).toEqual(["next"]);
});
