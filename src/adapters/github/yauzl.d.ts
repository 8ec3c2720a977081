/** The part of yauzl 3.4 that is used here; the package has no types of its own. */
declare module "yauzl" {
  import type { Readable } from "node:stream";

  export interface Entry {
    readonly fileName: string;
    readonly uncompressedSize: number;
    readonly externalFileAttributes: number;
    isEncrypted(): boolean;
  }

  export interface ZipFile {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    close(): void;
  }

  export function fromBufferPromise(
    buffer: Buffer,
    options?: { readonly validateEntrySizes?: boolean; readonly strictFileNames?: boolean; readonly decodeStrings?: boolean },
  ): Promise<ZipFile>;
}
