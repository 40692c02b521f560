/** Splits, shortens and tidies a person's text without cutting or changing code and quotations. */
export { backticksAround } from "./fence.ts";
export { requestKey } from "./same-request.ts";
export { firstSentence, type TextPart, textParts } from "./sentences.ts";
export { unitsOf } from "./text-scan.ts";
export { onOneLine, shortenText, unitLines, unitMark, wholeGraphemes, withoutUnits } from "./text-units.ts";
