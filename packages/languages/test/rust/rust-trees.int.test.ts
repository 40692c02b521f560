/** Our trees of Rust agree with its compiler: each expression, item, attribute and bound name has the same start and end. */

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { boundIn } from "../../src/rust/rust-tests.ts";

import { fieldOf, isComment } from "../../src/tree/print-syntax.ts";
import type { SyntaxNode } from "../../src/tree/syntax-node.ts";
import { readSyntax } from "../../src/tree/syntax-tree.ts";

/** Our names for the compiler's kinds of nodes. */
const kinds: Readonly<Record<string, string>> = {
  binary_expression: "Binary",
  assignment_expression: "Assign",
  compound_assignment_expr: "AssignOp",
  index_expression: "Index",
  unary_expression: "Unary",
  reference_expression: "AddrOf",
  type_cast_expression: "Cast",
  range_expression: "Range",
  if_expression: "If",
  match_expression: "Match",
  for_expression: "ForLoop",
  while_expression: "While",
  loop_expression: "Loop",
  closure_expression: "Closure",
  array_expression: "Array",
  tuple_expression: "Tup",
  parenthesized_expression: "Paren",
  try_expression: "Try",
  await_expression: "Await",
  return_expression: "Ret",
  struct_expression: "Struct",
  macro_invocation: "MacCall",
  function_item: "Fn",
  mod_item: "Mod",
  struct_item: "Struct",
  enum_item: "Enum",
  trait_item: "Trait",
  impl_item: "Impl",
  const_item: "Const",
  static_item: "Static",
  macro_definition: "MacroDef",
  use_declaration: "Use",
  attribute_item: "Normal",
  inner_attribute_item: "Normal",
};
const wanted = new Set([...Object.values(kinds), "Call", "MethodCall", "Field", "Ident"]);

function kindOf(node: SyntaxNode): string | undefined {
  if (node.name === "field_expression") return node.field === "function" ? undefined : "Field";
  if (node.name !== "call_expression") return kinds[node.name];
  const callee = fieldOf(node, "function");
  const method = callee?.name === "generic_function" ? fieldOf(callee, "function") : callee;
  return method?.name === "field_expression" ? "MethodCall" : "Call";
}

/** The places in our tree; of a macro only the start, because some macros include their semicolon in the compiler. */
function placesOf(text: string): string[] {
  const { root, errors } = readSyntax(text, "a.rs");
  expect(errors).toEqual([]);
  const names = boundIn(root);
  const found: string[] = [];
  const visit = (node: SyntaxNode): void => {
    const kind = node.children.length === 0 ? undefined : kindOf(node);
    const first = node.children.find((child) => child.name !== "attribute_item" && !isComment(child)) ?? node;
    if (kind !== undefined)
      found.push(kind === "MacCall" ? `${kind} ${first.from}` : `${kind} ${first.from} ${node.to}`);
    if (names.has(node) && !(node.field === "name" && node.name === "identifier"))
      found.push(`Ident ${text.slice(node.from, node.to).replace("r#", "")}`);
    for (const child of node.children) visit(child);
  };
  visit(root);
  return found.toSorted();
}

/** The places in the tree that the compiler prints before it resolves names, macros and other files. */
function compilerPlaces(text: string): string[] {
  const { stdout } = spawnSync("rustc", ["--edition", "2024", "-Zunpretty=ast-tree", "-"], {
    input: text,
    env: { ...process.env, RUSTC_BOOTSTRAP: "1" },
    maxBuffer: 2 ** 28,
  });
  const starts = [0];
  for (const line of text.split("\n")) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const at = (line = "", column = "") => (starts[Number(line) - 1] ?? 0) + Number(column) - 1;
  const found: string[] = [];
  const open: {
    indent: number;
    type: string;
    kind?: string | undefined;
    place?: string | undefined;
    name?: string | undefined;
  }[] = [];
  const close = ({ type, kind = "", place = "", name }: (typeof open)[number]) => {
    if (type === "Pat" && kind === "Ident" && name !== "self") found.push(`Ident ${name}`);
    if ((type !== "Pat" || kind === "MacCall") && wanted.has(kind))
      found.push(`${kind} ${kind === "MacCall" ? place.split(" ")[0] : place}`);
  };
  for (const line of [...stdout.toString().split("\n"), ""]) {
    const [indent, text] = [line.search(/\S|$/u), line.trim()];
    while ((open.at(-1)?.indent ?? -1) >= indent) close(open.pop() ?? { indent, type: "" });
    const inner = open.at(-1);
    if (inner !== undefined && indent === inner.indent + 4) {
      inner.kind ??= /^kind: (\w+)/u.exec(text)?.[1];
      const [, ...ends] = /^span: \S*?:(\d+):(\d+): (\d+):(\d+) /u.exec(text) ?? [];
      if (ends.length > 0) inner.place ??= `${at(ends[0], ends[1])} ${at(ends[2], ends[3])}`;
    }
    if (inner?.type === "Pat") inner.name ??= /^(?:ident: )?(?:r#)?(\w+)#0,$/u.exec(text)?.[1];
    const type = /^(?:\w+: )?(Expr|Item|Pat|Attribute|Stmt) \{$/u.exec(text)?.[1];
    if (type !== undefined) open.push({ indent, type });
  }
  return found.toSorted();
}

const hasCompiler = spawnSync("rustc", ["--version"]).status === 0;

describe.skipIf(!hasCompiler)("a tree of Rust", () => {
  it.each([
    "a && b || c & d | e ^ f << g + h * -i as u8; !a.b()?.c[d].e; a == b && c != d",
    "a::<b>(c); a.b::<c>(d); (a as b) < c; if a == B {} if (B {} == b) {}",
    "a..b; ..b; a..; a..=b; &a[..=b]; &a[1..=c + 2]; f(..=d); g[..]",
    "|x| x + 1; move || { b }; |x: u8| -> u8 { x }; |&(a, mut b), ref c| d; f(|| a, || b)(c)",
    "let Some(x) = a else { return }; let (a | b) = c; let &x = d; let [a, .., b] = e; let A { b, c: ref mut d, .. } = f;",
    "match a { 1 | 2 if b => c, ref x @ 1..=5 => d, A::B(..) => g, Some(y) | Other(y) => z, x!(y) => i, &&k => l, 5.. => n }",
    "for (a, mut b) in c.iter() { d?; } while let Some(e) = f { continue; } loop { g.await }",
    'assert!(a == b, "{}", c); assert_eq!(a, b,); let d = vec![a, b]; x!{a} println!("{a}"); str![[r#""a""#]]; m!(~ a)',
    'let x: &\'a str = b; let y = \'b\'; c(\'"\', "\'"); r##"a"# evil(); "##; br"a\\"; cr#"a" evil();"#; c"a\\" b"; /* /* */ evil(); */ d();',
    "let union = 1; let auto = 2; let r#if = union + auto; const { a() }; unsafe { b() }; async { c }; 'l: loop { break 'l a }",
    "#[a] let b = 1; #[c] d(); #[e] fn f() {} /* g */ #[h] // i\n #[j] k!(); #[l] m",
  ])("a tree agrees with Rust's compiler: %j", (text) => {
    const source = `fn f() { ${text} }\n`;
    const expected = compilerPlaces(source);
    expect(expected.length).toBeGreaterThan(1);
    expect(placesOf(source)).toEqual(expected);
  });

  it.each([
    "#![a]\n//! b\nuse c::{d, e as _, f::*};\n/// g\n#[h(\")]\")] // i\n#[j]\npub(crate) struct K<'a, T: L>(&'a T);\nmod m;\nenum N { O, P(u8) }\n",
    "#[cfg(test)]\nmod tests { use super::*; #[test] #[should_panic] fn a() { b(c) } m!(d); n! { e } }\nmacro_rules! o { ($p:expr) => { q!() } }\n",
    "impl<T> Drop for A<T> where T: B { const C: u8 = 1; fn drop(&mut self) {} }\ntrait D { fn e() {} }\nstatic F: u8 = { g(); 1 };\n",
    'fn a(#[b] #[c(1, "d")] e: u8, #[f] #[g] /* h */ #[i] mut j: u8, (k, l): (u8, u8)) {}\n',
    "#!/usr/bin/env x\nfn a() {}\r\n// b\r\nfn c() {}\r\n",
  ])("a tree of a whole file agrees with Rust's compiler: %j", (text) => {
    const expected = compilerPlaces(text);
    expect(expected.length).toBeGreaterThan(0);
    expect(placesOf(text)).toEqual(expected);
  });
});
