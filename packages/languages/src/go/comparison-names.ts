/** Names that Go methods have which compare values of their type. Pure; loads no parser. */

/** `equal` and `differs` answer whether values are equal, `order` which of them comes first, `sign` both. */
export type GoComparisonKind = "equal" | "differs" | "order" | "sign";

const equal = "(?:[Ii]s)?(?:[Dd]eep)?(?:[Ee]quals?(?:To)?|[Ee]q|[Ss]ame(?:As)?|[Ii]dentical(?:To)?)|Is";
const differs = "[Nn]otEquals?(?:To)?|[Nn]eq?|[Dd]iffers?(?:From)?";
const order = "(?:Is)?(?:Less|Greater|Before|After|L[te]e?|G[te]e?)(?:Than)?(?:Or(?:Equals?|Same))?(?:To)?";
const sign = "(?:Compare|Cmp)(?:To)?";
const kinds: readonly (readonly [GoComparisonKind, RegExp])[] = (
  [
    ["equal", equal],
    ["differs", differs],
    ["order", order],
    ["sign", sign],
  ] as const
).map(([kind, names]) => [kind, new RegExp(`^(?:${names})$`, "u")]);

/** What a method of that name compares; undefined for a name of anything else. */
export const comparisonKind = (name: string): GoComparisonKind | undefined =>
  kinds.find(([, names]) => names.test(name))?.[0];

/** A quick look, before the files beside it are read. */
export const mayCompareGo = (text: string): boolean =>
  new RegExp(String.raw`\)\s*(?:${[equal, differs, order, sign].join("|")})\s*\(`, "u").test(text);
