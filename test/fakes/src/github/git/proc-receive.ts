/**
 * The program of git's `proc-receive` hook in the fake's repositories. It refuses updates of protected branches in GitHub's words and leaves all others to git,
 * which starts it as a separate process with the rules in its environment.
 */
import { spawnSync } from "node:child_process";
import { readSync, writeSync } from "node:fs";
import { parseJson } from "@aedev/host/parse-json";
import { pushRulesSchema, pushRulesVariable } from "./push-rules.ts";

const rules = pushRulesSchema.parse(parseJson(process.env[pushRulesVariable] ?? "{}"));
const input = 0;
const output = 1;

// git's greeting comes first, then ours.
readUntilFlush();
writeLine("version=1\0\n");
writeFlush();
for (const line of readUntilFlush()) {
  const [from = "", to = "", ref = ""] = line.trim().split(" ");
  const rule = rules[ref];
  const isForce = rule?.refusesForce === true && /[1-9a-f]/.test(to) && !isFastForward(from, to);
  const refused = [...(rule?.refused ?? []), ...(isForce ? ["Cannot force-push to this branch"] : [])];
  if (rule === undefined || refused.length === 0) {
    writeLine(`ok ${ref}`);
    writeLine("option fall-through");
    continue;
  }
  const list = refused.map((sentence) => `- ${sentence}\n`).join("\n");
  const head = rule.isRuleset
    ? `error: GH013: Repository rule violations found for ${ref}.\nReview all repository rules in the repository's settings\n`
    : `error: GH006: Protected branch update failed for ${ref}.\n`;
  process.stderr.write(`${head}\n${list}\n`);
  const reason = rule.isRuleset ? "push declined due to repository rule violations" : "protected branch hook declined";
  writeLine(`ng ${ref} ${reason}`);
}
writeFlush();

function isFastForward(from: string, to: string): boolean {
  return spawnSync("git", ["merge-base", "--is-ancestor", from, to], { stdio: "ignore" }).status === 0;
}

function readUntilFlush(): string[] {
  const lines: string[] = [];
  for (;;) {
    const length = Number.parseInt(readBytes(4).toString("latin1"), 16);
    if (!(length >= 4)) return lines;
    lines.push(readBytes(length - 4).toString("utf8"));
  }
}

function readBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let filled = 0; filled < size; ) {
    const count = readSync(input, bytes, filled, size - filled, null);
    if (count === 0) return bytes.subarray(0, filled);
    filled += count;
  }
  return bytes;
}

function writeLine(text: string): void {
  const bytes = Buffer.from(text);
  writeSync(output, (bytes.length + 4).toString(16).padStart(4, "0"));
  writeSync(output, bytes);
}

function writeFlush(): void {
  writeSync(output, "0000");
}
