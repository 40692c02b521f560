/** Go: its files. */
import type { Language } from "../language.ts";
import { mayCompareGo } from "./comparison-names.ts";
import { goPlatformPattern } from "./go-platforms.ts";

/** Not those of one system or processor: the program that calls again could not be built with the others. */
const portable = new RegExp(String.raw`(?<!_test|_(?:${goPlatformPattern}))\.go$`, "u");
/** Files that belong to no package of the module, or to another one's. */
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
