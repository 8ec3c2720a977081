/** `slipway <verb> …`: the command line. `npm run -s slipway -- <verb>` runs it from a checkout. */
import { enableCompileCache } from "node:module";

// Loading the sources takes most of the start; what was compiled once is kept in the temporary folder, and must be asked for before it.
enableCompileCache();
await import("./cli/command-line.ts");
