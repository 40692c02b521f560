/** What the programs in replay/inside write between how a call ended and what it made of its arguments. No result has the sign it begins with: results are JSON. */
export const leaves = "\u001e and left ";
