/** Counts the workbook's proofs by their last results. An installation without the table has no counts. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isFault } from "@aedev/contracts";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { productRoot } from "@aedev/host/product";
import { z } from "zod";
import { readYamlFile } from "../configuration/yaml-document.ts";

type Gates = StatusBoardDocument["ga_gates"];

const blockedListedMax = 20;
const sectionsSchema = z.array(
  z.object({
    proofs: z.array(
      z.object({ what: z.string(), tests: z.array(z.string()).optional(), result: z.string().optional() }),
    ),
  }),
);

/** `file`: the table of proofs. */
export function readProofGates(file = join(productRoot, "test/proofs.yaml")): Gates {
  const sections = readSections(file);
  if (sections === null)
    return {
      ...{ total: null, passed: null, noted: null, blocked: { rows: [], more: 0 } },
      ...{ recommendation: null, why: "no-proofs" },
    };
  const proofs = sections.flatMap((section) => section.proofs);
  // Results of test files have one form. A person notes the result of any other command in words.
  const blocked = proofs.filter(
    ({ tests, result = "" }) => result === "" || (tests !== undefined && !result.startsWith("passed")),
  );
  const noted = proofs.filter(({ tests, result = "" }) => tests === undefined && result !== "").length;
  return {
    total: proofs.length,
    passed: proofs.length - blocked.length - noted,
    noted,
    blocked: {
      rows: blocked.slice(0, blockedListedMax).map(({ what }) => what),
      more: Math.max(0, blocked.length - blockedListedMax),
    },
    ...recommendationOf({ blocked: blocked.length, noted, total: proofs.length }),
  };
}

/** A result in words is a person's to judge, so nothing is recommended while there is one. */
function recommendationOf(count: Record<"blocked" | "noted" | "total", number>): Pick<Gates, "recommendation" | "why"> {
  if (count.blocked > 0) return { recommendation: "no-go", why: null };
  if (count.total === 0) return { recommendation: null, why: "no-proofs" };
  return count.noted > 0 ? { recommendation: null, why: "in-words" } : { recommendation: "go", why: null };
}

function readSections(file: string): z.infer<typeof sectionsSchema> | null {
  if (!existsSync(file)) return null;
  try {
    return sectionsSchema.safeParse(readYamlFile(file)).data ?? null;
  } catch (error) {
    if (isFault(error, "config-invalid")) return null;
    throw error;
  }
}
