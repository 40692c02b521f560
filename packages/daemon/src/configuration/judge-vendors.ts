/** Checks which judges a configuration may name: never of the coder's own vendor, nor two of one vendor, since only vendors are independent. */

import { type Family, families } from "@aedev/contracts";
import type { PolicyProblem } from "@aedev/core";

interface Vendor {
  readonly name: string;
  /** The judge that belongs to this vendor; null: none may use it. */
  readonly judge: Family | null;
  readonly models: RegExp;
  readonly hosts: RegExp;
}
/** Open-weight models of these vendors count as theirs. */
const vendors: readonly Vendor[] = [
  {
    name: "the coder's vendor",
    judge: null,
    models: /claude|anthropic/i,
    hosts: /(^|\.)(anthropic\.com|claude\.(ai|com))$/i,
  },
  {
    name: "the vendor of the judge openai",
    judge: "openai",
    models: /(^|[/:])(gpt-|chatgpt|o[1-9](-|$))/i,
    hosts: /(^|\.)openai\.(com|azure\.com)$/i,
  },
  {
    name: "the vendor of the judge gemini",
    judge: "gemini",
    models: /(^|[/:])(gemini|gemma)/i,
    hosts: /(^|\.)googleapis\.com$/i,
  },
];

interface Judges {
  readonly models: Readonly<Record<Family, string | null>>;
  readonly addresses: Readonly<Record<Family, string | null>>;
}

/** Every judge that would not be independent, with the key to blame, and an incomplete third judge. */
export function judgeProblems({ models, addresses }: Judges): PolicyProblem[] {
  const problems = families.flatMap((family) => {
    const others = vendors.filter(({ judge }) => judge !== family);
    return [
      ...others.flatMap(({ name, models: own }) =>
        own.test(models[family] ?? "") ? [{ path: `models.${family}`, message: `${refusal} ${name}` }] : [],
      ),
      ...others.flatMap(({ name, hosts }) =>
        hosts.test(hostOf(addresses[family])) ? [{ path: `addresses.${family}`, message: `${refusal} ${name}` }] : [],
      ),
    ];
  });
  if ((models.compatible === null) === (addresses.compatible === null)) return problems;
  const [missing, given] = models.compatible === null ? ["models", "addresses"] : ["addresses", "models"];
  return [...problems, { path: `${missing}.compatible`, message: `is required if ${given}.compatible is set` }];
}

const refusal = "a judge must be independent; this is";

function hostOf(address: string | null): string {
  return address === null ? "" : (URL.parse(address)?.hostname ?? "").replace(/\.$/, "");
}
