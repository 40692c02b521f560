/** Words of any request, including those that have broken a commit's subject before. */
import fc from "fast-check";

const known = [
  "fix",
  "feat:",
  "fix(a)!:",
  "#12",
  "`code",
  "the",
  "(",
  "，",
  "登录",
  "lib/age.js",
  "\n",
  "```",
  "- ",
  "0,105",
  "because",
];

export const anyWords = fc.array(fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom(...known)), {
  maxLength: 60,
});
