/** Starts one bare process per surroundings, one after the other, and prints what each told. It loads no code of the repository. */
"use strict";
const { spawnSync } = require("node:child_process");
const { mkdirSync, readFileSync, rmSync } = require("node:fs");

const [, , path, python] = process.argv;
const { runs } = JSON.parse(readFileSync(path, "utf8"));
// The code under test must not read what it will be asked.
rmSync(path);
rmSync(__filename);
for (const { name, language, program, job, cwd, environment, words, timeoutMs } of runs) {
  mkdirSync(cwd, { recursive: true });
  const interpreters = { javascript: [process.execPath], python: [python], go: [] };
  const [file, ...rest] = [...interpreters[language], program, ...words];
  const ended = spawnSync(file, rest, {
    cwd,
    env: environment,
    input: JSON.stringify(job),
    stdio: ["pipe", "ignore", "ignore", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: 4 * 1024 * 1024,
  });
  const told = String(ended.output?.[3] ?? "")
    .split("\n")
    .filter((line) => line.startsWith(`${job.word} `));
  for (const line of told) process.stdout.write(`${name} ${line}\n`);
  process.stdout.write(`${name} ${job.word} over\n`);
}
