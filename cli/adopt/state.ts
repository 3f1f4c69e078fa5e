import { z } from "zod";
import { jsonText } from "../../model";
import { UsageError } from "../errors";
import { clusterPackage, releaseStateVersion, releaseType, targetOf, type ReleaseState, type ReleaseStates } from "./files";

const resourceSchema = z.looseObject({ urn: z.string(), type: z.string(), id: z.string().optional(), provider: z.string().optional() });
/** What `pulumi stack export` prints (pulumi/pulumi, sdk/go/common/apitype). */
const exportSchema = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({ resources: z.array(resourceSchema) }),
});

const releasesSchema = z.strictObject({
  version: z.literal(releaseStateVersion),
  releases: z
    .array(
      z.strictObject({
        type: z.string().startsWith(clusterPackage).optional(),
        name: z.string(),
        parent: z.strictObject({ type: z.string(), name: z.string() }),
        id: z.string(),
        inputs: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1),
});

/** The mark of a secret, and of its value before it is encrypted (pulumi/pulumi, sdk/go/common/resource and pkg/resource/stack). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A stack's state with the Helm releases in it: as `pulumi import` would leave them, but for the secret in their values. The provider finds
 * the inputs of the last update under `__inputs` (pulumi/pulumi-kubernetes, provider/pkg/provider/helm_release.go).
 */
export function withReleases(exported: unknown, { releases }: ReleaseStates): string {
  const read = exportSchema.safeParse(exported);
  if (!read.success) {
    throw new UsageError("unusable_input", "Expected what `pulumi stack export` prints on standard input, got something else.");
  }
  const { resources } = read.data.deployment;
  const added = releases.map((release) => resourceOf(release, resources));
  return jsonText({ ...read.data, deployment: { ...read.data.deployment, resources: [...resources, ...added] } });
}

function resourceOf(release: ReleaseState, resources: readonly z.infer<typeof resourceSchema>[]): Record<string, unknown> {
  const parent = resources.find(({ urn, type }) => type === release.parent.type && urn.endsWith(`::${release.parent.name}`));
  if (parent === undefined) {
    throw new UsageError(
      "unusable_input",
      `Expected ${release.parent.name} in the state, got none.\nFix: pulumi import --file import.json first.`,
    );
  }
  const provider = providerFor(release, resources);
  if (provider === undefined) {
    throw new UsageError(
      "unusable_input",
      `Expected the cluster's provider in the state, got none.\nFix: pulumi up --target '${targetOf(release)}' --skip-preview first, which puts it there and changes nothing.`,
    );
  }
  const { inputs, id, type = releaseType } = release;
  const urn = `${parent.urn.slice(0, parent.urn.lastIndexOf("::"))}$${type}::${release.name}`;
  if (resources.some((resource) => resource.urn === urn)) {
    throw new UsageError("unusable_input", `Expected a state without ${urn}, got one that has it: nothing is left to do.`);
  }
  const outputs = type === releaseType ? releaseOutputs(inputs) : objectOutputs(inputs);
  return { urn, custom: true, id, type, inputs, outputs, parent: parent.urn, provider };
}

/** By its URN and id: that of an object beside it, of any other object of the cluster, or the engine's own. */
function providerFor({ parent }: ReleaseState, resources: readonly z.infer<typeof resourceSchema>[]): string | undefined {
  const imported = resources.filter(({ type, provider }) => provider !== undefined && type.startsWith(clusterPackage));
  const beside = imported.find(({ urn }) => urn.includes(`${parent.type}$${clusterPackage}`)) ?? imported[0];
  const own = resources.find(({ urn, type }) => type === defaultProvider && urn.includes(`${defaultProvider}::default`));
  return beside?.provider ?? (own?.id === undefined ? undefined : `${own.urn}::${own.id}`);
}

/** One that no program makes: the engine calls it default, with the version of the SDK (pulumi/pulumi, pkg/resource/deploy/providers). */
const defaultProvider = "pulumi:providers:kubernetes";

function releaseOutputs(inputs: ReleaseState["inputs"]): Record<string, unknown> {
  return {
    ...inputs,
    __inputs: { [signature]: secretSignature, plaintext: JSON.stringify(inputs) },
    status: {
      chart: inputs["chart"],
      name: inputs["name"],
      namespace: inputs["namespace"],
      status: "deployed",
      version: inputs["version"],
    },
  };
}

/** The plugin takes them for what was asked for last (pulumi-kubernetes, provider/pkg/provider/provider.go, parseCheckpointObject). */
function objectOutputs(inputs: ReleaseState["inputs"]): Record<string, unknown> {
  return { ...inputs, __inputs: inputs, __initialApiVersion: inputs["apiVersion"] };
}

export function readReleaseStates(value: unknown): ReleaseStates {
  const read = releasesSchema.safeParse(value);
  if (!read.success) {
    throw new UsageError("unusable_input", "Expected release.json as `gatehouse adopt` wrote it, got something else.");
  }
  return read.data;
}
