/** Reads and sets values in untrusted YAML; only this file uses the YAML library. It refuses duplicate keys, aliases, unknown tags and large files. */
import { existsSync, readFileSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { type PolicyProblem, problemText } from "@aedev/core";
import { type Document, isMap, isScalar, parseAllDocuments, parseDocument, visit } from "yaml";

const documentCharactersMax = 1024 * 1024;
/** A repository's file may be crafted to slow the reader down. */
export const foreignCharactersMax = 64 * 1024;

/** The document in `file`; null if the file is absent or empty. Throws a Fault `config-invalid` with the file name. */
export function readYamlFile(file: string): unknown {
  if (!existsSync(file)) return null;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw invalidDocument(file, [{ path: "", message: "can't be read" }], cause);
  }
  return parseYaml(text, file);
}

/** The parsed `text`; `name` appears in the Fault. */
export function parseYaml(text: string, name: string, charactersMax = documentCharactersMax): unknown {
  if (text.length > charactersMax)
    throw invalidDocument(name, [{ path: "", message: `is longer than ${charactersMax} characters` }]);
  // The library's own check compares each key with every other: a map with many keys would take minutes.
  const documents = parseAllDocuments(text, { uniqueKeys: false, strict: true, merge: false });
  if (documents.length > 1)
    throw invalidDocument(name, [{ path: "", message: "contains more than one YAML document" }]);
  const document = documents[0];
  if (document === undefined) return null;
  const error = [...document.errors, ...document.warnings][0];
  if (error !== undefined)
    throw invalidDocument(name, [{ path: "", message: error.message.split("\n")[0] ?? "not YAML" }], error);
  const odd = oddKeyOf(document);
  if (odd !== null) throw invalidDocument(name, [{ path: "", message: odd }]);
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw invalidDocument(name, [{ path: "", message: "YAML aliases are refused" }], cause);
  }
}

/** The first key that is not plain or not unique. */
function oddKeyOf(document: Document.Parsed): string | null {
  let odd: string | null = null;
  visit(document, {
    Map(_key, map) {
      const known = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) odd = "a key must be a plain word";
        else if (known.has(String(key.value))) odd = `Map keys must be unique: ${String(key.value).slice(0, 100)}`;
        else known.add(String(key.value));
        if (odd !== null) return visit.BREAK;
      }
      return undefined;
    },
  });
  return odd;
}

/** Sets values by key path (`section.key`) and keeps comments and everything else. The text must have passed `parseYaml`. */
export function setYamlValues(text: string, values: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text);
  // Otherwise the comment of a file without keys would move below the added keys.
  if (document.contents === null && document.comment) {
    document.commentBefore = document.comment;
    document.comment = null;
  }
  let changed = false;
  for (const [key, value] of Object.entries(values)) {
    const keys = key.split(".");
    const node = document.createNode(value);
    if (document.hasIn(keys) && JSON.stringify(document.getIn(keys, true)) === JSON.stringify(node)) continue;
    const section = keys.slice(0, -1);
    if (document.hasIn(section) && !isMap(document.getIn(section))) document.deleteIn(section);
    // A plain value keeps the comment behind it.
    document.setIn(keys, Array.isArray(value) ? node : value);
    changed = true;
  }
  return changed ? String(document) : text;
}

/** The Fault for a document with invalid keys: every problem with its key path. */
export function invalidDocument(name: string, problems: readonly PolicyProblem[], cause?: unknown): Fault {
  const message = problems.map((problem) => `${name}: ${problemText(problem)}`).join("\n");
  return new Fault("config-invalid", message, { hint: `edit ${name}, then: aedev policy check`, cause });
}
