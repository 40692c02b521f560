/** Writes YAML, and reads it as one value, without aliases, duplicate keys or a second document. Only this file of the CLI uses the YAML library. */
import { parseAllDocuments, stringify } from "yaml";

/** Throws an Error that names the problem in one line. */
export function parseYamlText(text: string): unknown {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  const [document] = documents;
  if ("empty" in documents || document === undefined) throw new Error("it is empty");
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message.split("\n")[0]?.replace(/:$/, "") ?? "it is not YAML");
  if (documents.length > 1) throw new Error("it holds more than one document");
  return document.toJS({ maxAliasCount: 0 });
}

/** The value as YAML, without a line break at its end. */
export function yamlText(value: object): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}
