import { parseDocument, visit } from "yaml";
import { z } from "zod";
import { jsonOrNothing, type Directory, type EnvironmentDocument, type EvidenceFinding, type NewestSecret } from "../../model";
import type { ClusterGet } from "../cluster";
import { EngineError } from "../errors";

export type InCluster = "newest" | "another" | "missing";

/** What the comparison of one platform's Secret says. */
export interface SecretComparison {
  readonly platform: string;
  readonly inCluster: InCluster;
  readonly finding?: EvidenceFinding;
}

const secretSchema = z.looseObject({ data: z.record(z.string(), z.string()).optional() });

/**
 * Whether the Secret of a platform in the cluster holds the newest client secret of the identity provider. Both are compared here and kept
 * nowhere.
 * @returns undefined where there is nothing to compare
 * @throws EngineError, or the directory's own error, when one of the two cannot be read
 */
export async function compareSecret(
  platform: string,
  document: EnvironmentDocument,
  directory: Directory,
  get: ClusterGet,
): Promise<SecretComparison | undefined> {
  const { secret, clientId } = document.platforms[platform] ?? {};
  const newest = secret === undefined || clientId === undefined ? undefined : await directory.newestSecret(clientId);
  if (secret === undefined || newest === undefined) {
    return undefined;
  }
  const place = `${secret.namespace}/${secret.name}`;
  const inCluster = await held(get, secret, newest);
  const found = { newest: "", missing: "is not in the cluster", another: `holds another client secret than the newest, by ${newest.by}` }[
    inCluster
  ];
  const fix = "run `pulumi up --refresh`, and see that the platform's pods have read the new Secret.";
  return {
    platform,
    inCluster,
    ...(found !== "" && { finding: { kind: "secret", what: `${platform}: Secret ${place}`, detail: found, fix } }),
  };
}

async function held(get: ClusterGet, { namespace, name }: { namespace: string; name: string }, newest: NewestSecret): Promise<InCluster> {
  const { status, body } = await get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  if (status === 404) {
    return "missing";
  }
  const parsed = status === 200 ? secretSchema.safeParse(jsonOrNothing(body)) : undefined;
  if (parsed?.success !== true) {
    throw new EngineError(
      "cluster_refused",
      `Expected the API server to show the Secret ${namespace}/${name} (200), got ${status}.\nFix: the kubeconfig's identity must be allowed to get it, or leave --compare-secrets out.`,
    );
  }
  const texts = Object.values(parsed.data.data ?? {}).map((value) => Buffer.from(value, "base64").toString("utf8"));
  return texts.flatMap(valuesIn).some((value) => newest.matches(value)) ? "newest" : "another";
}

/** A platform may read the secret from a whole configuration in YAML. */
function valuesIn(text: string): string[] {
  const document = parseDocument(text);
  const texts: string[] = [text];
  visit(document, {
    Scalar(_key, { value }) {
      if (typeof value === "string") {
        texts.push(value);
      }
    },
  });
  return texts;
}
