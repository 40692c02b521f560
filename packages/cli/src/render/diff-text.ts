/** A patch for a terminal: escaped, and coloured if the terminal shows colours. */
import { escapeText } from "@aedev/contracts";
import { withTwinsSpelled } from "@aedev/host/patch/visible-patch";

const reset = "\u001b[0m";
const colours = { file: "\u001b[1m", hunk: "\u001b[36m", added: "\u001b[32m", removed: "\u001b[31m" } as const;

/** The patch with every control and invisible character escaped; `coloured` adds the usual colours of a diff. */
export function diffText(patch: string, coloured: boolean): string {
  const text = escapeText(withTwinsSpelled(patch.split("\n")).join("\n"));
  if (!coloured) return text;
  let isInHunk = false;
  return text
    .split("\n")
    .map((line) => {
      if (line.startsWith("diff --git ")) isInHunk = false;
      else if (line.startsWith("@@ ")) isInHunk = true;
      const colour = colourOf(line, isInHunk);
      return colour === undefined ? line : `${colour}${line}${reset}`;
    })
    .join("\n");
}

function colourOf(line: string, isInHunk: boolean): string | undefined {
  if (line.startsWith("@@ ")) return colours.hunk;
  if (!isInHunk) return line === "" ? undefined : colours.file;
  if (line.startsWith("+")) return colours.added;
  return line.startsWith("-") ? colours.removed : undefined;
}
