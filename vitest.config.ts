import { defineConfig } from "vitest/config";

/** The world around Slipway, and Git through real clones: dozens of processes a file, which would be half of the quick suite's time. */
const startProcesses = [
  "test/sandbox/github/**/*.test.ts",
  "test/sandbox/rankers/predictions.test.ts",
  "test/sandbox/serving/serving-stack.test.ts",
  "test/adapters/git/{repository-contents,lost-answers,cached-clone,checkout-environments}.test.ts",
];

/**
 * unit: in one process, no servers but loopback doubles. process: the real entries as real processes. crash: the real App, killed.
 * browser: what people look at, in a real Chromium. integration: as users call it, with programs that npm does not bring.
 * statistics: ten thousand evaluations, a minute of arithmetic.
 */
export default defineConfig({
  test: {
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/acceptance/**",
            "test/browser/**",
            "test/crash/**",
            "test/integration/**",
            "test/statistics/**",
            ...startProcesses,
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "process",
          include: ["test/acceptance/**/*.test.ts", ...startProcesses],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "crash",
          include: ["test/crash/**/*.test.ts"],
          testTimeout: 480_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          maxConcurrency: 2,
        },
      },
      {
        test: { name: "browser", include: ["test/browser/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 30_000, fileParallelism: false },
      },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 500_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      { test: { name: "statistics", include: ["test/statistics/**/*.test.ts"], testTimeout: 240_000 } },
    ],
  },
});
