/** Writes the notices of everything that the package contains of others, from what Vite lists and the packages whose files are copied. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Licence {
  readonly name: string;
  readonly version: string;
  /** Absent if the package's manifest names none. */
  readonly identifier?: string;
  /** Absent if the package has no file with the text. */
  readonly text?: string;
}

/** `lists`: files that Vite wrote. `copied`: files of packages. */
export function noticesOf({ lists, copied }: { lists: readonly string[]; copied: readonly string[] }): string {
  const licences = [
    ...lists.flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Licence[]),
    ...copied.map(licenceOfFile),
  ];
  const byTitle = new Map(
    licences.map((one) => [`${one.name} - ${one.version} (${one.identifier ?? "see below"})`, one]),
  );
  const parts = [...byTitle]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, { text }]) => `## ${title}\n\n${text ?? ""}`);
  return `# Licences\n\nThis package contains code of these packages.\n\n${parts.join("\n\n")}\n`;
}

function licenceOfFile(path: string): Licence {
  const folder = packageFolder(dirname(path));
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|cgmanifest)/i.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  return { name: name ?? "", version: version ?? "", identifier: license ?? "", text: texts.join("\n\n") };
}

function packageFolder(folder: string): string {
  return readdirSync(folder).includes("package.json") ? folder : packageFolder(dirname(folder));
}
