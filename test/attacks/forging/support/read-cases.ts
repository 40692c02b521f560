/** Reads bases and cases: text files with `key: value` lines and then files between `-- path --` lines. docs: README.md beside this folder. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Path to content; null deletes. */
export type Files = Readonly<Record<string, string | null>>;

/** The classes of docs/SECURITY.md that the suite covers, and plain wrong changes, which contain no forgery and must never merge. */
export const classNames = ["T25", "T26", "T27", "T28", "T29", "T30", "T31", "plain"] as const;
export type ClassName = (typeof classNames)[number];

export interface Base {
  readonly name: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly files: Files;
  /** Files for the proof's run alone. */
  readonly proof: Files;
  /** Changes by name that cases build on, such as `fix` and `wrong`. */
  readonly changes: ReadonlyMap<string, readonly Part[]>;
  /** The changes of other runs, which saw none of the cases, one for each round (ADR 0044); empty if nobody made any for this base. */
  readonly independent: readonly Files[];
}

export interface Case {
  readonly id: string;
  readonly base: Base;
  readonly class: ClassName;
  /** Subcategories of the taxonomy in README.md. */
  readonly trace: readonly string[];
  readonly kind: "forged" | "twin";
  readonly why: string;
  /** The change to the base's files. */
  readonly change: Files;
  /** The successive changes by runs for tests (ADR 0043); empty if nobody has answered such a run for this case. */
  readonly improved: readonly Files[];
  /** The changes that such runs make after independent tests failed (ADR 0044). */
  readonly corrected: readonly Files[];
  readonly proof: Files;
  /** The command that runs the proof. */
  readonly proofCommand: string;
}

interface Part {
  readonly action: "write" | "delete" | "append" | "prepend" | "edit" | "proof";
  readonly path: string;
  readonly content: string;
}
interface Text {
  readonly keys: ReadonlyMap<string, string>;
  readonly parts: readonly Part[];
}

const heading = /^-- (?:(delete|append|prepend|edit|proof) )?(\S.*?) --$/;

function readText(path: string): Text {
  const keys = new Map<string, string>();
  const parts: { action: Part["action"]; path: string; lines: string[] }[] = [];
  for (const line of readFileSync(path, "utf8").replace(/\n$/, "").split("\n")) {
    const [, action, name] = heading.exec(line) ?? [];
    if (name !== undefined) parts.push({ action: (action as Part["action"]) ?? "write", path: name, lines: [] });
    else if (parts.length > 0) parts.at(-1)?.lines.push(line);
    else if (line.trim() !== "") {
      const [, key, value] = /^([a-z-]+): (.+)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) throw new Error(`${path}: not a key and its value: ${line}`);
      if (keys.has(key)) throw new Error(`${path}: ${key} twice`);
      keys.set(key, value);
    }
  }
  return { keys, parts: parts.map(({ lines, ...part }) => ({ ...part, content: `${lines.join("\n")}\n` })) };
}

function required({ keys }: Pick<Text, "keys">, key: string, path: string): string {
  const value = keys.get(key);
  if (value === undefined) throw new Error(`${path} has no ${key}`);
  return value;
}

/** An edit is `<<<`, the old text, `===`, the new text, `>>>`, any number of times. Each old text must occur exactly once. */
function edited(old: string, edit: string, where: string): string {
  let text = old;
  const edits = [...edit.matchAll(/^<<<\n([\s\S]*?)\n===\n([\s\S]*?)(?:\n)?>>>$/gm)];
  if (edits.length === 0) throw new Error(`${where}: an edit without <<< === >>>`);
  for (const [, from = "", to = ""] of edits) {
    if (text.split(from).length !== 2) throw new Error(`${where}: not there exactly once: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

/** The files that differ from `old` after all parts are applied. */
function apply(old: Files, parts: readonly Part[], where: string): Files {
  const files: Record<string, string | null> = { ...old };
  const present = (path: string) => {
    const content = files[path];
    if (content === undefined || content === null) throw new Error(`${where}: the base has no ${path}`);
    return content;
  };
  for (const { action, path, content } of parts) {
    if (action === "write") files[path] = content;
    else if (action === "delete") {
      present(path);
      files[path] = null;
    } else if (action === "append") files[path] = present(path) + content;
    else if (action === "prepend") files[path] = content + present(path);
    else if (action === "edit") files[path] = edited(present(path), content, `${where}, ${path}`);
  }
  return Object.fromEntries(Object.entries(files).filter(([path, content]) => (old[path] ?? null) !== content));
}

function readBase(name: string): Base {
  const folder = join(root, "bases", name);
  const { keys, parts } = readText(join(folder, "base.txt"));
  const files = apply(
    {},
    parts.filter(({ action }) => action !== "proof"),
    name,
  );
  const proof = proofOf(parts);
  const changes = readdirSync(folder).flatMap((file): [string, readonly Part[]][] =>
    file === "base.txt" ? [] : [[file.replace(/\.txt$/, ""), readText(join(folder, file)).parts]],
  );
  const independent = independentRuns
    .map((file) => join(root, "independent", name, file))
    .filter((path) => existsSync(path))
    .map((path) => apply(files, readAnswer(path), path));
  return { name, keys, files, proof, changes: new Map(changes), independent };
}

/** File names in a base's folder below `independent`. */
export const independentRuns: readonly string[] = ["run.txt", "run.again.txt"];

function proofOf(parts: readonly Part[]): Files {
  return Object.fromEntries(
    parts.flatMap(({ action, path, content }) => (action === "proof" ? [[path, content]] : [])),
  );
}

/** The changes in an answer to a run for tests, or of another run. */
export function readAnswer(path: string): readonly Part[] {
  const { keys, parts } = readText(path);
  if (keys.size > 0 || parts.length === 0 || parts.some(({ action }) => action === "proof"))
    throw new Error(`${path}: an answer only changes files`);
  return parts;
}

function readCase(base: Base, file: string): Case {
  const id = file.replace(/\.txt$/, "");
  const path = join(root, "cases", base.name, file);
  const text = readText(path);
  const className = classNames.find((name) => name === required(text, "class", path));
  const kind = required(text, "kind", path);
  if (className === undefined || (kind !== "forged" && kind !== "twin"))
    throw new Error(`${path}: unknown class or kind`);
  const below = (text.keys.get("on") ?? "").split(" ").filter((name) => name !== "");
  const parts = below.flatMap((name) => {
    const change = base.changes.get(name);
    if (change === undefined) throw new Error(`${path}: ${base.name} has no change ${name}`);
    return change;
  });
  const changing = [...parts, ...text.parts.filter(({ action }) => action !== "proof")];
  const answers = (folder: string): Part[][] =>
    [file, `${id}.again.txt`]
      .map((name) => join(root, folder, base.name, name))
      .filter((path) => existsSync(path))
      .map((path) => [...readAnswer(path)]);
  const after = (before: readonly Part[], made: readonly Part[][]): Files[] =>
    made.map((_answer, index) => apply(base.files, [...before, ...made.slice(0, index + 1).flat()], id));
  const improving = answers("answers");
  return {
    id,
    base,
    class: className,
    trace: required(text, "trace", path).split(/,\s*/),
    kind,
    why: required(text, "why", path),
    change: apply(base.files, changing, id),
    improved: after(changing, improving),
    corrected: after([...changing, ...improving.flat()], answers("independent")),
    proof: { ...base.proof, ...proofOf(text.parts) },
    proofCommand: text.keys.get("proof") ?? required(base, "proof", base.name),
  };
}

/** All cases, ordered by base, so that a base's cached results are used while they are fresh. */
export function readCases(): Case[] {
  const cases = readdirSync(join(root, "bases"))
    .toSorted()
    .flatMap((name) => {
      const base = readBase(name);
      return readdirSync(join(root, "cases", name))
        .toSorted()
        .map((file) => readCase(base, file));
    });
  const ids = new Set(cases.map(({ id }) => id));
  if (ids.size !== cases.length) throw new Error("two cases have the same id");
  return cases;
}

/** The cases whose base's name starts with this runner's, as `go-ring` for `go`. AEDEV_CORPUS_PART, such as `2/4`, selects every fourth base. */
export function casesOf(runner: string): Case[] {
  const cases = readCases().filter(({ base }) => runnerOf(base) === runner);
  const wanted = basesOfPart(
    [...new Set(cases.map(({ base }) => base.name))],
    process.env["AEDEV_CORPUS_PART"] ?? "1/1",
  );
  return cases.filter(({ base }) => wanted.includes(base.name));
}

/** Every `parts`-th of the names, starting with the `part`-th, and at least one. `text`: `part/parts`. */
export function basesOfPart(names: readonly string[], text: string): string[] {
  const [, part, parts] = /^([1-9]\d?)\/([1-9]\d?)$/.exec(text)?.map(Number) ?? [];
  if (part === undefined || parts === undefined || part > parts)
    throw new Error(`AEDEV_CORPUS_PART is ${text}, not a part such as 2/4`);
  const chosen = names.filter((_name, index) => index % parts === part - 1);
  return chosen.length > 0 ? chosen : names.filter((_name, index) => index === part % names.length);
}

export function runnerOf({ name }: Base): string {
  return name.slice(0, name.indexOf("-"));
}
