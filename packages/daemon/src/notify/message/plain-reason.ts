/** The gate's reasons as a push may say them that asks for an approval: names of files, keys and packages are the coder's choice, and a name can be a sentence (THREATS T23). The page and the terminal show them whole. */

/** Reasons that go on with names, by how they begin. */
const naming = /^(never by itself|lost assertions, as the specification names it|dependency)(?:: | )/;
/** A name that can't be read as a sentence. */
const plainName = /^[\w@./+-]{1,60}(?= \(| in |$)/;
/** What the end of such a reason may say beside names. */
const ownWords = / \((binary|new symlink|changed symlink|new executable|mode change \d+ to \d+)\)$/;

/** What was found, with the first name where it is a plain one. Other reasons are aedev's own words and stay. */
export function plainReason(reason: string): string {
  const [start, kind = ""] = naming.exec(reason) ?? [];
  if (start === undefined) return reason;
  const name = plainName.exec(reason.slice(start.length))?.[0];
  const why = ownWords.exec(reason)?.[1];
  return `${kind}: ${name === undefined ? "a name that only the page and the terminal show" : `"${name}"`}${why === undefined ? "" : ` (${why})`}`;
}
