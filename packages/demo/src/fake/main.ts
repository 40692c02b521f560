/**
 * Entry of the fake vendors' process: `node main.ts <folder>…`, each folder with `coder.json`, `openai.json` and `gemini.json`. It prints one
 * JSON line with its addresses; when its standard input ends, it prints one with everything that arrived and exits. Requests that no script
 * answers are reported on stderr.
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
