/** What a pull brought into a checkout, as text. Pure; titles are foreign text. */
import { counted, escapeLine } from "@aedev/contracts";
import type { Pulled } from "@aedev/daemon";

const idLength = 9;
const titleMax = 120;

/** Several lines: the commits, the missions that landed with them, the size of the change. */
export function pullText(pulled: Pulled): string {
  const { from, to, branch, folder, repository, commits, landed } = pulled;
  const name = `${escapeLine(branch, titleMax)} of ${repository}`;
  if (to === null || from === null) return `nothing to do: nothing has landed on ${name} yet`;
  if (commits === 0) return `nothing to do: ${folder} has all that landed on ${name}`;
  return [
    `${counted(commits, "commit")} came into ${folder}, ${name}: ${from.slice(0, idLength)}..${to.slice(0, idLength)}`,
    ...landed.map(({ mission_id, title }) => `  ${mission_id}  ${escapeLine(title, titleMax)}`),
    sizeOf(pulled),
  ].join("\n");
}

/** The same on one line. */
export function pullLine(pulled: Pulled): string {
  const { branch, commits, landed } = pulled;
  if (commits === 0) return pullText(pulled);
  const titles = landed.map(({ title }) => escapeLine(title, titleMax)).join("; ");
  return `${escapeLine(branch, titleMax)}: ${counted(commits, "commit")}, ${sizeOf(pulled)}${titles === "" ? "" : `: ${titles}`}`;
}

/** As git's own statistics put it. */
function sizeOf({ files_changed, insertions, deletions }: Pulled): string {
  return `${counted(files_changed, "file")} changed, ${counted(insertions, "insertion")}(+), ${counted(deletions, "deletion")}(-)`;
}
