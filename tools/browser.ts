/** `node tools/browser.ts`: prints where the browser for `npm run test:browser` is; exits 1 where there is none. */
import { browserPath } from "#test/support/browser.ts";

const path = browserPath();
if (path !== undefined) console.log(path);
process.exitCode = path === undefined ? 1 : 0;
