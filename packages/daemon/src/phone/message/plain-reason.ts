/** Prints the gate's reasons for a push that asks for an approval, without names that the coder chose: a name can be a sentence (THREATS T23). */
import { plainFolderPattern, type Reason, reasonText } from "@aedev/contracts";

/** A name that can't be read as a sentence. */
const plainName = /^[\w@./+-]{1,60}$/;
/** Details that aedev itself writes, such as `outside of packages/core`, the registered folder. */
const ownDetail = new RegExp(
  String.raw`^(binary|new symlink|changed symlink|new executable|mode change \d+ to \d+|outside of (?=.{1,201}$)${plainFolderPattern})$`,
);

export function plainReason(reason: Reason): string {
  return reasonText(reason, (text, as) => {
    if (as === "detail") return ownDetail.test(text) ? text : null;
    if (as === "name" && plainName.test(text)) return `"${text}"`;
    return `a ${as === "name" ? "name" : "reason"} shown only on the page and in the terminal`;
  });
}
