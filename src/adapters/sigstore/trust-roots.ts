import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial, Verifier } from "@sigstore/verify";

/** Sigstore's own root has 7 kB. */
const longestRoot = 1024 * 1024;

/** The file names no authority that could be trusted; says why and how one is made. */
export class NoTrustRoot extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`${reason}; make one with \`gh attestation trusted-root > trusted_root.jsonl\``, options);
    this.name = "NoTrustRoot";
  }
}

/**
 * Verifiers of the trust roots of a file: one document, or one a line as `gh attestation trusted-root` prints them. What a root has it
 * demands: an entry of its transparency log, a promise of its certificate log. GitHub's own root for private repositories has neither
 * log, and a timestamp authority instead. A moment that somebody else vouches for is always demanded.
 *
 * @throws NoTrustRoot
 */
export function trustRoots(text: string): readonly Verifier[] {
  if (text.length > longestRoot) throw new NoTrustRoot(`a trust root has at most ${longestRoot} bytes`);
  const documents = documentsIn(text);
  if (documents.length === 0) throw new NoTrustRoot("there is no trust root in it");
  return documents.map(verifierOf);
}

function verifierOf(document: unknown): Verifier {
  const root = rootOf(document);
  if (root.certificateAuthorities.length === 0) throw new NoTrustRoot("a trust root names no certificate authority");
  if (root.tlogs.length === 0 && root.timestampAuthorities.length === 0)
    throw new NoTrustRoot("a trust root names neither a transparency log nor a timestamp authority, so no time can be known");
  try {
    return new Verifier(toTrustMaterial(root), {
      tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
      ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
      timestampThreshold: 1,
    });
  } catch (cause) {
    throw new NoTrustRoot("a key or certificate of a trust root cannot be read", { cause });
  }
}

function rootOf(document: unknown): TrustedRoot {
  try {
    return TrustedRoot.fromJSON(document);
  } catch (cause) {
    throw new NoTrustRoot("it holds something else than trust roots", { cause });
  }
}

function documentsIn(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    try {
      return text.split("\n").flatMap((line): unknown[] => (line.trim() === "" ? [] : [JSON.parse(line)]));
    } catch (cause) {
      throw new NoTrustRoot("it is neither JSON nor JSON lines", { cause });
    }
  }
}
