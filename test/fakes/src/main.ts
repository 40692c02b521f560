/**
 * Entry of the fake vendors' process: `node main.ts <folder>…`. It prints its addresses as a JSON line and, when its standard input ends, the received requests
 * as another.
 *
 * Folder: the fake model vendors.
 */
import { join } from "node:path";
import { readFixtures } from "./fixture.ts";
import { openModels } from "./models.ts";

const folders = process.argv.slice(2);
const scripts = (file: string) => folders.flatMap((folder) => readFixtures(join(folder, file)));

const models = await openModels(
  { anthropic: scripts("coder.json"), openai: scripts("openai.json"), gemini: scripts("gemini.json") },
  (line) => process.stderr.write(`fake vendors: ${line}\n`),
);
process.stdout.write(`${JSON.stringify(models.addresses)}\n`);
process.stdin.resume();
process.stdin.once("end", () => {
  const received = JSON.stringify(models.received());
  void models.close().finally(() => process.stdout.write(`${received}\n`, () => process.exit(0)));
});
