/** Decodes RFC 2047 encoded words in header values, as ntfy does: `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`, anywhere in the value. */

const word = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;

/** Decodes a header value, which Node gives as one character per byte. */
export function decodeHeaderValue(value: string): string {
  return decodeWords(Buffer.from(value, "latin1").toString("utf8"));
}

/** The text with every encoded word decoded; white space between two encoded words is dropped. */
export function decodeWords(text: string): string {
  const joined = text.replace(/(=\?utf-8\?[bq]\?[^?]*\?=)\s+(?==\?utf-8\?[bq]\?)/gi, "$1");
  return joined.replace(word, (_whole, encoding: string, coded: string) =>
    encoding.toLowerCase() === "b" ? Buffer.from(coded, "base64").toString("utf8") : decodeQuoted(coded),
  );
}

function decodeQuoted(coded: string): string {
  const bytes = coded
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
