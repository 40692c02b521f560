/**
 * Renders what a reader of a Markdown text at GitHub sees (CommonMark with GitHub's extensions) as plain text, with the marks of lists, code and quotes
 * (SECURITY T42). Hidden parts are left out and named. Only this file reads Markdown; hostile texts can take seconds, so `read-visible.ts` calls it in a
 * thread.
 */
import { withoutInvisibles } from "@aedev/contracts";
import { backticksAround } from "@aedev/contracts/words";
import { compile, parse, postprocess, preprocess } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { isHiddenElement, visibleSource, withVisibleFormulas } from "./hidden-parts.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

/** The visible text, and the number of hidden parts of each kind. */
export interface VisibleText {
  readonly text: string;
  readonly leftOut: readonly string[];
}

/** Names of hidden parts: one, and several. The content of `details` stays, because one click shows it. */
const hidden = {
  comment: ["an HTML comment", "HTML comments"],
  definition: ["a definition of a link", "definitions of links"],
  alternative: ["an image's alternative text", "alternative texts of images"],
  empty: ["a link without text", "links without text"],
  title: ["a title that only a pointer shows", "titles that only a pointer shows"],
  address: ["the address behind a link", "addresses behind links"],
  element: ["a part of HTML that a page does not show", "parts of HTML that a page does not show"],
  formula: ["a part of a formula that may not be shown", "parts of formulas that may not be shown"],
  drawing: ["a part of a diagram's source that may not be shown", "parts of diagrams' sources that may not be shown"],
  character: ["an invisible character", "invisible characters"],
} as const;
type Hidden = keyof typeof hidden;

/** Never throws; its time grows faster than the text. */
export function readerText(markdown: string): VisibleText {
  const found = new Map<Hidden, number>();
  const note: Note = (what, times = 1) => void found.set(what, (found.get(what) ?? 0) + times);
  const plain = withoutInvisibles(markdown.toWellFormed().replaceAll("\r\n", "\n"));
  note("character", [...markdown.toWellFormed().replaceAll("\r\n", "\n")].length - [...plain].length);
  const events = postprocess(
    parse({ extensions: [gfm()] })
      .document()
      .write(preprocess()(plain, undefined, true)),
  );
  note("definition", events.filter(([step, { type }]) => step === "enter" && type === "definition").length);
  const html = compile({ allowDangerousHtml: true, allowDangerousProtocol: true, htmlExtensions: [gfmHtml()] })(events);
  const rendered = blocksOf(visibleOf(parseFragment(html).childNodes, note), note).join("\n\n");
  const text = withoutInvisibles(rendered);
  note("character", [...rendered].length - [...text].length);
  const named = [...found].filter(([, times]) => times > 0);
  return {
    text: text.replace(/[ \t]+\n/g, "\n").trim(),
    leftOut: named.map(([what, times]) => (times === 1 ? hidden[what][0] : `${times} ${hidden[what][1]}`)),
  };
}

type Note = (what: Hidden, times?: number) => void;

/** Drops elements that a page does not show, and notes those with text. */
function visibleOf(nodes: readonly Node[], note: Note): Node[] {
  return nodes.filter((node) => {
    if (!isElement(node)) return true;
    if (!isHiddenElement(node)) node.childNodes = visibleOf(node.childNodes, note);
    else if (node.tagName === "template" || rawText(node.childNodes, () => undefined).trim() !== "") note("element");
    return !isHiddenElement(node);
  });
}

const blocks = new Set(
  "address article aside blockquote center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

/** Blocks as texts of lines; anything between them is a paragraph. */
function blocksOf(nodes: readonly Node[], note: Note): string[] {
  const said: string[] = [];
  let line: Node[] = [];
  const endLine = () => {
    const text = proseOf(line, note);
    if (text !== "") said.push(text);
    line = [];
  };
  for (const node of nodes) {
    if (!isElement(node) || !hasBlock(node)) line.push(node);
    else {
      endLine();
      const text = blockOf(node, note);
      if (text !== "") said.push(text);
    }
  }
  endLine();
  return said;
}

/** Whether it is a block, or an inline element with one in it. */
function hasBlock(element: Element): boolean {
  return blocks.has(element.tagName) || element.childNodes.some((child) => isElement(child) && hasBlock(child));
}

function blockOf(element: Element, note: Note): string {
  noteAttributes(element, note);
  const { tagName } = element;
  const children = element.childNodes;
  const within = () => blocksOf(children, note).join("\n\n");
  const heading = /^h([1-6])$/.exec(tagName)?.[1];
  if (heading !== undefined) {
    const text = proseOf(children, note);
    // GitHub itself adds the title of the footnotes, and nobody sees it.
    return text === "" || attributeOf(element, "id") === "footnote-label"
      ? ""
      : `${"#".repeat(Number(heading))} ${text}`;
  }
  switch (tagName) {
    case "hr":
      return "---";
    case "pre":
      return fenced(element, note);
    case "blockquote":
      return within().replace(/^/gm, "> ");
    case "ul":
    case "ol":
      return children
        .filter(isElement)
        .map((item, index) => itemOf(item, tagName === "ul" ? "- " : `${index + 1}. `, note))
        .join("\n");
    case "tr":
      return `| ${children
        .filter(isElement)
        .map((cell) => blocksOf(cell.childNodes, note).join(" ").replace(/\s+/g, " "))
        .join(" | ")} |`;
    case "table":
    case "thead":
    case "tbody":
    case "tfoot":
      return blocksOf(children, note).join("\n");
    default:
      return within();
  }
}

function itemOf(item: Element, mark: string, note: Note): string {
  const text = blocksOf(item.childNodes, note).join("\n");
  return mark + text.replaceAll("\n", `\n${" ".repeat(mark.length)}`);
}

function fenced(element: Element, note: Note): string {
  const [only] = element.childNodes.filter(isElement);
  const language = only === undefined ? "" : (/language-([\w+#.-]+)/.exec(attributeOf(only, "class") ?? "")?.[1] ?? "");
  const source = rawText(element.childNodes, note).replace(/\n$/, "");
  const text = visibleSource(source, language);
  if (text !== source) note(language.toLowerCase() === "math" ? "formula" : "drawing");
  if (text.trim() === "" && text !== source) return "";
  const marks = backticksAround(text, 3);
  return `${marks}${language}\n${text}\n${marks}`;
}

/** Text in lines, with its formulas as shown. */
function proseOf(nodes: readonly Node[], note: Note): string {
  return withVisibleFormulas(inlineOf(nodes, note), () => note("formula"))
    .replaceAll(dollarInCode, "$")
    .trim();
}

/** Replaces a dollar sign in code, where it begins no formula. This invisible character occurs in no text. */
const dollarInCode = "\u2029";

/** Text in lines, as GitHub breaks them in issues and comments. */
function inlineOf(nodes: readonly Node[], note: Note): string {
  return nodes
    .map((node) => {
      if (node.nodeName === "#comment") note("comment");
      if ("value" in node) return node.value.replace(/[ \t]+/g, " ");
      if (!isElement(node)) return "";
      noteAttributes(node, note);
      return inlineElement(node, note);
    })
    .join("")
    .replace(/ ?\n ?/g, "\n")
    .replace(breaks, "\n");
}

/** Marks a line break, with the source's line end that may follow. A text with this character as an entity has a line break there too. */
const lineBreak = "\u2028";
const breaks = new RegExp(`${lineBreak}\n?`, "g");

function inlineElement(element: Element, note: Note): string {
  const children = element.childNodes;
  switch (element.tagName) {
    case "br":
      return lineBreak;
    case "input":
      return attributeOf(element, "type") === "checkbox"
        ? `[${attributeOf(element, "checked") === undefined ? " " : "x"}]`
        : "";
    case "code":
    case "kbd":
    case "samp":
    case "tt": {
      const text = rawText(children, note).replaceAll("$", dollarInCode);
      const marks = backticksAround(text);
      const pad = /^`|`$/.test(text) ? " " : "";
      return text === "" ? "" : `${marks}${pad}${text}${pad}${marks}`;
    }
    case "a": {
      const text = inlineOf(children, note);
      const address = attributeOf(element, "href");
      const isNote = address?.startsWith("#") ?? true;
      if (attributeOf(element, "data-footnote-backref") !== undefined) return text.replaceAll("↩", "");
      if (attributeOf(element, "data-footnote-ref") !== undefined) return `[${text}]`;
      if (text.trim() === "") note("empty");
      else if (!isNote && !isSameAddress(address ?? "", text)) note("address");
      return text;
    }
    default:
      return inlineOf(children, note);
  }
}

/** Whether the link's text is its own address. */
function isSameAddress(address: string, text: string): boolean {
  const bare = (one: string) =>
    one
      .trim()
      .replace(/^(?:https?:\/\/|mailto:)/i, "")
      .replace(/\/$/, "")
      .toLowerCase();
  return bare(address) === bare(text) || bare(withoutPercents(address)) === bare(text);
}

/** The address as a browser shows it; unchanged if its bytes are not UTF-8. */
function withoutPercents(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch (error) {
    if (error instanceof URIError) return address;
    throw error;
  }
}

function noteAttributes(element: Element, note: Note): void {
  if ((attributeOf(element, "title") ?? "") !== "") note("title");
  if (element.tagName === "img" && (attributeOf(element, "alt") ?? "") !== "") note("alternative");
}

function rawText(nodes: readonly Node[], note: Note): string {
  return nodes
    .map((node) => {
      if (node.nodeName === "#comment") note("comment");
      if ("value" in node) return node.value;
      if (!isElement(node)) return "";
      noteAttributes(node, note);
      return node.tagName === "br" ? "\n" : rawText(node.childNodes, note);
    })
    .join("");
}

function isElement(node: Node): node is Element {
  return "tagName" in node;
}

function attributeOf({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attribute) => attribute.name === name)?.value;
}
