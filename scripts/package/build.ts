/**
 * Makes the files of the npm package in packages/aedev: the program bundled into `dist`, and every file that the program reads, at its path in the
 * repository. `npm pack` calls it.
 *
 * Folder: builds the npm package.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "vite";
import { noticesOf } from "./licences.ts";
import { openOwnFiles } from "./own-files.ts";

const root = resolve(import.meta.dirname, "../..");
const target = join(root, "packages/aedev");
const made = ["config", "dist", "docs", "packages", "scripts", "README.md", "LICENSE", "THIRD-PARTY.md"];
/** What scripts and documents name, beside what the program reads. */
const alsoShipped = [
  "config",
  "packages/dashboard/dist",
  "packages/runner/docker",
  "README.md",
  "LICENSE",
  "scripts/setup",
];
const shellParts = ["engine", "record", "say", "undo", "workspace"].map((name) => `scripts/shell/${name}.sh`);

for (const name of made) rmSync(join(target, name), { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "packages/dashboard/app/build.ts")], { stdio: "inherit" });

const own = openOwnFiles({ root, target });
await build({
  configFile: false,
  root,
  logLevel: "warn",
  plugins: [own.plugin],
  ssr: { noExternal: true, external: ["better-sqlite3"] },
  build: {
    ssr: true,
    target: "node22",
    outDir: join(target, "dist"),
    emptyOutDir: true,
    license: { fileName: "licences.json" },
    rolldownOptions: {
      // web-tree-sitter has an eval for what it never loads here.
      checks: { eval: false },
      // Parts of Docker's client that the repository leaves out.
      external: ["@grpc/grpc-js", "@grpc/proto-loader", "protobufjs", "ssh2", "cpu-features"],
      // A module of ours only declares: what nobody uses of it is left out.
      treeshake: {
        moduleSideEffects: [
          { test: /\/node_modules\//, sideEffects: true },
          { test: /./, sideEffects: false },
        ],
      },
      input: { "cli-main": join(root, "packages/cli/src/main.ts") },
      output: {
        // Names stay, so that a stack can be read.
        minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
        entryFileNames: "[name].mjs",
        chunkFileNames: "[name]-[hash].mjs",
      },
    },
  },
});

const documents = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md") || name === "pictures" || name === "adr")
  .map((name) => `docs/${name}`);
for (const path of new Set([...alsoShipped, ...shellParts, ...documents, ...own.read()]))
  cpSync(join(root, path), join(target, path), { recursive: true });
for (const [name, file] of own.ofDependencies()) copyFileSync(file, join(target, "dist", name));

const lists = ["dist/licences.json", "packages/dashboard/dist/.vite/licences.json"].map((path) => join(target, path));
writeFileSync(join(target, "THIRD-PARTY.md"), noticesOf({ lists, copied: [...own.ofDependencies().values()] }));
for (const path of lists) rmSync(path);
