/** Reads YAML into a plain document and sets values in one, behind one file. It refuses what a strict reader can't trust: duplicate keys, aliases, unknown tags, more than one document, too many bytes. It knows no schema. */
import { existsSync, readFileSync } from "node:fs";
import { type Problem, problemText } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { isMap, parseAllDocuments, parseDocument } from "yaml";

const documentCharactersMax = 1024 * 1024;

/** The document in `file`; null where there is no file or nothing in it. Throws a Fault CONFIG-INVALID naming the file. */
export function readYamlFile(file: string): unknown {
  if (!existsSync(file)) return null;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw invalid(file, [{ path: "", message: "can't be read" }], cause);
  }
  return parseYaml(text, file);
}

/** The document of `text`; `name` stands in the Fault. */
export function parseYaml(text: string, name: string): unknown {
  if (text.length > documentCharactersMax)
    throw invalid(name, [{ path: "", message: `has more than ${documentCharactersMax} characters` }]);
  const documents = parseAllDocuments(text, { uniqueKeys: true, strict: true, merge: false });
  if (documents.length > 1) throw invalid(name, [{ path: "", message: "holds more than one YAML document" }]);
  const document = documents[0];
  if (document === undefined) return null;
  const error = [...document.errors, ...document.warnings][0];
  if (error !== undefined)
    throw invalid(name, [{ path: "", message: error.message.split("\n")[0] ?? "not YAML" }], error);
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw invalid(name, [{ path: "", message: "YAML aliases are refused" }], cause);
  }
}

/** The text with these values, by the path of their key (`section.key`); comments and everything else stay. The text must have been parsed by the above. */
export function setYamlValues(text: string, values: Readonly<Record<string, string | null>>): string {
  const document = parseDocument(text);
  // The comment of a file that holds nothing else would come to stand under what is added.
  if (document.contents === null && document.comment) {
    document.commentBefore = document.comment;
    document.comment = null;
  }
  let changed = false;
  for (const [key, value] of Object.entries(values)) {
    const keys = key.split(".");
    if (document.getIn(keys) === value) continue;
    const section = keys.slice(0, -1);
    if (document.hasIn(section) && !isMap(document.getIn(section))) document.deleteIn(section);
    document.setIn(keys, value);
    changed = true;
  }
  return changed ? String(document) : text;
}

/** The Fault for a document whose keys are wrong: every problem with its key path. */
export function invalid(name: string, problems: readonly Problem[], cause?: unknown): Fault {
  const message = problems.map((problem) => `${name}: ${problemText(problem)}`).join("\n");
  return new Fault("CONFIG-INVALID", message, { hint: `edit ${name}, then: aedev policy check`, cause });
}
