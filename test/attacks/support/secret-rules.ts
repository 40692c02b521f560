/** Rules of a secret scanner as data, read from a `gitleaks.toml` of the corpora or from our own few; only the parts needed to make true positives. */
import { readFileSync } from "node:fs";

export interface SecretRule {
  readonly id: string;
  /** The pattern in Go's syntax. */
  readonly regex: string;
  /** Shannon entropy in bits per character that the secret must exceed. */
  readonly entropy: number;
  readonly secretGroup: number | null;
  readonly keywords: readonly string[];
  /** The pattern of file names that the rule applies to. */
  readonly path: string | null;
}

/** Every `[[rules]]` of the file. */
export function readTomlRules(path: string): SecretRule[] {
  return readFileSync(path, "utf8")
    .split(/^\[\[rules\]\]$/m)
    .slice(1)
    .flatMap((section) => {
      const own = section.split(/^\s*\[\[/m)[0] ?? "";
      const textOf = (key: string) => {
        const found = new RegExp(`^${key} = (?:'''(.*)'''|"(.*)")$`, "m").exec(own);
        return found?.[1] ?? found?.[2] ?? null;
      };
      const numberOf = (key: string) => {
        const found = new RegExp(`^${key} = ([0-9.]+)$`, "m").exec(own)?.[1];
        return found === undefined ? null : Number(found);
      };
      const [id, regex] = [textOf("id"), textOf("regex")];
      if (id === null || (regex === null && textOf("path") === null)) return [];
      const keywords = /^keywords = \[([^\]]*)\]/m.exec(own)?.[1] ?? "";
      return [
        {
          id,
          // A rule for names alone accepts any content.
          regex: regex ?? "[A-Za-z0-9]{40}",
          entropy: numberOf("entropy") ?? 0,
          secretGroup: numberOf("secretGroup"),
          keywords: [...keywords.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ""),
          path: textOf("path"),
        },
      ];
    });
}

/** Translates the rule to JavaScript. A flag in the middle applies to the rest of its alternative. */
export function javascriptOf(regex: string): RegExp {
  const whole = /^\(\?i\)/.test(regex);
  let text = regex.replace(/^\(\?i\)/, "");
  text = text.replaceAll("[[:alnum:]]", "[a-zA-Z0-9]").replaceAll("(?P<", "(?<").replaceAll("\\z", "$");
  for (let at = text.indexOf("(?i)"); at >= 0; at = text.indexOf("(?i)")) {
    const end = endOfAlternative(text, at + 4);
    text = `${text.slice(0, at)}(?i:${text.slice(at + 4, end)})${text.slice(end)}`;
  }
  return new RegExp(text, whole ? "i" : "");
}

function endOfAlternative(text: string, from: number): number {
  let [depth, inClass] = [0, false];
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\\") at += 1;
    else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(") depth += 1;
    else if (character === ")" && depth-- === 0) return at;
    else if (character === "|" && depth === 0) return at;
  }
  return text.length;
}
