/** The lists of docs/COMING-FROM.md, from test/coming-from.yaml: what people know from other systems, and what it is here. */
import { parse } from "yaml";
import { z } from "zod";

const theirs = z.array(z.string().min(1)).min(1);
const kind = z.enum(["command", "setting", "page", "route", "channel"]);
const rowSchema = z.union([
  z.strictObject({ kind, theirs, here: z.array(z.string().min(1)).min(1), note: z.string().optional() }),
  z.strictObject({ kind, theirs, absent: z.string().min(1) }),
]);
const systemsSchema = z.array(z.strictObject({ system: z.string(), rows: z.array(rowSchema).min(1) }));
export type KnownSystem = z.infer<typeof systemsSchema>[number];

export function knownSystems(text: string): KnownSystem[] {
  return systemsSchema.parse(parse(text));
}

/** One line for each answer: everything of theirs that has the same one stands together. */
export function knownSystemLists(text: string): string {
  return knownSystems(text)
    .map(({ system, rows }) => {
      const answers = Map.groupBy(rows, (row) => ("here" in row ? hereText(row) : `none (${row.absent})`));
      const lines = [...answers].map(
        ([answer, same]) => `- ${same.flatMap((row) => row.theirs).join(", ")}: ${answer}`,
      );
      return `## ${system}\n\n${lines.flatMap(wrapped).join("\n")}`;
    })
    .join("\n\n");
}

function hereText({ here, note }: { here: readonly string[]; note?: string | undefined }): string {
  const parts = here.map((one) => {
    const [, form, rest = one] = /^(config|page|see):(.*)$/.exec(one) ?? [];
    if (form !== "see") return `\`${rest}\``;
    const [path = "", anchor] = rest.split("#");
    const target = path.startsWith("docs/") ? path.slice("docs/".length) : `../${path}`;
    const name = path.replace(/^.*\//, "").replace(/\.md$/, "");
    return `[${name}](${target}${anchor === undefined ? "" : `#${anchor}`})`;
  });
  return [parts.join(", "), ...(note === undefined ? [] : [note])].join("; ");
}

/** Lines of prose have at most 140 characters. */
function wrapped(line: string): string[] {
  const parts = line.match(/`[^`]*`\S*|\S+/g) ?? [];
  const lines = [""];
  for (const part of parts) {
    const last = lines.at(-1) ?? "";
    if (last.length + part.length >= 138) lines.push(`  ${part}`);
    else lines[lines.length - 1] = last === "" ? part : `${last} ${part}`;
  }
  return lines;
}
