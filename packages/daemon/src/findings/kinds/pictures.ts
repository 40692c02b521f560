/** Tells files that are only pictures. Pure. */
import { posix } from "node:path";

/** How a file of each ending begins, in hexadecimal. */
const beginnings: Readonly<Record<string, RegExp>> = {
  ".png": /^89504e470d0a1a0a/u,
  ".jpg": /^ffd8ff/u,
  ".jpeg": /^ffd8ff/u,
  ".gif": /^474946383[79]61/u,
  ".webp": /^52494646.{8}57454250/u,
  ".ico": /^00000100/u,
};
/** What a browser may run in an SVG file, or load from elsewhere. */
const acting =
  /<(?:script|foreignObject|!ENTITY)|\son\w+\s*=|javascript:|@import|url\(\s*["']?(?!["'#])|href\s*=\s*["']?(?!["'#])/iu;

/** Whether a file is a picture by its ending and its bytes, and nothing but a picture. */
export function isPicture(path: string, bytes: Uint8Array): boolean {
  const ending = posix.extname(path).toLowerCase();
  if (ending === ".svg") {
    const text = Buffer.from(bytes).toString("latin1");
    return /^\s*<(?:\?xml|!--|svg)/iu.test(text) && !acting.test(text);
  }
  return beginnings[ending]?.test(Buffer.from(bytes.subarray(0, 16)).toString("hex")) === true;
}
