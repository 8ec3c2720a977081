/** A program that `npm run test:integration` installed: it says where by a variable. */
export function programIn(variable: string): string {
  const path = process.env[variable] ?? "";
  if (path === "") throw new Error(`${variable} names no program: start these tests with npm run test:integration, which installs it`);
  return path;
}
