import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import { type Digest, digestSchema } from "#domain/model/names.ts";

/**
 * Identifies what a report was measured by: the parsed `evaluation` of the default branch, without where predictions lie or how
 * they are made (those are the head's to choose), together with its dataset file. SHA-256 over RFC 8785 canonical JSON, so neither
 * the order of keys nor the layout of the YAML matters. Gates are not in it: they are judged anew whenever they change.
 */
export function definitionDigest(evaluation: Readonly<Record<string, unknown>>, dataset: unknown): Digest {
  const { predictions: _predictions, predict: _predict, ...definition } = evaluation;
  return canonicalDigest({ evaluation: definition, dataset });
}

/** SHA-256 over the RFC 8785 canonical JSON of a value. */
export function canonicalDigest(value: unknown): Digest {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError("Only values that JSON can hold have a canonical digest.");
  return digestSchema.parse(`sha256:${bytesToHex(sha256(utf8ToBytes(canonical)))}`);
}
