// Waiting until an object does what it is for, or is gone (pulumi-kubernetes provider/pkg/await).
import { setTimeout as delay } from "node:timers/promises";
import { numberOf, objectOf, objectsOf, textsOf } from "../provider/json";
import type { Properties } from "../provider/values";
import { KubernetesError, objectPath, type KubernetesClient, type ResourceLocation } from "./api";
import { annotationOf, nameOf, namespaceOf, type ObjectKind } from "./objects";

/** Seconds, for readiness and for deletion. */
const defaultTimeout = 600;
const pollMilliseconds = 300;

/** Says what is missing until an object is ready; undefined when it is. */
type Readiness = (object: Properties) => string | undefined;

function rolledOut(updated: string, available: string): Readiness {
  return (object) => {
    const status = objectOf(object.status);
    const wanted = numberOf(objectOf(object.spec).replicas) ?? numberOf(status.desiredNumberScheduled) ?? 1;
    const generation = numberOf(objectOf(object.metadata).generation) ?? 0;
    if ((numberOf(status.observedGeneration) ?? 0) < generation) {
      return "its controller has not seen it yet";
    }
    const [isUpdated, isAvailable] = [numberOf(status[updated]) ?? 0, numberOf(status[available]) ?? 0];
    return isUpdated >= wanted && isAvailable >= wanted
      ? undefined
      : `expected ${wanted} replicas updated and available, got ${isUpdated} and ${isAvailable}`;
  };
}

function condition(type: string): Readiness {
  return (object) => {
    const conditions = objectsOf(objectOf(object.status).conditions);
    return conditions.some((each) => each.type === type && each.status === "True") ? undefined : `condition ${type} is not True`;
  };
}

/** Kinds that are awaited; every other kind is ready as soon as it exists. */
const readinessOf: Readonly<Record<string, Readiness>> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": condition("Established"),
  "apps/v1/DaemonSet": rolledOut("updatedNumberScheduled", "numberAvailable"),
  "apps/v1/Deployment": rolledOut("updatedReplicas", "availableReplicas"),
  "apps/v1/StatefulSet": rolledOut("updatedReplicas", "readyReplicas"),
  "batch/v1/Job": condition("Complete"),
  "v1/Pod": condition("Ready"),
};

/** The object as it is when ready. @returns the reason too, when it is not ready in time */
export async function awaitReady(
  api: KubernetesClient,
  kind: ObjectKind,
  location: ResourceLocation,
  made: Properties,
  timeoutSeconds: number,
  isCancelled: () => boolean,
): Promise<{ object: Properties; missing?: string }> {
  const readiness = readinessOf[`${kind.apiVersion}/${kind.kind}`];
  if (!readiness || kind.isPatch || annotationOf(made, "pulumi.com/skipAwait") === "true") {
    return { object: made };
  }
  const path = objectPath(location, namespaceOf(made), nameOf(made));
  const deadline = Date.now() + 1_000 * (timeoutSeconds || defaultTimeout);
  for (let object = made; ; object = await api.request("GET", path)) {
    const missing = readiness(object);
    if (missing === undefined) {
      return { object };
    }
    if (isCancelled()) {
      return { object, missing: `cancelled: ${missing}` };
    }
    if (Date.now() > deadline) {
      return { object, missing };
    }
    await delay(pollMilliseconds);
  }
}

/** Waits until an object is gone, or another one has its name. @throws Error when it is still there after the time */
export async function awaitGone(
  api: KubernetesClient,
  path: string,
  uid: string | undefined,
  timeoutSeconds: number,
  isCancelled: () => boolean,
): Promise<void> {
  const deadline = Date.now() + 1_000 * (timeoutSeconds || defaultTimeout);
  for (;;) {
    const found = await api.request("GET", path).catch((error: unknown) => {
      if (error instanceof KubernetesError && error.status === 404) {
        return undefined;
      }
      throw error;
    });
    const metadata = objectOf(found?.metadata);
    if (!found || (uid !== undefined && metadata.uid !== uid)) {
      return;
    }
    if (isCancelled() || Date.now() > deadline) {
      const finalizers = Array.isArray(metadata.finalizers) ? ` (finalizers: ${textsOf(metadata.finalizers).join(", ")})` : "";
      throw new Error(
        `${path}: expected the object to be gone within ${timeoutSeconds || defaultTimeout} s, it is still there${finalizers}`,
      );
    }
    await delay(pollMilliseconds);
  }
}
