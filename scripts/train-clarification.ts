/**
 * Fits the weights of the clarification gate's estimate to test/requests, with a threshold from cross-validation by author, and prints its error rates on
 * authors and languages left out of the training: `tsx scripts/train-clarification.ts [--write]`. Only --write changes the file.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { encodedSlots } from "../packages/clarify/src/understanding/estimate.ts";
import {
  authors,
  crossValidated,
  digestOf,
  type Example,
  readExamples,
  type Scored,
  thresholdOf,
  train,
} from "../test/support/clarification-training.ts";

const target = resolve(import.meta.dirname, "../packages/clarify/src/understanding/weights.ts");
const given = process.argv.slice(2).filter((argument) => argument !== "--");
if (given.some((argument) => argument !== "--write")) {
  process.stderr.write("usage: clarify:train [--write]\n");
  process.exitCode = 2;
} else run();

function run(): void {
  const examples = readExamples();
  // The rules' words were tuned on the first author's requests, so those prove nothing here.
  const unseen = Object.keys(authors).filter((author) => author !== "first" && author !== "reader");
  const byAuthor = crossValidated(examples, ({ author }) => author, unseen);
  const threshold = thresholdOf(byAuthor);
  print("trained without this author", byAuthor, threshold, ({ author }) => author);
  print("the same, by language", byAuthor, threshold, ({ request }) => request.language);
  print("the same, by kind", byAuthor, threshold, ({ request }) => request.kind);
  if (given.includes("--write")) write(examples, threshold);
  const languages = [...new Set(examples.map(({ request }) => request.language))].toSorted();
  const byLanguage = crossValidated(examples, ({ request }) => request.language, languages);
  const others = byLanguage.filter(({ example }) => unseen.includes(example.author));
  print("trained without this language", others, threshold, ({ request }) => request.language);
}

function write(examples: readonly Example[], threshold: number): void {
  const weights = train(examples);
  const named = Object.entries(weights.named).map(([name, weight]) => [name, rounded(weight)] as const);
  const fitted = {
    trainedOn: digestOf(examples),
    bias: rounded(weights.bias - threshold),
    named: Object.fromEntries(named.filter(([, weight]) => weight !== 0)),
    ...encodedSlots(weights.slots),
  };
  writeFileSync(
    target,
    `/** The weights of a request's estimate. Made by \`npx -y pnpm@12.21.0 clarify:train --write\` of test/requests: don't edit. */\nexport const fitted: {\n  /** SHA-256 of the features and labels that they were fitted on. */\n  readonly trainedOn: string;\n  readonly bias: number;\n  readonly named: Readonly<Record<string, number>>;\n  readonly slotMax: number;\n  readonly slots: string;\n} = JSON.parse(\n  '${JSON.stringify(fitted)}',\n);\n`,
  );
}

function rounded(weight: number): number {
  return Number(weight.toFixed(4));
}

function print(
  title: string,
  scored: readonly Scored[],
  threshold: number,
  groupOf: (of: Scored["example"]) => string,
) {
  const lines = [`${title} (threshold ${threshold.toFixed(2)}):`];
  const groups = [...new Set(scored.map(({ example }) => groupOf(example)))].toSorted();
  for (const group of [...groups, "all"]) {
    const some = scored.filter(({ example }) => group === "all" || groupOf(example) === group);
    const count = (label: string, wrong: (score: number) => boolean) => {
      const of = some.filter(({ example }) => example.request.label === label);
      const bad = of.filter(({ score }) => wrong(score)).length;
      return `${bad} of ${of.length} ${((bad / of.length) * 100).toFixed(1)} %`.padStart(20);
    };
    lines.push(
      `  ${group.padEnd(12)}${count("clear", (score) => score <= threshold)}${count("unclear", (score) => score > threshold)}`,
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}
