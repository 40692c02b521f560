/**
 * As much of TOML as detection needs: which tables there are, and the plain strings of a key or of a one-level array. It is no parser: what
 * it does not understand is not there. Pure, linear in the text.
 */

export interface TomlTable {
  readonly name: string;
  /** Values as they are written, by key; an array over several lines is one value. */
  readonly values: ReadonlyMap<string, string>;
}

/** The tables of a document, the nameless one at its top first. */
export function readTomlTables(text: string): TomlTable[] {
  const tables: { name: string; values: Map<string, string> }[] = [{ name: "", values: new Map() }];
  let open: { key: string; lines: string[] } | null = null;
  for (const raw of text.split("\n")) {
    const line = withoutComment(raw);
    const table = tables.at(-1);
    if (table === undefined) break;
    if (open !== null) {
      open.lines.push(line);
      if (!isWholeArray(open.lines)) continue;
      table.values.set(open.key, open.lines.join("\n"));
      open = null;
      continue;
    }
    const header = /^\[\[?([^[\]]+)\]\]?$/u.exec(line)?.[1];
    if (header !== undefined) {
      tables.push({ name: header.replace(/["'\s]/gu, ""), values: new Map() });
      continue;
    }
    const at = line.indexOf("=");
    if (at <= 0) continue;
    const key = line
      .slice(0, at)
      .trim()
      .replace(/^["']|["']$/gu, "");
    const value = line.slice(at + 1).trim();
    if (value.startsWith("[") && !isWholeArray([value])) open = { key, lines: [value] };
    else table.values.set(key, value);
  }
  return tables;
}

/** The strings of an array value; null where something else is in it. */
export function stringsOf(value: string): string[] | null {
  const inner = /^\[([\s\S]*)\]$/u.exec(value.trim())?.[1];
  if (inner === undefined) return null;
  const strings: string[] = [];
  const rest = inner.replace(/"([^"\\\n]*)"|'([^'\n]*)'/gu, (_all, double?: string, single?: string) => {
    strings.push(double ?? single ?? "");
    return "";
  });
  return /^[\s,]*$/u.test(rest) ? strings : null;
}

function isWholeArray(lines: readonly string[]): boolean {
  return lines.at(-1)?.trimEnd().endsWith("]") === true;
}

/** `#` begins a comment outside of quotes. */
function withoutComment(line: string): string {
  let quote = "";
  for (const [at, character] of [...line].entries()) {
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === "#") return [...line].slice(0, at).join("").trim();
  }
  return line.trim();
}
