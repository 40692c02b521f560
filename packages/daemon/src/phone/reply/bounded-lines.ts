/** Splits a byte stream into bounded lines: a line that is too long is dropped and never held in memory. */

/** Yields each complete line without its line break; an incomplete last line is not yielded. */
export async function* boundedLines(chunks: AsyncIterable<Uint8Array>, lineBytesMax: number): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk);
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
      const part = rest.subarray(0, end);
      if (size + part.length <= lineBytesMax) yield Buffer.concat([...held, part]).toString("utf8");
      held = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    size += rest.length;
    if (size <= lineBytesMax) held.push(rest);
    else held = [];
  }
}

const newline = 0x0a;
