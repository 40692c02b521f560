/** Names that git, or a file system under git, would take for its own folder (THREATS T1): `.git` in any case, with characters that HFS+ ignores, or as a short NTFS name. Pure. */

const hfsIgnorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** True for one path component that must never enter a tree of ours. `name` is the component's bytes as UTF-8 or latin1 text. */
export function isGitName(name: string): boolean {
  const folded = name.normalize("NFKC").replace(hfsIgnorable, "").toLowerCase();
  // NTFS drops trailing dots and spaces, and what follows a colon names a stream of the same file.
  const bare = folded.replace(/:.*$/s, "").replace(/[. ]+$/, "");
  return (
    bare === ".git" || bare === "git~1" || folded.split("\\").some((part) => part.replace(/[. ]+$/, "") === ".git")
  );
}
