import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { FoundRelease } from "../../model";
import { EngineError, UsageError } from "../errors";

/** A Secret as the API server gives it. */
const secretSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  data: z.record(z.string(), z.string()).optional(),
});
export const secretListSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).optional(),
  items: z.array(secretSchema),
});
export type SecretObject = z.infer<typeof secretSchema>;

/** What of Helm's record is read (helm/helm, pkg/release/release.go and chart/metadata.go). */
const recordSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  version: z.number(),
  info: z.looseObject({ status: z.string() }),
  chart: z.looseObject({ metadata: z.looseObject({ name: z.string(), version: z.string() }) }),
  config: z.record(z.string(), z.unknown()).nullish(),
});

/** Of what `helm get metadata --output json` prints (helm/helm, pkg/action/get_metadata.go). */
const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  chart: z.string(),
  version: z.string(),
  status: z.string(),
});

/** No chart's record is larger once unpacked: etcd keeps 1.5 MiB at most, and Helm's records shrink to a tenth. */
const largestRecord = 64 * 1024 * 1024;

/**
 * Helm's records of releases, kept one Secret a revision: base64 of a gzip of JSON, in the Secret's own base64 (helm/helm,
 * pkg/storage/driver/util.go). The newest revision of each release.
 */
export function newestReleases(secrets: readonly SecretObject[]): FoundRelease[] {
  const newest = new Map<string, SecretObject>();
  for (const secret of secrets) {
    const { namespace, labels } = secret.metadata;
    const key = `${namespace}/${labels?.["name"] ?? ""}`;
    const known = newest.get(key);
    if (known === undefined || revisionOf(known) < revisionOf(secret)) {
      newest.set(key, secret);
    }
  }
  return [...newest.values()].map(releaseOf);
}

function revisionOf({ metadata }: SecretObject): number {
  return Number(metadata.labels?.["version"] ?? 0);
}

function releaseOf({ metadata, data }: SecretObject): FoundRelease {
  const record = recordSchema.safeParse(unpacked(data?.["release"] ?? ""));
  if (!record.success) {
    throw new EngineError(
      "engine_answer",
      `Expected Helm's record of a release in Secret ${metadata.namespace}/${metadata.name}, got something that cannot be read.\nFix: check the release with \`helm status\`; without the cluster, adopt with --from-files.`,
    );
  }
  const { name, namespace, info, chart, config } = record.data;
  return { name, namespace, status: info.status, chart: chart.metadata, values: config ?? {} };
}

function unpacked(text: string): unknown {
  try {
    const packed = Buffer.from(Buffer.from(text, "base64").toString("latin1"), "base64");
    const isPacked = packed[0] === 0x1f && packed[1] === 0x8b;
    return JSON.parse((isPacked ? gunzipSync(packed, { maxOutputLength: largestRecord }) : packed).toString("utf8"));
  } catch {
    // A parser's own words quote what it read.
    return undefined;
  }
}

/** The release as Helm's own commands print it. */
export function releaseOfFiles(metadata: unknown, values: unknown): FoundRelease {
  const read = metadataSchema.safeParse(metadata);
  const given = z.record(z.string(), z.unknown()).safeParse(values ?? {});
  if (!read.success || !given.success) {
    throw new UsageError(
      "unusable_input",
      "Expected release.json from `helm get metadata <release> --output json` and values.yaml from `helm get values <release> --output yaml`, got something else.",
    );
  }
  const { name, namespace, chart, version, status } = read.data;
  return { name, namespace, status, chart: { name: chart, version }, values: given.data };
}
