/** Recognizes which program a shell command calls. Pure. */

/** A program's file in `node_modules`, as it is passed to node. */
const installedFile = (name: string) => String.raw`node_modules/(?:\.bin/${name}|${name}/\S+)`;

/**
 * Matches a simple command that calls `name` (a pattern without capturing groups): alone, with a path, through npx and similar tools, or as its file in
 * `node_modules` passed to node with options (`node --expose-gc node_modules/vitest/vitest.mjs run`).
 */
export function programPattern(name: string): RegExp {
  const direct = String.raw`(?:(?:npx|pnpm exec|yarn|bunx)\s+(?:-\S+\s+)*|pnpm\s+)?(?:\S*/)?${name}`;
  const byNode = String.raw`(?:\S*/)?node\s+(?:-\S+\s+)*(?:\S*/)?${installedFile(name)}`;
  return new RegExp(String.raw`^(?:${direct}|${byNode})(?:\s|$)`, "u");
}

/** Matches a simple command that runs pytest, as a program or as a Python module. */
export const pytestPattern = new RegExp(
  String.raw`${programPattern("(?:py\\.test|pytest)").source}|^(?:\S*/)?python[\d.]*\s+-m\s+pytest(?:\s|$)`,
  "u",
);

/** Matches every command that `programPattern` matches, and also calls after variables, other programs or options with values, and calls in quotes. */
export function callAnywherePattern(name: string): RegExp {
  return new RegExp(String.raw`(?:^|[\s/='"])(?:${name}|${installedFile(name)})(?:['"\s]|$)`, "u");
}

/**
 * The simple commands that a shell would run, joined by `&&`; null if the command has anything else: other operators, expansions of commands, several
 * lines. Text between single quotes is plain text, if nothing else in the command can change the meaning of a quote.
 */
export function simpleCommands(command: string): string[] | null {
  const plain = /["\\#]/u.test(command)
    ? command
    : command.replaceAll(/'[^'\n]*'/gu, (text) => "_".repeat(text.length));
  const parts: string[] = [];
  for (let from = 0; from <= plain.length; ) {
    const end = plain.indexOf("&&", from);
    const to = end === -1 ? plain.length : end;
    const part = command.slice(from, to).trim();
    if (part === "" || /[|;&<>`\n]|\$\(/u.test(plain.slice(from, to))) return null;
    parts.push(part);
    from = to + 2;
  }
  return parts;
}
