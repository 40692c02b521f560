/** Functions that round a number, in JavaScript, Python and Go. Pure; loads no parser. */
const roundings =
  /^(?:Math\.(?:trunc|floor|ceil|round)|math\.(?:Trunc|Floor|Ceil|Round|trunc|floor|ceil)|int|parseInt|round)(?=\(|$)/u;
/** The rounding function that a text calls; null if it calls none. */
export const roundingOf = (text: string): string | null => roundings.exec(text)?.[0] ?? null;
