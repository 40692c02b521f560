/** What a coder must know of its checkout before it starts, because the base has it otherwise. Pure; names of the repository are escaped. */
import { escapeLine } from "@aedev/contracts";

const submodulesMax = 10;
const nameCharactersMax = 200;
const gitlinkMode = "160000";

/** A sentence for each limit that this base has. `attributes`: the text of its `.gitattributes` at the top; `unread`: instructions that are links to nowhere, with the reason. */
export function checkoutLimits(
  entries: readonly { readonly path: string; readonly mode: string }[],
  { attributes, unread }: { attributes: string; unread: readonly string[] },
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
    ...(unread.length === 0
      ? []
      : [`These instructions of the repository could not be read: ${unread.map(name).join(", ")}.`]),
    ...(/(^|\s)filter=lfs(\s|$)/m.test(attributes)
      ? ["Files that Git LFS stores are small pointer files here, without their content; leave them as they are."]
      : []),
  ];
}

function submoduleText(paths: readonly string[]): string {
  const names = paths.slice(0, submodulesMax).map(name);
  const more = paths.length > submodulesMax ? ` and ${paths.length - submodulesMax} more` : "";
  return (
    `Submodules are empty folders here: ${names.join(", ")}${more}. They are not fetched, files that you write into them are not taken, and tests ` +
    "that need them fail here before your change too."
  );
}

function name(path: string): string {
  return `\`${escapeLine(path, nameCharactersMax).replaceAll("`", "'")}\``;
}
