/** Distinguishes machine-generated values from names that a person wrote. Pure arithmetic on characters. */

/** Shannon entropy in bits per character. */
export function entropyBits(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** How often a letter follows a digit or the reverse: often in random text, rarely in names such as `x509CredentialOptions`. */
export function alternations(value: string): number {
  return (value.match(/[a-z](?=\d)|\d(?=[a-z])/gi) ?? []).length;
}

/** Whether letters and digits look randomly mixed: in random text from a–z and 0–9, about 40% of neighbours differ in kind. */
export function hasHighEntropy(value: string): boolean {
  return entropyBits(value) >= 3 && alternations(value) >= Math.max(3, Math.floor(value.length / 12));
}

/** An account or contract address of a public chain; private keys are longer. */
export function isChainAddress(value: string): boolean {
  return /^0x[0-9a-f]{40}$/i.test(value);
}
