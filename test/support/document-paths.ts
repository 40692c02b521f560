/** Paths of this repository that a text names: in backticks in a document, in comments of code. Braces are expanded; a `*` ends the path. */

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
  const comments = [...code.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*/g)].map(([comment]) => comment);
  return comments
    .flatMap((comment) => comment.match(inComment) ?? [])
    .flatMap(expanded)
    .map(fromRoot);
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
