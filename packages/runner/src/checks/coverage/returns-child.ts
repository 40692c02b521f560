/** The child process that finds the `return` statements of hostile source files: a JSON request on standard input, one line per file on standard output. It is killed if it takes too long or too much memory (SECURITY T21). */
import { readFileSync } from "node:fs";
import { type SyntaxNode, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { z } from "zod";
import { grammarPath } from "./grammar-path.ts";

const requestSchema = z.array(
  z.strictObject({
    path: z.string(),
    language: z.enum(["javascript", "python", "go"]).nullable(),
    text: z.string(),
  }),
);

for (const { path, language, text } of requestSchema.parse(JSON.parse(readFileSync(0, "utf8"))))
  process.stdout.write(`${JSON.stringify(language === null ? [] : returnLines(text, grammarPath(path, language)))}\n`);

/** The lines that a `return` statement begins, without what stands around them. */
function returnLines(text: string, path: string): string[] {
  const lines: string[] = [];
  const visit = ({ name, from, children }: SyntaxNode) => {
    const before = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
    const [line = ""] = text.slice(from).split("\n", 1);
    if (name === "return_statement" && before.trim() === "") lines.push(line.trim());
    for (const child of children) visit(child);
  };
  try {
    visit(readSyntax(text, path).root);
    return lines;
  } catch (error) {
    // A text nested too deep for the stack can't be read either.
    if (error instanceof RangeError || error instanceof UnreadableText) return [];
    throw error;
  }
}
