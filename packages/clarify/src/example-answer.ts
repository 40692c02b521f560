/** An example of a sufficient answer, made from the request itself. */
import { firstSentence, onOneLine, shortenText, unitsOf } from "@aedev/contracts/words";
import { textLanguage } from "./reading/language.ts";
import { wordingOf } from "./wording/wording.ts";

const [nameCharactersMax, requestCharactersMax] = [60, 60];

/** In the request's language. */
export function exampleFor(text: string): string {
  const { ofFunction, ofRequest } = wordingOf(textLanguage(text)).example;
  const call = unitsOf(text).find(({ kind }) => kind === "call");
  const name = call === undefined ? null : text.slice(call.at, call.end).split("(")[0];
  if (name && name.length <= nameCharactersMax) return ofFunction(name);
  return ofRequest(
    shortenText(onOneLine(firstSentence(text)).replaceAll('"', "'"), requestCharactersMax).toWellFormed(),
  );
}
