import { createHash, createHmac } from "node:crypto";

export type S3Keys = { readonly id: string; readonly secret: string; readonly session: string | undefined };

const nothing = createHash("sha256").update("").digest("hex");

/** The headers that sign a GET by AWS Signature Version 4. @param now milliseconds */
export function signedHeaders(url: URL, keys: S3Keys, region: string, now: number): Readonly<Record<string, string>> {
  const time = `${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
  const day = time.slice(0, 8);
  const signed = {
    host: url.host,
    "x-amz-content-sha256": nothing,
    "x-amz-date": time,
    ...(keys.session !== undefined && { "x-amz-security-token": keys.session }),
  };
  const names = Object.keys(signed).join(";");
  const headers = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const request = ["GET", url.pathname, url.searchParams.toString(), headers.join(""), names, nothing].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, createHash("sha256").update(request).digest("hex")].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(
    (parent, part) => createHmac("sha256", parent).update(part).digest(),
    Buffer.from(`AWS4${keys.secret}`),
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const { host: _, ...sent } = signed;
  return { ...sent, authorization: `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${names}, Signature=${signature}` };
}
