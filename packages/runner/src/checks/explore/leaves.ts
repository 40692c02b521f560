/** Separates a call's outcome from its changed arguments, in the programs of replay/inside. Results are JSON and never have its first character. */
export const leaves = "\u001e and left ";
