import { runAgain, type FailureCause } from "../../model";

/** A webhook that does not answer, which is neither its refusal nor a broken connection to the cluster (k8s.io/apiserver, pkg/admission/plugin/webhook). */
export function silentWebhook(types: RegExp): FailureCause {
  return {
    cause: "policy",
    types,
    sign: /failed calling webhook "([^"]{1,200})"/,
    remedy: (_type, [, webhook = ""]) =>
      `The cluster asks its webhook ${webhook} about the object, and that does not answer: no pod of it is ready, its certificate is not trusted, or it is too slow. The error says which. Whoever looks after it mends it; until then the cluster takes no such object from anybody. ${runAgain}`,
  };
}
