/** Reads what one file of a Go package and the files beside it declare: fields of a type and methods that compare. Pure. */
import { childOf, partsOf, sourceText } from "@aedev/languages/tree/print-syntax";
import { type SyntaxNode, type SyntaxTree, UnreadableText } from "@aedev/languages/tree/syntax-node";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

/** `equal` and `differs` answer whether values are equal, `order` which of them comes first, `sign` both. */
export type GoComparisonKind = "equal" | "differs" | "order" | "sign";

/** A method that compares its receiver with one other value. */
export interface GoComparison {
  readonly tree: SyntaxTree;
  readonly method: SyntaxNode;
  readonly name: string;
  readonly kind: GoComparisonKind;
  /** The receiver's type without pointer and type arguments; null if it is not simply a name. */
  readonly owner: string | null;
  /** What the receiver and the other value are called; null if they have no name. */
  readonly receiver: string | null;
  readonly other: string | null;
  /** Whether the other value has the receiver's type, or may have any. */
  readonly takes: "own" | "any" | "else";
}

export interface GoPackage {
  /** Those of the file itself. */
  readonly comparisons: readonly GoComparison[];
  readonly comparisonOf: (type: string, method: string) => GoComparison | null;
  /** The fields of a struct; null if it is not declared exactly once in what is seen. */
  readonly fieldsOf: (type: string) => ReadonlySet<string> | null;
  /** `const false = true` */
  readonly hasOtherConstants: boolean;
}

/** `beside`: texts of the package's other files. */
export function goPackageOf(tree: SyntaxTree, beside: readonly string[]): GoPackage {
  const clause = (text: string) => /^[ \t]*package[ \t]+(\w+)/mu.exec(text)?.[1];
  const texts = beside.filter((text) => clause(text) === clause(tree.text));
  const all = [tree.text, ...texts];
  const comparisons = comparisonsIn(tree, all);
  const known = new Map<string, GoFile | null>();
  const filesWith = (name: string): (GoFile | null)[] =>
    texts
      .filter((text) => text.includes(name))
      .map((text) => {
        const read = known.has(text) ? (known.get(text) ?? null) : readGoFile(text, all);
        known.set(text, read);
        return read;
      });
  return {
    comparisons,
    comparisonOf: (type, method) =>
      [comparisons, ...filesWith(method).map((file) => file?.comparisons ?? [])]
        .flat()
        .find(({ owner, name }) => owner === type && name === method) ?? null,
    fieldsOf: (type) => {
      const own = structsIn(tree, type);
      const elsewhere = () => filesWith(type).flatMap((file) => (file === null ? [null] : structsIn(file.tree, type)));
      const [fields = null, ...more] = own.length > 0 ? own : elsewhere();
      return more.length > 0 ? null : fields;
    },
    hasOtherConstants: all.some(hasOtherConstant),
  };
}

/** A constant or variable of one of these names, given a value or alone in a list. */
const otherConstant =
  /(?:^|[;(])(?![ \t]*return\b)[ \t]*(?:(?:const|var)[ \t(]+)?(?:[\w \t,]*,)?[ \t]*(?:true|false|nil)[ \t]*(?:(?:,[\w \t,]*|[\w.*[\]]+[ \t]*)?=(?!=)|,[\w \t,]*$|$)|\bconst\s*\([^()]*[\n;,(]\s*(?:true|false|nil)\s*\)/mu;

/** A text may hold what looks like a comment. */
function hasOtherConstant(text: string): boolean {
  const withoutBlocks = text.replaceAll(/\/\*.*?\*\//gsu, " ");
  return [text, withoutBlocks, withoutBlocks.replaceAll(/\/\/.*/gu, "")].some((one) => otherConstant.test(one));
}

interface GoFile {
  readonly tree: SyntaxTree;
  readonly comparisons: readonly GoComparison[];
}

function readGoFile(text: string, all: readonly string[]): GoFile | null {
  try {
    const tree = readSyntax(text, "beside.go");
    return { tree, comparisons: comparisonsIn(tree, all) };
  } catch (error) {
    if (error instanceof UnreadableText) return null;
    throw error;
  }
}

/** The fields of each top-level type with that name; null if the type is not a struct. */
function structsIn(tree: SyntaxTree, type: string): (ReadonlySet<string> | null)[] {
  const specs = (node: SyntaxNode): SyntaxNode[] =>
    node.name === "TypeSpec" ? [node] : /^(?:TypeDecl|SpecList)$/u.test(node.name) ? node.children.flatMap(specs) : [];
  return tree.root.children
    .flatMap(specs)
    .filter((spec) => sourceText(tree, childOf(spec, "DefName") ?? spec) === type)
    .map((spec) => (tree.errors.length > 0 ? null : fieldsIn(spec, tree)));
}

function fieldsIn(spec: SyntaxNode, tree: SyntaxTree): ReadonlySet<string> | null {
  const body = childOf(childOf(spec, "StructType"), "StructBody");
  if (body === undefined) return null;
  const names = partsOf(body).flatMap((field): (string | null)[] => {
    const written = field.children.filter(({ name }) => name === "FieldName").map((one) => sourceText(tree, one));
    if (field.name !== "FieldDecl" || written.length > 0) return field.name === "FieldDecl" ? written : [null];
    const embedded = partsOf(field).filter(({ name }) => name !== "String");
    const [type] = embedded.map((one) => sourceText(tree, one));
    return [/^(?:\w+\.)?(\w+)(?:\[.*\])?$/su.exec(type?.replaceAll(/[\s*]/gu, "") ?? "")?.[1] ?? null];
  });
  const fields = names.filter((name) => name !== null && name !== "_");
  return names.includes(null) ? null : new Set(fields.filter((name) => name !== null));
}

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

/** A quick look, before the files beside it are read. */
export const mayCompareGo = (text: string): boolean =>
  new RegExp(String.raw`\)\s*(?:${[equal, differs, order, sign].join("|")})\s*\(`, "u").test(text);

/** Methods whose name and signature are those of a comparison. `all`: texts of the package's files. */
function comparisonsIn(tree: SyntaxTree, all: readonly string[]): GoComparison[] {
  return tree.root.children.flatMap((method) => {
    const read = method.name === "MethodDecl" ? readComparison(method, tree, all) : null;
    return read === null ? [] : [read];
  });
}

function readComparison(method: SyntaxNode, tree: SyntaxTree, all: readonly string[]): GoComparison | null {
  const [receivers, parameters] = method.children.filter(({ name }) => name === "Parameters");
  const name = sourceText(tree, childOf(method, "FieldName") ?? method);
  const kind = kinds.find(([, names]) => names.test(name))?.[0];
  const [one, ...more] = partsOf(parameters);
  if (kind === undefined || one === undefined || more.length > 0 || parameters === undefined) return null;
  const [self, value] = [variableIn(partsOf(receivers)[0], tree), variableIn(one, tree)];
  if (self === null || value === null) return null;
  const owner = /^\*?([\p{L}_][\p{L}\p{Nd}_]*)(?:\[.*\])?$/u.exec(self.type)?.[1] ?? null;
  const isOwn = owner === null || value.type.replace(/^\*/u, "") === self.type.replace(/^\*/u, "");
  const takes = isOwn ? "own" : /^(?:any|interface\{\}|error)$/u.test(value.type) ? "any" : "else";
  const [result, expected] = [resultOf(method, parameters, tree), kind === "sign" ? "int" : "bool"];
  if (result !== expected && !all.some((text) => isAliasOf(result, expected, text))) return null;
  if (name === "Is" ? value.type !== "error" : kind === "order" && takes === "else") return null;
  return { tree, method, name, kind, owner, receiver: self.name, other: value.name, takes };
}

/** The one variable of a parameter; null if there are several. */
function variableIn(parameter: SyntaxNode | undefined, tree: SyntaxTree): { name: string | null; type: string } | null {
  const names = (parameter?.children ?? []).filter(({ name }) => name === "DefName");
  if (parameter === undefined || names.length > 1) return null;
  const [name] = names;
  const type = tree.text.slice(name?.to ?? parameter.from, parameter.to).replaceAll(/\/\*.*?\*\/|[\s()]/gsu, "");
  return { name: name === undefined ? null : sourceText(tree, name), type };
}

/** The type of the only or first result. */
function resultOf(method: SyntaxNode, parameters: SyntaxNode, tree: SyntaxTree): string {
  const results = method.children.slice(method.children.indexOf(parameters) + 1);
  const [first] = results.filter(({ name }) => /^[A-Z]/u.test(name) && name !== "Block" && !/Comment$/u.test(name));
  const list = first?.name === "Parameters" ? partsOf(first)[0] : first;
  return list === undefined ? "" : sourceText(tree, list).replace(/^.*\s/u, "");
}

/** `type answer = bool` */
function isAliasOf(name: string, type: string, text: string): boolean {
  return /^\w+$/u.test(name) && new RegExp(String.raw`\b${name}\s*=\s*${type}\b`, "u").test(text);
}
