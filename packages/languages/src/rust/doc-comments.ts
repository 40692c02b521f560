/** Finds Rust comments that act: documentation tests, and documentation that a macro may read, as `clap` does for its help. */

/** The attributes of the language and its tools, from the Rust Reference 1.90, "Built-in attributes index". Any other may be a macro. */
const ownAttributes = new Set(
  (
    "allow automatically_derived cfg cold crate_name crate_type debugger_visualizer deny deprecated derive doc expect export_name " +
    "feature forbid global_allocator ignore inline instruction_set link link_name link_ordinal link_section macro_export macro_use must_use " +
    "naked no_builtins no_implicit_prelude no_link no_main no_mangle no_std non_exhaustive panic_handler path proc_macro proc_macro_attribute " +
    "proc_macro_derive recursion_limit repr should_panic target_feature test track_caller type_length_limit unsafe used warn windows_subsystem " +
    "rustfmt clippy diagnostic miri"
  ).split(" "),
);
const ownDerives = new Set("Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd".split(" "));

const isDoc = (comment: string) => /^\/(?:\/[/!]|\*[*!])/u.test(comment);
/** Whether a comment has fenced or indented code, which `cargo test` runs. */
const hasCode = (comment: string) => /```|~~~|^\s*(?:\/\/[/!]|\*)?(?: {4}|\s*\t)/mu.test(comment);

export function actingRustComments(comments: readonly string[], text: string): readonly string[] {
  const docs = comments.filter(isDoc);
  return docs.some(hasCode) || mayReadDocs(text) ? docs : [];
}

function mayReadDocs(text: string): boolean {
  const attributes = [...text.matchAll(/#\s*!?\s*\[\s*(\w+)/gu)].map(([, name = ""]) => name);
  const derives = [...text.matchAll(/\bderive\s*\(([^)]*)\)/gu)].flatMap(([, list = ""]) => list.split(","));
  return (
    attributes.some((name) => !ownAttributes.has(name)) ||
    derives.some((name) => name.trim() !== "" && !ownDerives.has(name.trim()))
  );
}
