import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { type BlobId, blobIdSchema } from "#domain/model/names.ts";

/** The name that Git gives a file of this text, in a repository of SHA-1 objects. */
export function blobIdOf(text: string): BlobId {
  const bytes = utf8ToBytes(text);
  return blobIdSchema.parse(bytesToHex(sha1(concatBytes(utf8ToBytes(`blob ${bytes.length}\0`), bytes))));
}
