/**
 * Whether the text of a class has private names: a `#` that is in no comment, string, text of a template or regular expression. `text` is what the engine has parsed, so it is JavaScript.
 * Where the tokens can't be told without the grammar, such as a slash after `}`, the answer is yes. Runs in containers, inside the code under test.
 */
(text) => {
  const afterControl = "if while for with";
  const afterOperator = "return typeof case do else in instanceof new void delete throw extends";
  /** Names in some places, operators in others. */
  const afterUnknown = "await of yield";
  const isOneOf = (word, list) => ` ${list} `.indexOf(` ${word} `) >= 0;
  const isWord = (one) =>
    (one >= "a" && one <= "z") ||
    (one >= "A" && one <= "Z") ||
    (one >= "0" && one <= "9") ||
    one === "_" ||
    one === "$";
  const isLineEnd = (one) => one === "\n" || one === "\r" || one === "\u2028" || one === "\u2029";
  const last = text.lastIndexOf("#");
  const unread = -1;
  /** What each open bracket's end is: a value, like `control` the end of a head such as that of `if`, or the rest of a template. */
  const open = [];
  /** What is before: a value, an operator, a dot, a word such as `if`, or what may be either. A slash after a value divides. */
  let before = "operator";
  let isNewLine = false;
  let at = 0;

  /** Behind a string or a regular expression that begins at `from`. */
  function endOf(from, end) {
    let inClass = false;
    for (let index = from + 1; index < text.length; index += 1) {
      const one = text[index];
      if (one === "\\") index += 1;
      else if (one === end && !inClass) return index + 1;
      else if (end === "/" && isLineEnd(one)) return unread;
      else if (end === "/" && (one === "[" || one === "]")) inClass = one === "[";
    }
    return unread;
  }

  /** Behind the text of a template that begins at `from`, or behind `${` in it. */
  function endOfTemplate(from) {
    for (let index = from; index < text.length; index += 1) {
      if (text[index] === "\\") index += 1;
      else if (text[index] === "`") {
        before = "value";
        return index + 1;
      } else if (text[index] === "$" && text[index + 1] === "{") {
        open[open.length] = "template";
        before = "operator";
        return index + 2;
      }
    }
    return unread;
  }

  /** Behind a comment, or null if none begins here. */
  function endOfComment() {
    if (text[at + 1] !== "*" && text[at + 1] !== "/") return null;
    const isLine = text[at + 1] === "/";
    for (let index = at + 2; index < text.length; index += 1) {
      if (isLineEnd(text[index])) isNewLine = true;
      if (isLine ? isLineEnd(text[index]) : text[index] === "*" && text[index + 1] === "/")
        return index + (isLine ? 0 : 2);
    }
    return unread;
  }

  function endOfSlash() {
    const end = endOfComment();
    if (end !== null) return end;
    // After a line's end a value may be the end of a statement.
    if (before !== "operator" && (before !== "value" || isNewLine)) return unread;
    const isDivision = before === "value";
    before = isDivision ? "operator" : "value";
    return isDivision ? at + 1 : endOf(at, "/");
  }

  function endOfWord() {
    const isNumber = text[at] >= "0" && text[at] <= "9";
    let end = at + 1;
    while (end < text.length && (isWord(text[end]) || (isNumber && text[end] === "."))) end += 1;
    const word = text.slice(at, end);
    if (before === "dot") before = "value";
    else if (isOneOf(word, afterControl)) before = "control";
    else if (isOneOf(word, afterOperator)) before = "operator";
    else before = isOneOf(word, afterUnknown) ? "unknown" : "value";
    return end;
  }

  function endOfBracket(one) {
    if (one === "(" || one === "[" || one === "{") {
      const ends = { control: "operator", unknown: "unknown" };
      open[open.length] = one === "(" ? (ends[before] ?? "value") : one === "[" ? "value" : "unknown";
      before = "operator";
      return at + 1;
    }
    const end = open[open.length - 1];
    open.length = Math.max(0, open.length - 1);
    if (end === "template") return endOfTemplate(at + 1);
    before = end ?? "unknown";
    return at + 1;
  }

  function endOfToken() {
    const one = text[at];
    if (one === "#" || one === "\\" || one > "\x7f") return unread;
    if (isWord(one)) return endOfWord();
    if (one === "/") return endOfSlash();
    if (one === "`") return endOfTemplate(at + 1);
    if (one === "(" || one === "[" || one === "{" || one === ")" || one === "]" || one === "}")
      return endOfBracket(one);
    if (one === '"' || one === "'") {
      before = "value";
      return endOf(at, one);
    }
    const [two, three] = [text.slice(at, at + 2), text.slice(at, at + 3)];
    // Both begin a comment in a script.
    if (three === "-->" || three === "<!-") return unread;
    const isStep = two === "++" || two === "--";
    if (isStep) before = "unknown";
    else before = one === "." && three !== "..." ? "dot" : "operator";
    return at + (isStep ? 2 : three === "..." ? 3 : 1);
  }

  while (at <= last) {
    const one = text[at];
    if (one === " " || one === "\t" || one === "\v" || one === "\f" || isLineEnd(one)) {
      if (isLineEnd(one)) isNewLine = true;
      at += 1;
      continue;
    }
    const isComment = one === "/" && (text[at + 1] === "/" || text[at + 1] === "*");
    at = endOfToken();
    if (at === unread) return true;
    if (!isComment) isNewLine = false;
  }
  return false;
};
