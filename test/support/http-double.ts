import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type HttpDouble = { readonly url: string; readonly close: () => Promise<void> };

/** A server on this machine that answers as a test says. */
export async function httpDouble(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): Promise<HttpDouble> {
  const server = createServer((request, response) => {
    const chunks: string[] = [];
    request.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    request.on("end", () => answer(request, chunks.join(""), response));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
