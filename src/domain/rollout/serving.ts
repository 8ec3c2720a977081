import { z } from "zod";
import { identifierSchema } from "#domain/model/names.ts";

const replicasSchema = z.number().int().min(1).max(1000);
const bounds = { min: replicasSchema, max: replicasSchema };

/** Who decides how many replicas run; Slipway then leaves `replicas` out, so that Git never sets back what the autoscaler did. */
const autoscalerSchema = z
  .discriminatedUnion("kind", [
    /** `cpu`: per cent of the requested CPU that is aimed at. */
    z.strictObject({ kind: z.literal("hpa"), ...bounds, cpu: z.number().int().min(1).max(100) }),
    z.strictObject({
      kind: z.literal("keda"),
      ...bounds,
      /** The Prometheus server, the query, and its value for one replica. */
      server: z.url({ protocol: /^https?$/ }),
      query: z.string().min(1).max(2000),
      threshold: z.number().positive(),
    }),
  ])
  .refine(({ min, max }) => min <= max, { path: ["max"], message: "max is less than min" });
export type Autoscaler = Readonly<z.infer<typeof autoscalerSchema>>;

/** How a version is served: what the manifests need beside its digest. */
export const servingSchema = z.strictObject({
  image: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z._/:@-]{0,254}$/, "an image is a registry reference, such as ghcr.io/acme/ranker@sha256:…")
    .optional(),
  port: z.number().int().min(1).max(65_535).default(8080),
  replicas: replicasSchema.default(1),
  gateway: identifierSchema.default("models"),
  autoscaler: autoscalerSchema.optional(),
  /** KServe and Seldon: the format by which a runtime is found, such as sklearn, onnx, huggingface. */
  modelFormat: identifierSchema.optional(),
  /** A user keeps the version that answered first: by this cookie. */
  sticky: z.strictObject({ cookie: identifierSchema }).optional(),
  /** Targets with an InferencePool: the Service of the endpoint picker, and its port. */
  endpointPicker: z.strictObject({ name: identifierSchema, port: z.number().int().min(1).max(65_535).default(9002) }).optional(),
});
export type Serving = Readonly<z.infer<typeof servingSchema>>;
