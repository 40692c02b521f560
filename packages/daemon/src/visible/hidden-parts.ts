/**
 * Finds parts of HTML, formulas and diagrams that a reader does not see (SECURITY T42). Only a browser, MathJax or Mermaid knows for sure, so a part that may
 * be hidden is left out and named.
 */
import type { DefaultTreeAdapterTypes } from "parse5";

type Element = DefaultTreeAdapterTypes.Element;

/** Elements that browsers do not show by the HTML standard, and those that show something else than their text. */
const hiddenElements = new Set(
  [
    "area base basefont datalist head link meta noembed noframes param rp script style template title",
    "annotation annotation-xml audio canvas defs desc iframe metadata meter noscript object progress video",
  ].flatMap((names) => names.split(" ")),
);
const hidingStyle =
  /(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9]))/i;

/** True for an element that a page does not show, with everything in it. */
export function isHiddenElement({ tagName, attrs }: Element): boolean {
  const value = (name: string) => attrs.find((attribute) => attribute.name === name)?.value;
  return (
    hiddenElements.has(tagName) ||
    value("hidden") !== undefined ||
    value("popover") !== undefined ||
    (tagName === "dialog" && value("open") === undefined) ||
    hidingStyle.test(value("style") ?? "")
  );
}

/** TeX commands that show their arguments or a sign. After any other command, the rest of its group counts as hidden: it may have no colour, size or place. */
const showing = new Set(
  [
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho sigma",
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar Re Im",
    "frac dfrac tfrac cfrac sqrt binom sum prod int iint iiint oint lim limsup liminf sup inf max min arg det dim exp gcd ker",
    "ln log lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh bmod pmod mod Pr partial nabla infty forall exists",
    "text textbf textit textrm texttt textsf mathrm mathbf mathbb mathcal mathfrak mathit mathsf mathtt operatorname boldsymbol",
    "cdot cdots ldots dots vdots ddots times div pm mp ast star circ bullet oplus ominus otimes odot wedge vee cap cup setminus",
    "le leq ge geq ne neq lt gt ll gg approx equiv sim simeq cong propto subset subseteq supset supseteq in notin ni mid nmid",
    "to gets mapsto implies iff land lor lnot neg top bot perp parallel emptyset varnothing angle triangle square therefore because",
    "leftarrow rightarrow Leftarrow Rightarrow leftrightarrow Leftrightarrow longrightarrow longleftarrow uparrow downarrow",
    "left right big Big bigg Bigg bigl bigr Bigl Bigr langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert",
    "hat bar vec dot ddot tilde widehat widetilde overline underline overbrace underbrace overset underset stackrel boxed prime",
    "begin end hline quad qquad limits nolimits displaystyle textstyle colon backslash lbrace rbrace dagger",
  ].flatMap((names) => names.split(" ")),
);
/** Commands that affect only their arguments. */
const hidingArguments = new Set(
  "phantom hphantom vphantom textcolor colorbox label rlap llap hspace vspace".split(" "),
);

/** TeX as MathJax shows it: without comments, and without what follows a command that is not known to show it. */
function visibleFormula(tex: string): string {
  let visible = "";
  /** How many groups are open within the hidden part; null: nothing is hidden. */
  let within: number | null = null;
  let onlyArguments = false;
  let hasArgument = false;
  for (const [token] of tex.matchAll(/%[^\n]*|\\(?:[A-Za-z]+\*?|[\s\S]|$)|[{}[\]]|\s+|[^%\\{}[\]\s]+/g)) {
    if (token.startsWith("%")) continue;
    if (within !== null) {
      if (/^[{[]$/.test(token)) within += 1;
      else if (within > 0 && /^[}\]]$/.test(token)) {
        within -= 1;
        hasArgument = true;
      } else if (within === 0 && (token === "}" || (hasArgument && onlyArguments && token.trim() !== "")))
        within = null;
      // Only TeX knows how far an argument without braces goes.
      else if (within === 0 && !hasArgument && token.trim() !== "") onlyArguments = false;
      if (within !== null) continue;
    }
    const name = /^\\([A-Za-z]+)/.exec(token)?.[1];
    if (name !== undefined && !showing.has(name)) {
      within = 0;
      hasArgument = false;
      onlyArguments = hidingArguments.has(name);
    } else visible += token;
  }
  return visible;
}

/** `$…$` and `$$…$$` in a line of prose, as GitHub reads them. */
const formulas = /\$\$([^$]+)\$\$|(?<![\p{L}\p{N}$\\])\$(?=\S)([^$]+)(?<=\S)\$(?![\p{L}\p{N}$])/gu;

/** The text with its formulas as shown. `hide` is called once for each formula with a hidden part. */
export function withVisibleFormulas(text: string, hide: () => void): string {
  return text.replace(formulas, (whole: string, display?: string, inline?: string) => {
    const tex = display ?? inline ?? "";
    const visible = visibleFormula(tex);
    if (visible === tex) return whole;
    hide();
    const marks = display === undefined ? "$" : "$$";
    return `${marks}${visible}${marks}`;
  });
}

/** Blocks that GitHub draws, and whose source has no text for readers. */
const drawings = new Set(["geojson", "topojson", "stl"]);
/** Statements that can hide any text of a diagram: styles, classes, configuration. */
const styling = /^[ \t]*(?:%%\{|style\b|classDef\b|linkStyle\b|cssClass\b)|^---|:::|@\{/m;
const unseenLines =
  /^[ \t]*(?:%%|accTitle\b|accDescr\b[^\n]*\{[^}]*\}|accDescr\b|click\b|callback\b|links?\b).*(?:\n|$)/gm;

/** The part of a block's source that GitHub's drawing shows; for a block that is not drawn, all of it. */
export function visibleSource(source: string, language: string): string {
  const kind = language.toLowerCase();
  if (kind === "math") return visibleFormula(source);
  if (drawings.has(kind)) return "";
  if (kind !== "mermaid") return source;
  return styling.test(source) ? "" : source.replace(unseenLines, "");
}
