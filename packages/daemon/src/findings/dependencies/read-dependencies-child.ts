/** Started by read-dependencies.ts: compares the files of one job each and prints one line of JSON per answer. */
import { compareReadings } from "./compare-readings.ts";
import type { DependencyFile } from "./dependency-changes.ts";
import { readerOf } from "./readers/readers.ts";

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
for (const file of JSON.parse(Buffer.concat(chunks).toString("utf8")) as DependencyFile[])
  process.stdout.write(`${JSON.stringify(compare(file))}\n`);

function compare({ path, before, after }: DependencyFile) {
  const read = readerOf(path);
  if (read === null || before === null || after === null) return null;
  try {
    const [old, young] = [read(before), read(after)];
    return old === null || young === null ? null : compareReadings(old, young);
  } catch (error) {
    // Parsers throw on hostile text; such a file is unreadable.
    return { unreadable: String(error).slice(0, 300) };
  }
}
