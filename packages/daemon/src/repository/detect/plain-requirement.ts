/** Recognizes Python requirements that can stand in a command in single quotes. Pure. */

const comparison = String.raw`\(?[\w.]+ ?(?:[<>=!~]=?|===|in|not in) ?"[\w. +!*-]{1,40}"\)?`;
const version = String.raw`(===|[<>=!~]=?)[\w.*+-][\w.*+!-]*`;
/** A requirement that is safe in single quotes: a name, extras, versions, a marker. Addresses are left to a requirements file. */
const plainRequirement = new RegExp(
  String.raw`^[A-Za-z0-9][\w.-]*(\[[\w.,-]+\])?(${version}(,${version}){0,5},?)?(; ${comparison}( (and|or) ${comparison}){0,3})?$`,
  "u",
);
const lengthMax = 160;
/** More than people write. */
export const requirementsMax = 60;

/** Whether the text is a requirement that pip can get in single quotes. */
export function isPlainRequirement(text: string): boolean {
  return text.length <= lengthMax && plainRequirement.test(text);
}

/** Without spaces, and with double quotes in a marker, so that single quotes can surround it. */
export function quotableRequirement(requirement: string): string {
  const at = requirement.indexOf(";");
  if (at === -1) return requirement.replaceAll(" ", "");
  return `${requirement.slice(0, at).replaceAll(" ", "")}; ${requirement
    .slice(at + 1)
    .trim()
    .replaceAll("'", '"')}`;
}

/** The requirement's name in lower case; empty if it starts with none. */
export function nameOf(requirement: string): string {
  return /^[\w.-]+/u.exec(requirement)?.[0].toLowerCase() ?? "";
}
