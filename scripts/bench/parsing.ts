/** Benchmarks the readers of programming languages on standard libraries and npm packages: files with errors, and time, against the grammars alone. */
import { readFileSync, statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { type Grammar, parseText } from "../../packages/languages/src/tree/grammars.ts";
import { sourceCharactersMax, UnreadableText } from "../../packages/languages/src/tree/syntax-node.ts";
import { readSyntax } from "../../packages/languages/src/tree/syntax-tree.ts";
import { atMost, type Figure, unmeasured } from "./figure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Reading for our rules may take this many times as long as parsing. */
const timesMax = 2;
const grammars: Readonly<Record<string, Grammar>> = {
  ".go": "go",
  ".py": "python",
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
};
/** This repository's packages with the most sources, by many authors. */
const packages = [
  ...["@octokit+rest", "ajv", "better-sqlite3", "commander", "dockerode", "execa", "fast-check", "fast-xml-parser"],
  ...[
    "fastify",
    "graphql",
    "kysely",
    "knip",
    "micromark",
    "openai",
    "parse5",
    "pino",
    "prom-client",
    "vite",
    "yaml",
    "zod",
  ],
];

export async function benchParsing(): Promise<Figure[]> {
  const goRoot = await execa("go", ["env", "GOROOT"], { reject: false });
  const python = await execa("python3", ["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"], {
    reject: false,
  });
  const places: [name: string, folder: string | null, pattern: string][] = [
    ["Go's library", goRoot.exitCode === 0 ? join(goRoot.stdout.trim(), "src") : null, "**/*.go"],
    ["Python's library", python.exitCode === 0 ? python.stdout.trim() : null, "**/*.py"],
    [
      `${packages.length} npm packages`,
      join(root, "node_modules/.pnpm"),
      `{${packages.join(",")}}@*/node_modules/**/*.{js,mjs,cjs,ts,mts,cts,tsx}`,
    ],
  ];
  const figures: Figure[] = [];
  for (const [name, folder, pattern] of places)
    figures.push(
      ...(folder === null
        ? [
            unmeasured(`parsing ${name}`, {
              target: "no more errors than the grammar",
              why: "it is not on this machine",
            }),
          ]
        : await readAll(name, folder, pattern)),
    );
  return figures;
}

async function readAll(name: string, folder: string, pattern: string): Promise<Figure[]> {
  const count = { files: 0, ours: 0, theirs: 0 };
  const took = { ours: 0, theirs: 0 };
  for await (const path of glob(pattern, { cwd: folder })) {
    const file = join(folder, path);
    const grammar = grammars[extname(path)];
    // Sources that compilers refuse on purpose, and data.
    if (grammar === undefined || /(?:^|\/)(?:testdata|test2?|lib2to3\/tests|site-packages)\//u.test(path)) continue;
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, "utf8");
    if (text.length > sourceCharactersMax) continue;
    count.files += 1;
    const theirs = timed(() => parseText(text, grammar).errors.length);
    const ours = timed(() => readSyntax(text, path).errors.length);
    if (theirs.errors > 0) count.theirs += 1;
    if (ours.errors > 0) count.ours += 1;
    took.theirs += theirs.ms;
    took.ours += ours.ms;
  }
  const detail = `of ${count.files} files, ${(took.ours / count.files).toFixed(1)} ms a file`;
  return [
    atMost(`files of ${name} with errors`, { limit: count.theirs, value: count.ours, text: String, detail }),
    atMost(`time to read ${name}`, { limit: timesMax, value: took.ours / took.theirs, unit: " × the grammar alone" }),
  ];
}

function timed(read: () => number): { errors: number; ms: number } {
  const began = performance.now();
  try {
    return { errors: read(), ms: performance.now() - began };
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    return { errors: 1, ms: performance.now() - began };
  }
}
