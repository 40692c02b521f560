/** Recognizes which program a shell command calls. Pure. */

/** A file of the program in `node_modules`, as node is given it. */
const installedFile = (name: string) => String.raw`node_modules/(?:\.bin/${name}|${name}/\S+)`;

/**
 * Matches a simple command that calls `name` (a pattern without groups that capture): alone, with a path, through npx and similar tools, or as its
 * file in `node_modules` given to node with its options (`node --expose-gc node_modules/vitest/vitest.mjs run`).
 */
export function programPattern(name: string): RegExp {
  const direct = String.raw`(?:(?:npx|pnpm exec|yarn|bunx)\s+(?:-\S+\s+)*|pnpm\s+)?(?:\S*/)?${name}`;
  const byNode = String.raw`(?:\S*/)?node\s+(?:-\S+\s+)*(?:\S*/)?${installedFile(name)}`;
  return new RegExp(String.raw`^(?:${direct}|${byNode})(?:\s|$)`, "u");
}

/** Matches a simple command that runs pytest, as a program or as a module of Python. */
export const pytestPattern = new RegExp(
  String.raw`${programPattern("(?:py\\.test|pytest)").source}|^(?:\S*/)?python[\d.]*\s+-m\s+pytest(?:\s|$)`,
  "u",
);

/** Matches every command that `programPattern` matches, and also calls behind variables, other programs, options with values, or in quotes. */
export function callAnywherePattern(name: string): RegExp {
  return new RegExp(String.raw`(?:^|[\s/='"])(?:${name}|${installedFile(name)})(?:['"\s]|$)`, "u");
}

/**
 * True if a shell reads more in it than one simple command: operators, expansions of commands, several lines. What stands between single quotes is plain
 * text, unless the command also has quotes of another kind.
 */
export function isCompound(command: string): boolean {
  const plain = /["\\]/u.test(command) ? command : command.replaceAll(/'[^']*'/gu, "''");
  return /[|;&<>`\n]|\$\(/u.test(plain);
}
