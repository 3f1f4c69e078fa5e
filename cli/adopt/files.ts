import { Document, isMap, isScalar, type YAMLMap } from "yaml";
import { jsonText, type AdoptionRemark, type FoundRelease, type ImportedResource } from "../../model";
import type { Adoption } from "./adoption";
import { stackSchemaLine } from "../init/project";

/** Whether all that is there may go into the state as it is: Helm's values, and no Secret, of which an import would copy the content. */
export function isImportable({ found, resources }: Adoption): boolean {
  return found.plainReleases.length === 0 && !resources.some(isKeptBack);
}

/** What an import would not put into the state as it should be: a Secret, whose content it would copy, and what a kind says of itself. */
function isKeptBack({ type, inputs }: ImportedResource): boolean {
  return type === secretType || inputs !== undefined;
}

/** The stack file with a comment at each setting that somebody should look at. */
export function stackFileText(adoption: Adoption, day: string): string {
  const { raw, platform, found, client, installation, groups } = adoption;
  const config = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`gatehouse:${key}`, value]));
  const document = new Document({ config });
  document.commentBefore = ` ${stackSchemaLine.replace(/^# /, "")}\n Read on ${day} from ${installation.title} and the client ${found.clientId}. docs/adoption.md of Gatehouse says what comes next.`;
  comment(document, ["config", "gatehouse:idp"], client.remarks);
  comment(document, ["config", "gatehouse:platforms", platform], found.remarks);
  // An object id says nothing to a reader.
  const unlike = Object.entries(groups).filter(([, { existing, name }]) => existing !== name);
  comment(
    document,
    ["config", "gatehouse:groups"],
    unlike.map(([setting, { name }]) => ({ setting, text: name })),
  );
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

/**
 * The file for `pulumi import --file`: names are unique in it, `logicalName` is what the program calls a resource
 * (pulumi/pulumi, pkg/cmd/pulumi/operations/import.go). A release whose values hold the secret is not in it: the import would copy them
 * into the state.
 */
export function importFileText(adoption: Adoption): string {
  return jsonText({
    resources: importedResources(adoption).map(({ type, name, id, parent }) => ({
      type,
      name: id === undefined ? name : `${name}/${type.split(":").at(-1) ?? ""}`,
      logicalName: name,
      ...(id === undefined ? { component: true } : { id }),
      ...(parent === undefined ? {} : { parent }),
    })),
  });
}

function importedResources(adoption: Adoption): ImportedResource[] {
  const plain = new Set(plainReleases(adoption).map(({ id }) => id));
  return adoption.resources.filter((resource) => !isKeptBack(resource) && (resource.type !== releaseType || !plain.has(resource.id ?? "")));
}

/**
 * The component whose update alone puts the cluster's provider into the state, where no imported object has brought it: the engine makes
 * that of the stack's own configuration. Undefined where it is there, or nothing needs it.
 */
export function componentBeforeState(adoption: Adoption): string | undefined {
  const isThere = importedResources(adoption).some(({ type, id }) => id !== undefined && type.startsWith(clusterPackage));
  const [first] = isThere || isImportable(adoption) ? [] : releaseStatesOf(adoption).releases;
  return first === undefined ? undefined : targetOf(first);
}

/** The component as `pulumi up --target` takes it, whatever stack and project are called. */
export function targetOf({ parent }: Pick<ReleaseState, "parent">): string {
  return `**${parent.type}::${parent.name}`;
}

/** Begins the type of every object of a cluster. */
export const clusterPackage = "kubernetes:";

/** Objects whose content an import would copy into the state in plain text (pulumi-kubernetes, provider/pkg/provider/provider.go, checkpointObject). */
export const secretType = "kubernetes:core/v1:Secret";

export const releaseType = "kubernetes:helm.sh/v3:Release";

/** The releases that reach the state by `--into-state`. */
function plainReleases({ found, installation }: Adoption): { readonly id: string; readonly release: FoundRelease }[] {
  return installation.releases
    .filter(({ name }) => found.plainReleases.includes(name))
    .map((release) => ({ id: `${release.namespace}/${release.name}`, release }));
}

/** What the state keeps of a release, or of a Secret, without what is secret: `gatehouse adopt --into-state` puts it there. */
export interface ReleaseState {
  /** Left out: a Helm release. */
  readonly type?: string;
  readonly name: string;
  readonly parent: { readonly type: string; readonly name: string };
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The file of those releases. */
export interface ReleaseStates {
  readonly version: typeof releaseStateVersion;
  readonly releases: readonly ReleaseState[];
}

export const releaseStateVersion = "gatehouse.dev/adopted-releases/v1";

export function releaseStatesOf(adoption: Adoption): ReleaseStates {
  const { resources } = adoption;
  const place = (type: string, id: string): Pick<ReleaseState, "name" | "parent" | "id"> => {
    const own = resources.find((resource) => resource.type === type && resource.id === id);
    const parent = resources.find((resource) => resource.name === own?.parent && resource.id === undefined);
    if (own === undefined || parent === undefined) {
      throw new Error(`${adoption.kind}: expected ${type} ${id} below a component, got none`);
    }
    return { name: own.name, parent: { type: parent.type, name: parent.name }, id };
  };
  const objects = resources.filter(isKeptBack).map(({ type, id = "", inputs }): ReleaseState => {
    const [namespace = "", name = ""] = id.split("/");
    const opaque = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "Opaque" };
    return { type, ...place(type, id), inputs: inputs ?? opaque };
  });
  const releases = plainReleases(adoption).map(({ id, release }): ReleaseState => ({
    ...place(releaseType, id),
    inputs: {
      ...{ name: release.name, namespace: release.namespace, chart: release.chart.name, version: release.chart.version },
      values: adoption.reader.withoutSecrets(release),
    },
  }));
  return { version: releaseStateVersion, releases: [...objects, ...releases] };
}
