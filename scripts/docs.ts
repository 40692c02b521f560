/**
 * Writes the tables of docs/folders.md and docs/events.md, which are made from the code.
 *
 *   npx -y pnpm@12.21.0 docs   the tidy test fails if they are older than the code
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generatedDocuments } from "./docs/generated.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
for (const { path, text } of generatedDocuments(root)) {
  writeFileSync(`${root}/${path}`, text);
  console.log(path);
}
