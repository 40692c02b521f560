/** Values that are made when they are first needed: what only some processes use must not cost each of them its start. */

/** The returned function makes the value at its first call, and again only if that threw. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
