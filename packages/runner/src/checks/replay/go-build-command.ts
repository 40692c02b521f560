/** Derives the build command of the program that repeats calls of Go functions. Pure. */
import { join } from "node:path/posix";
import { shellWord } from "@aedev/contracts";
import type { GoModule } from "./go-program.ts";

export type GoBuild = (options: {
  readonly root: string;
  readonly overlay: string;
  readonly binary: string;
  readonly module: GoModule;
  readonly own: string;
}) => string;

/** Keeps the folder, variables and build tags of the tests' command. Null unless that command is a plain `go test` with variables and options. */
export function buildCommandOf(command: string): GoBuild | null {
  const plain =
    /^(?:cd ([\w./@+-]+) && )?((?:[A-Z][A-Z0-9_]*=(?:\$PWD)?[\w.,:/@+=-]*\s+)*)go\s+test\b([^;&|<>`$()]*)$/u.exec(
      command.trim(),
    );
  if (plain === null) return null;
  const [, folder = "", variables = "", options = ""] = plain;
  // These options decide which files are compiled, but the build can't use them.
  if (/["'\\]|\s--?(?:modfile|args|overlay)\b/u.test(options)) return null;
  const tags = [...options.matchAll(/\s--?tags[= ]([\w,.]+)/gu)].at(-1)?.[1];
  const mode = [...options.matchAll(/\s--?mod[= ](\w+)/gu)].at(-1)?.[1];
  const taken = [...(tags === undefined ? [] : ["-tags", tags]), ...(mode === undefined ? [] : [`-mod=${mode}`])];
  return ({ root, overlay, binary, module, own }) => {
    const commands = [
      `cd ${shellWord(join(root, folder))}`,
      ...(variables.trim() === "" ? [] : [`export ${variables.trim()}`]),
      `cd ${shellWord(join(root, module.folder))}`,
      ["go build", ...taken, "-overlay", shellWord(overlay), "-o", shellWord(binary), `./${own}/main`].join(" "),
    ];
    return `(${commands.join(" && ")})`;
  };
}
