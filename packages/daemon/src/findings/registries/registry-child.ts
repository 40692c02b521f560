/** Started by dependency-records.ts: asks the registries several questions at once and prints all answers as one line of JSON. */
import { askRegistry, type RegistryAnswer, type RegistryQuestion } from "./facts.ts";

const togetherMax = 8;

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const questions = JSON.parse(Buffer.concat(chunks).toString("utf8")) as RegistryQuestion[];
const answers: RegistryAnswer[] = [];
const waiting = [...questions.entries()];
await Promise.all(
  Array.from({ length: togetherMax }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      answers[next[0]] = await askRegistry(next[1]);
  }),
);
process.stdout.write(`${JSON.stringify(answers)}\n`);
