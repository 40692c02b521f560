/** Which files are nothing but pictures. */
import { expect, it } from "vitest";
import { isPicture } from "../../../src/findings/kinds/pictures.ts";

it.each([
  ["a.png", "\x89PNG\r\n\x1a\n...", true],
  ["a.PNG", "\x89PNG\r\n\x1a\n...", true],
  ["a.jpg", "\xff\xd8\xff\xe0", true],
  ["a.gif", "GIF89a..", true],
  ["a.webp", "RIFF1234WEBPVP8 ", true],
  ["a.ico", "\0\0\x01\0\x01", true],
  ["a.png", "#!/bin/sh\n", false],
  ["a.jpg", "\x89PNG\r\n\x1a\n...", false],
  ["a.bin", "\x89PNG\r\n\x1a\n...", false],
  ["a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>', false],
])("tells whether %s with %j is a picture", (path, text, expected) => {
  expect(isPicture(path, Buffer.from(text, "latin1"))).toBe(expected);
});
