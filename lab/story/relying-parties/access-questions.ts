/** What a signed-in person may do, asked of the real API server as that person. */
import { z } from "zod";
import type { ClusterApi, Identity } from "./cluster-api";

export const questionSchema = z.strictObject({
  verb: z.string().min(1),
  /** API group; empty for the core group. */
  group: z.string().default(""),
  resource: z.string().min(1),
  subresource: z.string().optional(),
  /** Left out: cluster-wide. */
  namespace: z.string().optional(),
  /** Asked of a platform that has workspaces. */
  workspace: z.string().optional(),
  name: z.string().optional(),
});
export type Question = z.input<typeof questionSchema>;

export interface Decision {
  readonly allowed: boolean;
  /** The API server's words: the binding that allows it, or nothing. */
  readonly reason: string;
}

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().optional() }) });

/** A SelfSubjectAccessReview by impersonation, as K10 asks before it shows anything. */
export async function askApiServer(api: ClusterApi, identity: Identity, question: z.output<typeof questionSchema>): Promise<Decision> {
  const answer = await api.callAs(identity, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: question },
  });
  if (answer.status !== 201) {
    throw new Error(`SelfSubjectAccessReview as ${identity.username}: expected status 201, got ${answer.status}`);
  }
  const { status } = reviewSchema.parse(JSON.parse(answer.body));
  return { allowed: status.allowed, reason: status.reason ?? "" };
}

/** A real call, not a question. Only paths of the API server; its answer is passed on. */
export const rawCallSchema = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  path: z.string().regex(/^\/apis?\//, "expected a path that starts with /api/ or /apis/"),
  body: z.unknown().optional(),
});
