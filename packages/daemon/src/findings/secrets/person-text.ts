/**
 * Finds secrets in texts of a person and of the base, which go to the coder, the judges, the phone and the commit (SECURITY T37). Only a certain form counts,
 * because people write about tokens. It returns the place of a secret, never its value.
 */
import { type Refusal, refuse } from "@aedev/core";
import { startScan } from "./scan-text.ts";

/** One text with its name for messages, such as `text` or `criterion 2`. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}
interface SecretPlace {
  readonly name: string;
  /** Line and column count from 1; a column is a UTF-16 code unit. */
  readonly line: number;
  readonly column: number;
  readonly rule: string;
}

/** The first secret in these texts; null if there is none. A text that could not be scanned in time counts as a secret. */
export async function firstSecret(texts: readonly NamedText[]): Promise<SecretPlace | null> {
  const scanText = startScan();
  for (const { name, text } of texts) {
    const match = (await scanText("text.txt", text)).find(({ isCertain }) => isCertain);
    if (match === undefined) continue;
    const before = text.slice(0, match.start).split("\n");
    return { name, line: before.length, column: (before.at(-1) ?? "").length + 1, rule: match.rule };
  }
  return null;
}

/** The refusal of a request with a secret in these texts, to return before storing anything; null if they have none. */
export async function refuseSecrets(texts: readonly NamedText[]): Promise<Refusal | null> {
  const place = await firstSecret(texts);
  if (place === null) return null;
  return refuse(
    "secret-in-text",
    `${placeText(place)} contains a secret (${place.rule}); nothing was stored`,
    "write a name such as $STRIPE_KEY or <token> in its place",
  );
}

/** A place in words: `criterion 2, line 1, column 5`. */
export function placeText({ name, line, column }: SecretPlace): string {
  return `${name}, line ${line}, column ${column}`;
}
