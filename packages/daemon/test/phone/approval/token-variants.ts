/** Makes everything that a token can be turned into without its key: the same list for each way in. */

/** Named variants of `tokens`, none of which equals a token; duplicates are left out. */
export function tokenVariants(tokens: readonly string[]): { name: string; token: string }[] {
  const found = new Map<string, string>();
  const add = (name: string, token: string) => {
    if (!tokens.includes(token) && !found.has(token)) found.set(token, name);
  };
  for (const [at, token] of tokens.entries()) {
    const bytes = Buffer.from(token, "latin1");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      add(`token ${at}, bit ${bit} flipped`, flipped.toString("latin1"));
    }
    for (let length = 0; length < token.length; length += 1) {
      add(`token ${at}, first ${length} characters`, token.slice(0, length));
      add(`token ${at}, last ${length} characters`, token.slice(token.length - length));
      add(`token ${at}, character ${length} left out`, token.slice(0, length) + token.slice(length + 1));
      add(`token ${at}, a dot at ${length}`, `${token.slice(0, length)}.${token.slice(length)}`);
    }
    for (const [other, second] of tokens.entries()) {
      for (let part = 0; part < token.split(".").length; part += 1) {
        const parts = token.split(".");
        parts[part] = second.split(".")[part] ?? "";
        add(`token ${at}, part ${part} of token ${other}`, parts.join("."));
      }
    }
    for (const action of ["approve", "reject", "answer", "look", "APPROVE", "approve ", "__proto__", ""])
      add(`token ${at} as ${action}`, token.replace(/\.(approve|reject|answer|look)\./, `.${action}.`));
    for (const around of [" ", "\n", "\0", "\t", "%00", "\u200b", "\u202e", "é", "\ud800", ".", "=", "==", "&", "#"]) {
      add(`token ${at} before ${JSON.stringify(around)}`, token + around);
      add(`token ${at} after ${JSON.stringify(around)}`, around + token);
    }
    add(`token ${at} in capitals`, token.toUpperCase());
    add(`token ${at} in full width`, token.replaceAll("a", "\uff41"));
    add(`token ${at} twice`, token + token);
    add(`token ${at} and a long tail`, token + "a".repeat(5_000));
    add(`token ${at} in base64`, Buffer.from(token).toString("base64"));
    add(`token ${at} of version 2`, token.replace(/^1/, "2"));
    add(`token ${at} without MAC`, token.split(".").slice(0, -1).join("."));
  }
  for (const text of ["", "null", "undefined", "true", "[object Object]", "0", "{}", "[]", "'", "1.", ".".repeat(6)])
    add(`nothing like a token: ${text}`, text);
  add("a long text", "x".repeat(20_000));
  return [...found].map(([token, name]) => ({ name, token }));
}
