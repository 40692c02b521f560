/** Finds paths and identifiers of this repository in documents' backticks and in comments. Braces in a path are expanded; a `*` ends it. */

const packageNames = "contracts|core|host|daemon|runner|validators|dashboard|cli|demo";
const inDocument = new RegExp(
  String.raw`^(?:\./)?((?:packages|test|scripts|config|docs)/\S*|(?:${packageNames})/(?:src|test)\b\S*)`,
);
const inComment = new RegExp(String.raw`(?<![\w./@-])(?:packages/)?(?:${packageNames})/src/[\w./{},-]*\w`, "g");

export function pathsInDocument(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/));
  return quoted
    .flatMap((part) => inDocument.exec(part)?.[1] ?? [])
    .flatMap(expanded)
    .map(fromRoot);
}

export function pathsInComments(code: string): string[] {
  return commentsIn(code)
    .flatMap((comment) => comment.match(inComment) ?? [])
    .flatMap(expanded)
    .map(fromRoot);
}

/** Names in camelCase that fill their backticks, such as `pendingWork` or `openPart()`. */
export function identifiersInDocument(text: string): string[] {
  return [...text.matchAll(/`([a-z]+[A-Z]\w*)(?:\(\))?`/g)].map(([, name = ""]) => name);
}

export function identifiersInComments(code: string): string[] {
  return identifiersInDocument(commentsIn(code).join("\n"));
}

/** Every word of the code outside its comments. */
export function wordsOfCode(code: string): string[] {
  return code.replace(comment, "").match(/[A-Za-z_$][\w$]*/g) ?? [];
}

const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*/g;

function commentsIn(code: string): string[] {
  return code.match(comment) ?? [];
}

function expanded(path: string): string[] {
  const [, before, inner, after] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  if (before === undefined || inner === undefined || after === undefined) return [path];
  return inner.split(",").flatMap((part) => expanded(`${before}${part}${after}`));
}

function fromRoot(path: string): string {
  const whole = new RegExp(`^(?:${packageNames})/`).test(path) ? `packages/${path}` : path;
  return whole.split("*")[0]?.replace(/[/,;:.)]+$/, "") ?? whole;
}
