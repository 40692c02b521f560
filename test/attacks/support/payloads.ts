/** Hostile texts: those of the corpora if there is a folder, otherwise our own. Each also has parts that act on a terminal, a page or a reader's eye. */
import { readFileSync } from "node:fs";
import { ownPayloads } from "../own/payloads.ts";
import { corpusFile } from "./corpora.ts";

/** Appended to each payload: a terminal link, an element of a page, a reversed line, invisible characters. */
export const sting =
  "\u001b]8;;https://evil.example\u0007x\u001b[31m <img src=x onerror=alert(1)> \u202egnp\u2066 \u200b\u009b";

export function readPayloads(): string[] {
  const folder = corpusFile("bipia", "text_attack_train.json");
  if (folder === null) return [...ownPayloads];
  const bipia = ["text_attack_train.json", "code_attack_train.json"].flatMap((name) => textsIn(jsonOf("bipia", name)));
  const cases = jsonOf("cyberseceval", "prompt_injection.json");
  const injections = Array.isArray(cases) ? cases.flatMap((one) => textsIn(pick(one))) : [];
  return [...new Set([...bipia, ...injections, ...ownPayloads])];
}

function jsonOf(...names: string[]): unknown {
  return JSON.parse(readFileSync(corpusFile(...names) ?? "", "utf8"));
}

function pick(one: unknown): unknown {
  return typeof one === "object" && one !== null && "user_input" in one ? one.user_input : [];
}

/** Every text in a document, at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
