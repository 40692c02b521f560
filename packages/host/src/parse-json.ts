/** Parses untrusted JSON without throwing. It checks no shape; the caller's schema does. */

/** The value of a JSON text; undefined if the text is absent, is not JSON or is nested too deeply to read. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
