/** How a language writes what a change may add to a helper of tests. */
import type { SyntaxNode } from "../../tree/syntax-node.ts";

export interface AdditionForm {
  /** The name of the function that a statement only declares, or exports under a name of its own; null for any other statement. */
  readonly functionIn: (statement: SyntaxNode) => string | null;
  /** The name of the method that a member of a class only declares; null for any other member. */
  readonly methodIn: (member: SyntaxNode) => string | null;
  /** A statement that only lists what a file exports, or takes of a module that is loaded already; null for any other one. */
  readonly listIn: (statement: SyntaxNode, path: string) => NameList | null;
  /** The module of the language's own library that a statement only imports, and the names that it gives as `member local`. */
  readonly libraryIn: (statement: SyntaxNode) => { module: string; names: string[] } | null;
  /** Whether libraries or runners look for a method of this name. */
  readonly isLookedFor: (name: string) => boolean;
  /** Whether a name that is imported may be a module, which is loaded then. */
  readonly loadsByName: boolean;
}

export interface NameList {
  /** Lists of the same kind are two versions of one. */
  readonly kind: string;
  readonly names: readonly string[];
  readonly isImport: boolean;
}

/** `a` and `b as c` of `a, b  as c`. */
export const namesOfList = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim().replaceAll(/\s+/gu, " "))
    .filter(Boolean);

/** `a` and `b c` of `a, b as c`. */
export const takenNames = (text: string): string[] => namesOfList(text).map((name) => name.replace(" as ", " "));
