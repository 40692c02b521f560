/** Writes the gate's reasons for a push that asks for an approval, without names that the coder chose, since a name can be a sentence (SECURITY T23). */
import { plainFolderPattern, type Reason, reasonText } from "@aedev/contracts";

/** A name that can't be read as a sentence. */
const plainName = /^[\w@./+-]{1,60}$/;
/** Details that aedev itself writes, such as `outside of packages/core`, the registered folder. */
const ownDetail = new RegExp(
  String.raw`^(binary|new symlink|changed symlink|new executable|mode change \d+ to \d+|outside of (?=.{1,201}$)${plainFolderPattern})$`,
);

/** Placeholders for hidden parts until the sentence is whole, so that each phrase appears once however many names it has. */
const [hiddenName, hiddenSentence] = ["\ue001", "\ue002"];
const where = "only the page and the terminal show";
/** Two or more hidden names in a row, joined by `, ` or `: `. */
const neighbours = new RegExp(`${hiddenName}(?:(?:, |: )${hiddenName})+`, "g");
/** The same phrase several times in a row. */
const repeated = new RegExp(
  `((?:^|(?<=, )|(?<=: ))[^,]*[${hiddenName}${hiddenSentence}][^,]*)(?:, \\1)+(?=,| and |$)`,
  "g",
);

export function plainReason(reason: Reason): string {
  const text = reasonText(reason, (said, as) => {
    if (as === "detail") return ownDetail.test(said) ? said : null;
    if (as === "name") return plainName.test(said) ? `"${said}"` : hiddenName;
    return hiddenSentence;
  });
  let isFirst = true;
  return text
    .replace(repeated, (_all, said: string) => (said.endsWith(hiddenName) ? `${said}s` : said))
    .replace(neighbours, `${hiddenName}s`)
    .replace(new RegExp(`${hiddenName}(s?)|${hiddenSentence}`, "g"), (found, plural: string | undefined) => {
      const what = found === hiddenSentence ? "a reason" : plural === "s" ? "names" : "a name";
      const phrase = isFirst ? `${what} that ${where}` : `${what.replace(/^a /, "")} not shown here`;
      isFirst = false;
      return phrase;
    });
}
