/**
 * Finds secrets in texts of a person and of the base, which go to the coder, the judges, the phone and the commit (SECURITY T37). Only a form
 * that is certainly a secret counts: people write about tokens. The answer is a place, never a value.
 */
import { type Refusal, refuse } from "@aedev/core";
import { startScan } from "./scan-text.ts";

/** One text and what to call it, such as `text` or `criterion 2`. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}
interface SecretPlace {
  readonly name: string;
  /** Both count from 1; a column is a UTF-16 code unit. */
  readonly line: number;
  readonly column: number;
  readonly rule: string;
}

/** The first secret of these texts; null if there is none. Text that could not be scanned in time counts as one. */
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

/** The refusal of a request with these texts, to be made before anything is stored; null if they contain no secret. */
export async function refuseSecrets(texts: readonly NamedText[]): Promise<Refusal | null> {
  const place = await firstSecret(texts);
  if (place === null) return null;
  return refuse(
    "secret-in-text",
    `${placeText(place)} contains a secret (${place.rule}); nothing was stored`,
    "write a name such as $STRIPE_KEY or <token> in its place",
  );
}

/** `criterion 2, line 1, column 5`. */
export function placeText({ name, line, column }: SecretPlace): string {
  return `${name}, line ${line}, column ${column}`;
}
