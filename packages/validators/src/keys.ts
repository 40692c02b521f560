/** Reads the judges' keys for each work item, so that a new key needs no restart. A key never enters an error, a log or a report. */
import { readFileSync, statSync } from "node:fs";
import { type Family, Fault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { parseSecrets } from "@aedev/host/secrets-file";
import { secretsFileBytesMax } from "./prompt/bounds.ts";

/** The name under which `aedev secrets set` stores each family's key. */
const keyNames: Record<Family, string> = {
  openai: "AEDEV_OPENAI_API_KEY",
  gemini: "AEDEV_GEMINI_API_KEY",
  compatible: "AEDEV_COMPATIBLE_API_KEY",
};

/** The key of a family, or null if it is unset, empty or not valid in a header. A name in `given` takes precedence over the file, even with an empty value. */
export function judgeKey(
  family: Family,
  sources: { home: string; given: Readonly<Record<string, string>> },
): string | null {
  const name = keyNames[family];
  const value = (
    Object.hasOwn(sources.given, name) ? sources.given[name] : readSecretsFile(sources.home)[name]
  )?.trim();
  return value !== undefined && /^[\x21-\x7e]+$/.test(value) ? value : null;
}

/** Reads `secrets/judgement.env`; a missing file counts as empty. Throws a Fault that names the line, never its text. */
function readSecretsFile(home: string): Readonly<Record<string, string>> {
  const path = homeLayout(home).secrets("judgement");
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return {};
  const hint = "run chmod 600 on the file, or write it again with: aedev secrets set NAME";
  if (!facts.isFile() || facts.size > secretsFileBytesMax)
    throw new Fault("secrets-file", `${path} is not a small regular file`, { hint });
  if ((facts.mode & 0o077) !== 0) throw new Fault("secrets-file", `${path} can be read by other users`, { hint });
  const { secrets, problems } = parseSecrets(readFileSync(path, "utf8"));
  if (problems[0] !== undefined)
    throw new Fault("secrets-file", `${path} ${problems[0]}`, { hint: `correct that line of ${path}` });
  return secrets;
}

/** Removes the key from a text that an endpoint sent. A key too short to be real is not removed, because that would mangle every text. */
export function withoutKey(text: string, key: string): string {
  return key.length < 8 ? text : text.replaceAll(key, "[key removed]");
}
