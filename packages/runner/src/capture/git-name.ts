/** Recognizes names that git or a file system would read as `.git` (THREATS T1): in any case, with characters that HFS+ ignores, or as a short NTFS name. Pure. */

const hfsIgnorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** True for a path component that must never enter a tree of ours. `name` is the component's bytes as UTF-8 or latin1 text. */
export function isGitName(name: string): boolean {
  const folded = name.normalize("NFKC").replace(hfsIgnorable, "").toLowerCase();
  // NTFS drops trailing dots and spaces, and a colon starts the name of a stream of the same file.
  const bare = folded.replace(/:.*$/s, "").replace(/[. ]+$/, "");
  return (
    bare === ".git" || bare === "git~1" || folded.split("\\").some((part) => part.replace(/[. ]+$/, "") === ".git")
  );
}
