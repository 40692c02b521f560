/** Go: its files, and the names of methods that compare values of their type. */
import type { Language } from "../language.ts";

export const goPlatformPattern = String.raw`aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm`;

/** `equal` and `differs` tell whether values are equal, `order` tells which value comes first, `sign` tells both. */
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

/** How a method with this name compares values; undefined if the name says nothing about comparing. */
export const comparisonKind = (name: string): GoComparisonKind | undefined =>
  kinds.find(([, names]) => names.test(name))?.[0];

/** A quick check, so that the other files of the folder are read only when needed. */
const mayCompareGo = (text: string): boolean =>
  new RegExp(String.raw`\)\s*(?:${[equal, differs, order, sign].join("|")})\s*\(`, "u").test(text);

/** Files for every system and processor: the replaying program could not be built with a file for another one. */
const portable = new RegExp(String.raw`(?<!_test|_(?:${goPlatformPattern}))\.go$`, "u");
/** Files that belong to no package, or to a package of another module. */
const notPackage = /(?:^|\/)(?:vendor|testdata|[._][^/]*)(?:\/|$)/u;

const isNoTest = (path: string) => !path.endsWith("_test.go");

export const go: Language = {
  name: "go",
  owns: (path) => path.endsWith(".go"),
  hasCodeRules: true,
  isMeasured: isNoTest,
  isInPackage: isNoTest,
  asksBeside: mayCompareGo,
  comment: "//",
  hasIntegers: true,
  hidesFields: true,
  isReplayed: (path) => portable.test(path) && !notPackage.test(path),
};
