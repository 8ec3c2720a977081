import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reportSchema } from "#domain/evaluation/report.ts";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { httpDouble } from "#test/support/http-double.ts";
import { modelYaml, predictions } from "#test/support/ranker-repository.ts";
import { projectFolder, runEntry } from "#test/support/run-entry.ts";

const definition = "models/search-ranker/model.yaml";
const template = "s3://acme/{version}/predictions.csv";

type Bucket = {
  readonly setting: EvaluationSetting;
  readonly asked: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly evaluate: (...args: readonly string[]) => ReturnType<typeof runEntry>;
};

/** The default branch serves cosine, the head proposes bm25; both keep their predictions in a bucket of a server on this machine. */
async function withBucket(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  work: (bucket: Bucket) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const server = await httpDouble((request, _, response) => {
    asked.push(`${request.url} ${request.headers.authorization?.split("/")[0] ?? "unsigned"}`);
    answer(request, response);
  });
  const setting = evaluationSetting();
  setting.trusted.write(definition, modelYaml({ version: "cosine", evaluation: { predictions: template } }));
  setting.head.write(definition, modelYaml({ version: "bm25", evaluation: { predictions: template } }));
  const environment = {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: "AKID",
    AWS_SECRET_ACCESS_KEY: "hidden",
    TMPDIR: setting.head.root,
  };
  try {
    await work({
      setting,
      asked,
      environment,
      evaluate: (...args) =>
        runEntry("cli", ["evaluate", setting.head.model, "--trusted", setting.trusted.root, "--json", ...args], { environment }),
    });
    // What was copied is gone, whatever happened.
    expect(readdirSync(setting.head.root).filter((name) => name.startsWith("slipway-"))).toEqual([]);
  } finally {
    setting.close();
    await server.close();
  }
}

function refuse(status: number, code: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (_, response) => response.writeHead(status).end(`<Error><Code>${code}</Code><Secret>hidden</Secret></Error>`);
}

describe("predictions in a bucket", () => {
  it("are copied, signed, and evaluated as files of the repository are", () =>
    withBucket(
      (request, response) => response.end(predictions(request.url?.includes("cosine") === true ? "cosine" : "bm25")),
      async ({ setting, asked, evaluate }) => {
        const report = await reportOf(evaluate());
        expect(asked.toSorted()).toEqual([
          "/acme/bm25/predictions.csv AWS4-HMAC-SHA256 Credential=AKID",
          "/acme/cosine/predictions.csv AWS4-HMAC-SHA256 Credential=AKID",
        ]);
        setting.trusted.write(definition, modelYaml({ version: "cosine" }));
        setting.head.write(definition, modelYaml({ version: "bm25" }));
        const here = await reportOf(setting.evaluate("--json"));
        expect(report.measurements).toEqual(here.measurements);
        expect(report.inputs.predictions).toEqual(here.inputs.predictions);
      },
    ));

  it("are read for a head only where the default branch looks too, or below an allowed prefix", () =>
    withBucket(
      (request, response) => response.end(predictions(request.url?.includes("cosine") === true ? "cosine" : "bm25")),
      async ({ setting, asked, evaluate }) => {
        setting.head.write(definition, modelYaml({ version: "bm25", evaluation: { predictions: "s3://acme-secrets/bm25.csv" } }));
        const refused = await reportOf(evaluate());
        expect(refused.code).toBe(4);
        expect(messagesOf(refused).join("\n")).toContain("only the default branch's own location");
        expect(asked.filter((path) => path.includes("secrets"))).toEqual([]);
        expect((await reportOf(evaluate("--remote-prefix", "s3://acme-secrets/"))).verdict).not.toBe("error");
        expect((await evaluate("--remote-prefix", "s3://acme")).code).toBe(64);
      },
    ));

  it.each([
    ["a missing bucket", refuse(404, "NoSuchBucket"), 4, "there is no such bucket"],
    ["a missing file", refuse(404, "NoSuchKey"), 3, "There is nothing at s3://acme/bm25/predictions.csv"],
    ["wrong credentials", refuse(403, "SignatureDoesNotMatch"), 4, "does not accept the credentials"],
    [
      "a download that always breaks off",
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { "content-length": 1_000_000 });
        response.write("x".repeat(200_000), () => setTimeout(() => response.destroy(), 50));
      },
      4,
      "of 1000000 bytes, 4 times",
    ],
  ] as const)("%s: one message, an exit code, no secret", (_, answer, code, words) =>
    withBucket(answer, async ({ evaluate }) => {
      const ended = await evaluate();
      const report = await reportOf(Promise.resolve(ended));
      expect(report.code).toBe(code);
      expect(messagesOf(report).filter((message) => message.includes(words))).toHaveLength(code === 3 ? 1 : 2);
      expect(`${ended.stdout}${ended.stderr}`).not.toContain("hidden");
    }),
  );
});

it("a copy that finds no room is one message, and nothing of it stays", () =>
  withBucket(
    (_, response) => response.end("x".repeat(3_000_000)),
    async ({ setting, environment }) => {
      const cli = join(projectFolder, "src", "entry", "cli.ts");
      const args = ["evaluate", setting.head.model, "--trusted", setting.trusted.root, "--json"];
      // A quota of 1 MB a file stands for a full disk: what is written beyond it fails, and the process is told so instead of killed.
      const child = spawn("bash", ["-c", 'trap "" XFSZ; ulimit -f 1024; exec "$@"', "bash", process.execPath, cli, ...args], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { PATH: process.env["PATH"] ?? "", ...environment },
      });
      const printed: string[] = [];
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => printed.push(chunk));
      await once(child, "close");
      const report = reportSchema.parse(JSON.parse(printed.join("")));
      expect([child.exitCode, report.verdict]).toEqual([4, "error"]);
      const errors = report.preflight.filter(({ verdict }) => verdict === "error");
      expect(errors.map(({ code }) => code)).toEqual(["disk-full", "disk-full"]);
      expect(errors[0]?.message).toContain("no room in the temporary directory");
    },
  ));

it("tables of BigQuery need credentials, which are asked for in one sentence", async () => {
  const setting = evaluationSetting();
  try {
    const yaml = (version: string): string =>
      modelYaml({ version, evaluation: { predictions: "bigquery://acme.shop.predictions_{version}" } });
    setting.trusted.write(definition, yaml("cosine"));
    setting.head.write(definition, yaml("bm25"));
    const key = join(setting.head.root, "no-such-key.json");
    const ended = runEntry("cli", ["evaluate", setting.head.model, "--trusted", setting.trusted.root, "--json"], {
      environment: { GOOGLE_APPLICATION_CREDENTIALS: key },
    });
    const report = await reportOf(ended);
    expect(report.code).toBe(4);
    expect(messagesOf(report).join("\n")).toContain("Run gcloud auth application-default login");
  } finally {
    setting.close();
  }
});
