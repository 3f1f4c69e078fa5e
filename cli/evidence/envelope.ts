import { preAuthEncoding } from "@sigstore/core/dist/dsse";
import { z } from "zod";
import { jsonOrNothing, jsonText } from "../../model";
import type { Signer, Verifier } from "./keys";
import { payloadType } from "./statement";

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const envelopeSchema = z.looseObject({
  payloadType: z.string(),
  payload: base64,
  signatures: z.array(z.looseObject({ keyid: z.string().optional(), sig: base64 })).min(1),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** A statement in a DSSE envelope (github.com/secure-systems-lab/dsse, envelope.md). */
export async function sealed(statement: string, signer: Signer): Promise<string> {
  const payload = Buffer.from(statement, "utf8");
  const signature = await signer.sign(preAuthEncoding(payloadType, payload));
  const signatures = [{ ...(signer.keyid !== "" && { keyid: signer.keyid }), sig: signature.toString("base64") }];
  return jsonText({ payloadType, payload: payload.toString("base64"), signatures });
}

/** @returns undefined where the text is no envelope */
export function readEnvelope(text: string): Envelope | undefined {
  return envelopeSchema.safeParse(jsonOrNothing(text)).data;
}

/** Whether any of the envelope's signatures is this key's over its payload. */
export function signedBy({ payload, payloadType: type, signatures }: Envelope, verifier: Verifier): boolean {
  const content = preAuthEncoding(type, Buffer.from(payload, "base64"));
  return signatures.some(({ sig }) => verifier.verify(content, Buffer.from(sig, "base64")));
}
