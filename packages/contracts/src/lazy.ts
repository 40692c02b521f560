/** Values that are made on first use, so that a process does not pay at its start for values that it may not need. */

/** The returned function makes the value at its first call. It tries again only if making it threw. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
