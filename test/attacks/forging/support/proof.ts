/** Runs a case's proof: an honest program in a plain container that shows whether the code is right, so that the case is what it claims to be. */
import { readFileSync } from "node:fs";
import { execa } from "execa";
import typescript from "typescript";
import type { Files } from "./read-cases.ts";

const resolverName = "resolve-typescript.mjs";
/** Put beside each proof, which may load it. */
export const resolver: Files = {
  [resolverName]: readFileSync(new URL(resolverName, import.meta.url), "utf8"),
};

/** The proof's result, or its whole output if it has none. */
export async function runProof(
  archive: Buffer,
  { image, command }: { image: string; command: string },
): Promise<string> {
  const script = `mkdir -p /tmp/product && cd /tmp/product && tar x && { ${command}; } </dev/null 2>&1`;
  const limits = ["--network", "none", "--memory", "1g", "--pids-limit", "256"];
  const { stdout } = await execa(
    "docker",
    ["run", "--rm", "--interactive", "--entrypoint", "sh", ...limits, image, "-c", script],
    {
      input: archive,
      reject: false,
      timeout: 120_000,
    },
  );
  const said = String(stdout).trim();
  return /^(RIGHT|WRONG)\b.*$/m.exec(said)?.[0] ?? `NOTHING ${said}`;
}

/** The proof's container has no compiler, and Node runs TypeScript only without its types. */
export function withoutTypes(files: Files): Files {
  const compilerOptions = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 };
  const entries = Object.entries(files).map(([path, text]) => {
    const isTyped = /(?<!\.d)\.ts$/u.test(path) && text !== null;
    return [path, isTyped ? typescript.transpileModule(text, { compilerOptions }).outputText : text];
  });
  return Object.fromEntries(entries);
}
