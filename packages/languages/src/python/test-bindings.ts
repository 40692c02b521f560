/** Names that a statement of a Python test file binds, and those that are called without being mentioned. */

import { type GrowthForm, pieceOf } from "../shared/growth.ts";
import { type Binding, type Piece, type Scope, syntaxDigest } from "../shared/test-file.ts";
import { fieldOf, textOf } from "../tree/print-syntax.ts";
import type { SyntaxNode, SyntaxTree } from "../tree/syntax-node.ts";
import { isKnownAssertion } from "./assertions.ts";
import { importOf, pythonImport } from "./python-syntax.ts";

const setUp =
  /^(setUp|tearDown|setUpClass|tearDownClass|asyncSetUp|asyncTearDown|setUpModule|tearDownModule|(setup|teardown)(_(method|class|module|function))?|pytest_\w+|load_tests)$/;

/** What unittest itself calls of a class; a helper of the tests has another name. */
const internal =
  /^(?:__\w+__|run|debug|fail|failureException|skipTest|subTest|doCleanups|addCleanup|addTypeEqualityFunc|_(?:call|outcome|baseAssert|getAssert|addSkip|formatMessage|truncateMessage|testMethod)\w*)$/;

/** Names that the runner or the language calls by themselves; in a class, also those that change how its tests run. */
export function isCalledFor(name: string, { path }: Scope): boolean {
  if (setUp.test(name) || name === "__test__") return true;
  return path.length > 0 && (internal.test(name) || isKnownAssertion(name));
}

/** Names that an import or a plain assignment binds; empty for anything that does more. */
export function boundNames(statement: SyntaxNode, reading: { readonly form: GrowthForm }): Binding[] {
  if (pythonImport.test(statement.name)) return importedNames(statement);
  const [assignment] = statement.name === "expression_statement" ? statement.children : [];
  const target = assignment?.name === "assignment" ? fieldOf(assignment, "left") : undefined;
  if (target?.name !== "identifier" || /^pytest(mark|_plugins)$/.test(textOf(target))) return [];
  const value = fieldOf(assignment, "right") ?? fieldOf(assignment, "type");
  return value !== undefined && actsAtOnce(value) ? [] : [{ name: textOf(target), piece: pieceOf(statement, reading) }];
}

function importedNames(statement: SyntaxNode): Binding[] {
  const { module, names } = importOf(statement);
  return names.flatMap(({ name: original, own }) => {
    const top = original.split(".")[0] ?? "";
    // A star import may bind any name.
    if (original === "*") return [];
    const binding = (what: string): Piece => ({
      digest: syntaxDigest(`import ${what} ${module ?? ""}`),
      names: new Set<string>(),
      growth: null,
    });
    if (own !== null || top === original) return [{ name: own ?? original, piece: binding(original) }];
    // `import a.b` loads more than `import a`, and binds the same.
    return [
      { name: top, piece: binding(top) },
      { name: original, piece: binding(original) },
    ];
  });
}

/** True if it does more than make a value of the language's library: what it calls may change what others see. */
function actsAtOnce(node: SyntaxNode): boolean {
  if (/^(?:named_expression|=)$/.test(node.name)) return true;
  if (node.name === "call" && !makesValue(node, node.tree)) return true;
  return node.children.some((child) => actsAtOnce(child));
}

/** What is called, and how its name has to be imported. */
const makers: readonly (readonly [called: RegExp, imported: RegExp])[] = [
  [/^Path$/, /^from pathlib import (?:\w+, *)*Path\b(?! as)/m],
  [/^pathlib\.Path$/, /^import pathlib$/m],
  [/^os\.path\.(?:join|dirname|abspath|realpath)$/, /^import os(?:\.path)?$/m],
];
/** `Path(__file__).resolve()` */
const ofPath = /^(?:pathlib\.)?Path\([^()]*\)(?:\.parent|\.parents\[\d+\])*\.(?:resolve|absolute|joinpath)$/;

function makesValue({ children: [callee] }: SyntaxNode, tree: SyntaxTree): boolean {
  const name = textOf(callee);
  const [root = ""] = name.split(/[.(]/);
  const known = ofPath.test(name) ? `${root}${name.startsWith("pathlib.") ? ".Path" : ""}` : name;
  return (
    makers.some(([called, imported]) => called.test(known) && imported.test(tree.text)) && isBoundOnce(root, tree.text)
  );
}

/** The import is all that gives the name a meaning. */
function isBoundOnce(name: string, text: string): boolean {
  const mentioned = new RegExp(String.raw`\b${name}\b`, "u");
  const assigned = new RegExp(String.raw`\b${name}\s*[:=,]`, "u");
  const binding = text
    .split("\n")
    .filter((line) => mentioned.test(line))
    .filter((line) => /\b(?:import|as|def|class|global|for)\b/u.test(line) || assigned.test(line));
  return binding.length === 1 && !text.includes("import *");
}
