import { Document, isMap, isScalar, type YAMLMap } from "yaml";
import { jsonText, platforms, type AdoptionRemark, type ImportedResource, type PlatformAdoption } from "../../model";
import type { Adoption } from "./adoption";
import { stackSchemaLine } from "../init/project";

/** Whether Helm's values may go into the state as they are. */
export function isImportable({ found }: Adoption): boolean {
  return !found.inlineSecret;
}

export function adoptionOf({ kind }: Adoption): PlatformAdoption {
  const { adoption } = platforms[kind];
  if (adoption === undefined) {
    throw new Error(`${kind}: expected an adoption reader, got none`);
  }
  return adoption;
}

/** The stack file with a comment at each setting that somebody should look at. */
export function stackFileText(adoption: Adoption, day: string): string {
  const { raw, platform, found, client, release } = adoption;
  const config = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`gatehouse:${key}`, value]));
  const document = new Document({ config });
  document.commentBefore = ` ${stackSchemaLine.replace(/^# /, "")}\n Read on ${day} from Helm release ${release.namespace}/${release.name} and the client ${found.clientId}. docs/adoption.md of Gatehouse says what comes next.`;
  comment(document, ["config", "gatehouse:idp"], client.remarks);
  comment(document, ["config", "gatehouse:platforms", platform], found.remarks);
  return document.toString({ lineWidth: 0 });
}

/** Remarks stand before the setting that they are about; those about a setting that is left out, at the end of the mapping. */
function comment(document: Document, path: readonly string[], remarks: readonly AdoptionRemark[]): void {
  const map = document.getIn(path) as YAMLMap;
  const homeless: string[] = [];
  for (const { setting, text } of remarks) {
    const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === setting) : undefined;
    if (pair !== undefined && isScalar(pair.key)) {
      pair.key.commentBefore = [pair.key.commentBefore, ` ${text}`].filter((line) => typeof line === "string").join("\n");
    } else {
      homeless.push(` ${setting}: ${text}`);
    }
  }
  if (homeless.length > 0) {
    map.comment = homeless.join("\n");
  }
}

/** What is there already, components included, in the order that `pulumi import` needs. */
export function importedResources(adoption: Adoption): ImportedResource[] {
  const { platform, release, client } = adoption;
  return [...client.resources, ...adoptionOf(adoption).resources(platform, release)];
}

/**
 * The file for `pulumi import --file`: names are unique in it, `logicalName` is what the program calls a resource
 * (pulumi/pulumi, pkg/cmd/pulumi/operations/import.go). A release whose values hold the secret is not in it: the import would copy them
 * into the state.
 */
export function importFileText(adoption: Adoption): string {
  const isRelease = ({ type }: ImportedResource): boolean => type === releaseType;
  const resources = importedResources(adoption).filter((resource) => isImportable(adoption) || !isRelease(resource));
  return jsonText({
    resources: resources.map(({ type, name, id, parent }) => ({
      type,
      name: id === undefined ? name : `${name}/${type.split(":").at(-1) ?? ""}`,
      logicalName: name,
      ...(id === undefined ? { component: true } : { id }),
      ...(parent === undefined ? {} : { parent }),
    })),
  });
}

export const releaseType = "kubernetes:helm.sh/v3:Release";

/** What the state keeps of the release, without the secret: `gatehouse adopt --into-state` puts it there. */
export interface ReleaseState {
  readonly version: typeof releaseStateVersion;
  readonly name: string;
  readonly parent: { readonly type: string; readonly name: string };
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export const releaseStateVersion = "gatehouse.dev/adopted-release/v1";

export function releaseStateOf(adoption: Adoption): ReleaseState {
  const { release } = adoption;
  const resources = importedResources(adoption);
  const own = resources.find(({ type }) => type === releaseType);
  const parent = resources.find(({ name, id }) => name === own?.parent && id === undefined);
  if (own?.id === undefined || parent === undefined) {
    throw new Error(`${adoption.kind}: expected its Helm release below a component, got none`);
  }
  return {
    version: releaseStateVersion,
    name: own.name,
    parent: { type: parent.type, name: parent.name },
    id: own.id,
    inputs: {
      ...{ name: release.name, namespace: release.namespace, chart: release.chart.name, version: release.chart.version },
      values: adoptionOf(adoption).withoutSecrets(release.values),
    },
  };
}
