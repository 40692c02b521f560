/** The help pages except those of single verbs, and the program's version. */
import { productVersion } from "@aedev/host/product";
import { verbGroups, verbNames, verbSummary } from "./verb-table.ts";

export function programHelp(): string {
  return [
    "Usage: aedev [--json] [--home DIR] <verb> …",
    "",
    "An autonomous coding coworker: it writes the change in a sealed sandbox, proves",
    "it by running it, and answers merge, ask or hold.",
    "",
    ...verbGroups.flatMap(([title, nouns]) => [
      `${title}:`,
      ...nouns.flatMap((noun) => lines(verbNames.filter((name) => name.split(" ")[0] === noun))),
      "",
    ]),
    "Options:",
    "  --json             print one JSON document on stdout",
    "  --home DIR         home folder (AEDEV_HOME, else ~/.aedev)",
    "  --token-file FILE  an operator's token (AEDEV_TOKEN_FILE, else the home's)",
    "  --version          print the version (-v)",
    "  --help             show this help; aedev <verb> --help shows a verb's",
    "",
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage,",
    "3 the daemon is not running, 4 needs your input",
    "",
    "aedev alone says what waits for you.",
    "aedev help <verb> is the same as aedev <verb> --help.",
    "",
    "Examples:",
    "  $ aedev init",
    "  $ aedev repo add ../tool",
    '  $ aedev intake "age(-1) in lib/age.js must throw a RangeError" --repo tool',
    "  $ aedev status",
    "",
  ].join("\n");
}

/** `examples`: command lines of the group's verbs. */
export function groupHelp(group: string, examples: readonly string[]): string {
  const members = verbNames.filter((name) => name === group || name.startsWith(`${group} `));
  return [
    `Usage: aedev ${group} <verb> …`,
    "",
    "Verbs:",
    ...lines(members),
    "",
    "Examples:",
    ...examples.map((example) => `  $ ${example}`),
    "",
    `aedev ${members[0] ?? group} --help shows more of one verb.`,
    "",
  ].join("\n");
}

/** The version of the program and of its runner image. */
export function programVersion(): string {
  return `aedev ${productVersion()}`;
}

/** As wide as the longest verb of all, so that the groups of the whole help are aligned. */
const width = Math.max(...verbNames.map((name) => name.length));

function lines(names: readonly string[]): string[] {
  return names.map((name) => `  ${name.padEnd(width)}  ${verbSummary(name)}`);
}
