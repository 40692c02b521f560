/** One part of code, and what decides what it means. Pure. */
import { isComment, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";

/**
 * What decides what a name means. `variable`: the declarations of its file. `shared`: another file of the repository, or a member of an object that the
 * repository may have made. `fixed`: something else, such as a package, an object's data or a language. `module`: a path to another file. `title`: the title
 * of a test. `doc`: a text that describes the code. `text`: any other text.
 */
export type Role = "variable" | "shared" | "fixed" | "module" | "title" | "doc" | "text";

export interface CodePart {
  /** The text as it is compared. */
  readonly text: string;
  /** Absent: a mark, a keyword or the beginning of a node. */
  readonly role?: Role | undefined;
  /** The name is declared here. */
  readonly binds?: boolean | undefined;
  /** It is declared here so that other files can name it. */
  readonly isOpen?: boolean | undefined;
  /** Another file, a base class or a decorator decides about the name that is declared here. */
  readonly isLoaded?: boolean | undefined;
  /** It is a member of an object. */
  readonly isMember?: boolean | undefined;
  /** Callers may name it, as a parameter of Python. */
  readonly isParameter?: boolean | undefined;
}

/** The names of one file, by their nodes. */
export interface Names {
  /** Undefined: the node is no name. */
  readonly of: (node: SyntaxNode, around: readonly SyntaxNode[]) => readonly CodePart[] | undefined;
  /** Whether a node only tells a type, so that leaving it out changes nothing that runs. */
  readonly isType: (node: SyntaxNode, around: readonly SyntaxNode[]) => boolean;
}

/** The file that is read. `isOurs`: whether a module that it loads may be a changed file of the repository. */
export interface NamedFile {
  readonly path: string;
  readonly tree: SyntaxTree;
  readonly isTest: boolean;
  readonly isOurs: (module: string) => boolean;
}

export const isTextNode = ({ name }: SyntaxNode): boolean =>
  /^(?:(?:template_)?string|regex|jsx_text|(?:interpreted_|raw_)?string_literal)$/u.test(name);

/** The name at the beginning of a chain of members and calls. */
export const rootNameOf = (node: SyntaxNode | undefined): string | undefined =>
  /^[(\s]*([\p{L}_$][\p{L}\p{N}_$]*)/u.exec(textOf(node))?.[1];

/** Whether a text has code in it, as `${a}` in a template. */
export const hasCode = ({ children }: SyntaxNode): boolean =>
  children.some(({ name }) => /^(?:interpolation|template_substitution)$/u.test(name));

/** The part of a name by which runners find tests and what prepares them; empty: they don't look for it. */
const testMark =
  /^(?:test_|(?:[Tt]est|Benchmark|Example|Fuzz|pytest_|setup|teardown|setUp|tearDown)(?=(\p{Ll}?)))|(?:Tests?|TestCase|Spec)$/u;
const testMarkOf = (name: string): string => {
  const [mark = "", next = ""] = testMark.exec(name) ?? [];
  return next === "" ? mark : `${mark} and a small letter`;
};
/** Whether runners take both names for the same kind of thing. */
export const isFoundAlike = (name: string, other: string): boolean => testMarkOf(name) === testMarkOf(other);
export const isTestName = (name: string): boolean => /^test/iu.test(name);

const testFunction =
  /^(?:t\.)?(?:it|test|describe|suite|context|specify)(?:\.(?:only|skip|concurrent))?$|^[tbs]\.Run$/u;
const functionValue = /^(?:arrow_function|function_expression|func_literal)$/u;

/** Whether a text is the first argument of a call that declares a test. */
export function isTitle(node: SyntaxNode, around: readonly SyntaxNode[]): boolean {
  const [call, list] = [around.at(-2), around.at(-1)];
  if (call === undefined || list === undefined || !/^call/u.test(call.name)) return false;
  const first = list.children.find((child) => child.name !== "(" && !isComment(child));
  const hasFunction = list.children.some(({ name }) => functionValue.test(name));
  return first === node && hasFunction && testFunction.test(textOf(call.children[0]));
}
