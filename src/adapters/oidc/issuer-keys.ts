import { z } from "zod";

const patience = 10_000;
/** GitHub's key set has 6 kB. */
const largestAnswer = 256 * 1024;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url() });
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** The issuer's keys could not be had; says at which address and why. */
class IssuerUnreachable extends Error {
  constructor(address: string, reason: string, options?: ErrorOptions) {
    super(`the OIDC issuer's ${address} ${reason}; check SLIPWAY_OIDC_ISSUER and that the App may reach it`, options);
    this.name = "IssuerUnreachable";
  }
}

/** The issuer's key set as it publishes it today, found by OpenID discovery. */
export async function issuerKeys(issuer: string, fetch: typeof globalThis.fetch): Promise<string> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const discovery = parse(discoverySchema, await textAt(address, fetch), address);
  if (discovery.issuer !== issuer) throw new IssuerUnreachable(address, `speaks for another issuer, ${JSON.stringify(discovery.issuer)}`);
  const keys = await textAt(discovery.jwks_uri, fetch);
  parse(keySetSchema, keys, discovery.jwks_uri);
  return keys;
}

async function textAt(address: string, fetch: typeof globalThis.fetch): Promise<string> {
  const { protocol, hostname } = new URL(address);
  const here = protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (protocol !== "https:" && !here) throw new IssuerUnreachable(address, "is not behind https");
  try {
    const response = await fetch(address, {
      redirect: "error",
      signal: AbortSignal.timeout(patience),
      headers: { accept: "application/json" },
    });
    if (!response.ok) throw new IssuerUnreachable(address, `answered ${response.status}`);
    return await capped(response, address);
  } catch (error) {
    if (error instanceof IssuerUnreachable) throw error;
    throw new IssuerUnreachable(address, "did not answer", { cause: error });
  }
}

async function capped(response: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > largestAnswer) throw new IssuerUnreachable(address, `answered more than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse<T>(schema: z.ZodType<T>, text: string, address: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new IssuerUnreachable(address, "answered something else than it should", { cause: error });
  }
}
