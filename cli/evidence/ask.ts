import { z } from "zod";
import { jsonOrNothing, type EvidenceTest } from "../../model";
import type { ClusterGet } from "../cluster";
import { EngineError } from "../errors";
import type { Question } from "./questions";

const reviewSchema = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });
const selfSchema = z.looseObject({ status: z.looseObject({ userInfo: z.looseObject({ username: z.string() }) }) });

/** Requests at a time: the API server's own queues are shared with everybody. */
const atOnce = 8;

/**
 * Asks the live API server each question by a SubjectAccessReview, so that whatever authorises there decides, not RBAC alone.
 * @throws EngineError when the identity may not ask
 */
export async function askAll(get: ClusterGet, questions: readonly Question[]): Promise<EvidenceTest[]> {
  const answers: EvidenceTest[] = [];
  const known = new Map<string, Promise<EvidenceTest["answer"]>>();
  const next = questions.entries();
  const work = async (): Promise<void> => {
    for (const [position, question] of next) {
      const key = JSON.stringify([question.as, question.request]);
      const answer = known.get(key) ?? ask(get, question);
      known.set(key, answer);
      answers[position] = { ...question, answer: await answer };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}

async function ask(get: ClusterGet, { as, request }: Question): Promise<EvidenceTest["answer"]> {
  const { apiGroup: group, ...attributes } = request;
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { ...(as.user !== "" && { user: as.user }), groups: as.groups, resourceAttributes: { ...attributes, group } },
  };
  const { status, body } = await get("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
  if (status === 401 || status === 403) {
    throw new EngineError(
      "cluster_refused",
      `Expected the API server to answer a SubjectAccessReview (201), got ${status}.\nFix: the kubeconfig's identity must be allowed to create subjectaccessreviews.authorization.k8s.io.`,
    );
  }
  const parsed = status === 201 || status === 200 ? reviewSchema.safeParse(jsonOrNothing(body)) : undefined;
  return parsed?.success === true ? (parsed.data.status.allowed ? "allowed" : "refused") : "not answered";
}

/** Who the API server takes the reader for (SelfSubjectReview; Kubernetes 1.28 and newer). */
export async function readerOf(get: ClusterGet): Promise<string> {
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const { status, body } = await get(path, { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" });
  const parsed = status === 201 || status === 200 ? selfSchema.safeParse(jsonOrNothing(body)) : undefined;
  return parsed?.success === true ? parsed.data.status.userInfo.username : "(the API server does not say who)";
}
