/** The words for yes in each language in which aedev asks. Any other answer is a no. */

const yes = /^\s*(?:y|yes|ja|oui|s[ií]|sim|はい|是|好|네|예)\s*$/iu;

export function isYes(answer: string): boolean {
  return yes.test(answer.normalize("NFC"));
}
