/** What a coder must know of its checkout before it starts, because the base has it otherwise. Pure; names of the repository are escaped. */
import { escapeLine } from "@aedev/contracts";

const submodulesMax = 10;
const nameCharactersMax = 200;
const gitlinkMode = "160000";

/** A sentence for each limit that this base has. `attributes`: the text of its `.gitattributes` at the top. */
export function checkoutLimits(
  entries: readonly { readonly path: string; readonly mode: string }[],
  { attributes }: { attributes: string },
): string[] {
  const submodules = entries.filter(({ mode }) => mode === gitlinkMode).map(({ path }) => path);
  const isIgnoring = entries.some(({ path }) => /(^|\/)\.gitignore$/.test(path));
  return [
    ...(isIgnoring
      ? [
          "Files that `.gitignore` names are not part of your change. If one belongs to it, add it with `git add -f FILE`.",
        ]
      : []),
    ...(submodules.length === 0 ? [] : [submoduleText(submodules)]),
    ...(/(^|\s)filter=lfs(\s|$)/m.test(attributes)
      ? ["Files that Git LFS stores are small pointer files here, without their content; leave them as they are."]
      : []),
  ];
}

function submoduleText(paths: readonly string[]): string {
  const names = paths
    .slice(0, submodulesMax)
    .map((path) => `\`${escapeLine(path, nameCharactersMax).replaceAll("`", "'")}\``);
  const more = paths.length > submodulesMax ? ` and ${paths.length - submodulesMax} more` : "";
  return (
    `Submodules are empty folders here: ${names.join(", ")}${more}. They are not fetched, files that you write into them are not taken, and tests ` +
    "that need them fail here before your change too."
  );
}
