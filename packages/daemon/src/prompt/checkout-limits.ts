/** Tells a coder where its checkout differs from the base, before it starts. Pure; the repository's names are escaped. */
import { escapeLine } from "@aedev/contracts";

const submodulesMax = 10;
const nameCharactersMax = 200;
const gitlinkMode = "160000";

/** One sentence for each limit of this base's checkout. `attributes`: its top `.gitattributes`. `unread`: instructions that are broken links, and why. */
export function checkoutLimits(
  entries: readonly { readonly path: string; readonly mode: string }[],
  { attributes, unread, submodules }: { attributes: string; unread: readonly string[]; submodules: Submodules },
): string[] {
  const placed = submodules.placed.map(({ path }) => path);
  const empty = entries
    .filter(({ mode, path }) => mode === gitlinkMode && !placed.includes(path))
    .map(({ path }) => path);
  const isIgnoring = entries.some(({ path }) => /(^|\/)\.gitignore$/.test(path));
  return [
    ...(isIgnoring
      ? [
          "Files that `.gitignore` names are not part of your change. If one belongs to it, add it with `git add -f FILE`.",
        ]
      : []),
    ...(empty.length === 0 ? [] : [emptyText(empty)]),
    ...submodules.unplaced.map(({ path, why }) => `Submodule ${name(path)} is not fetched here: ${why}.`),
    ...(placed.length === 0 ? [] : [placedText(placed)]),
    ...(unread.length === 0
      ? []
      : [`These instructions of the repository could not be read: ${unread.map(name).join(", ")}.`]),
    ...(/(^|\s)filter=lfs(\s|$)/m.test(attributes)
      ? ["Files that Git LFS stores are small pointer files here, without their content; leave them as they are."]
      : []),
  ];
}

/** `placed`: their files are in the checkout. `unplaced`: a person wanted them there, but the base has changed them. */
interface Submodules {
  readonly placed: readonly { readonly path: string }[];
  readonly unplaced: readonly { readonly path: string; readonly why: string }[];
}

function listedPaths(paths: readonly string[]): string {
  const more = paths.length > submodulesMax ? ` and ${paths.length - submodulesMax} more` : "";
  return `${paths.slice(0, submodulesMax).map(name).join(", ")}${more}`;
}

function placedText(paths: readonly string[]): string {
  return `Submodules have the files of their pinned commits, without submodules of their own: ${listedPaths(paths)}. Nothing that you change in them is taken.`;
}

function emptyText(paths: readonly string[]): string {
  return (
    `Submodules are empty folders here: ${listedPaths(paths)}. They are not fetched, files that you write into them are not taken, and tests ` +
    "that need them fail here before your change too."
  );
}

function name(path: string): string {
  return `\`${escapeLine(path, nameCharactersMax).replaceAll("`", "'")}\``;
}
