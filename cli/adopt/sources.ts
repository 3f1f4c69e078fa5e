/** Where an installation is read: a live cluster and a management API, or files that somebody else fetched. */
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import {
  jsonOrNothing,
  type AskManagement,
  type BindingTarget,
  type ClusterQuestion,
  type FoundRelease,
  type IdentityProviderAdoption,
  type InstalledCluster,
  type ManagementQuestion,
  type PresentBinding,
} from "../../model";
import type { ClusterGet } from "../cluster";
import { readBindings, readBindingItems } from "../drift/cluster";
import { EngineError, UsageError } from "../errors";
import { parseJson } from "../inputs";
import type { Io } from "../io";
import { newestReleases, releaseOfFiles, secretListSchema, type SecretObject } from "./release";

type BindingKind = BindingTarget["kind"];

export interface Sources {
  readonly cluster: InstalledCluster;
  bindings(kinds: ReadonlySet<BindingKind>): Promise<readonly PresentBinding[]>;
  /** What answers questions to the identity provider of an issuer. */
  provider(adoption: IdentityProviderAdoption, issuer: string): Promise<AskManagement>;
}

const secretData = z.looseObject({ data: z.record(z.string(), z.string()).optional() });

function textsOf(secret: unknown, name: string): Record<string, string> {
  const read = secretData.safeParse(secret);
  if (!read.success) {
    throw new UsageError("unusable_input", `Expected the Secret ${name} as the API server gives it, got something else.`);
  }
  return Object.fromEntries(
    Object.entries(read.data.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}

/** The cluster of a kubeconfig, and the identity provider's management API. */
export function liveSources(get: ClusterGet, io: Io): Sources {
  let records: Promise<SecretObject[]> | undefined;
  const answers = new Map<string, Promise<unknown>>();
  const ask = async ({ path, right }: Pick<ClusterQuestion, "path" | "right">): Promise<unknown> => {
    const { status, body } = await get(path);
    return status === 404 ? undefined : parseJson(allowed(status, body, right), "the API server");
  };
  // What is found and what is read of it then are one answer: the cluster may change between two.
  const object = (question: Pick<ClusterQuestion, "path" | "right">): Promise<unknown> => {
    const answer = answers.get(question.path) ?? ask(question);
    answers.set(question.path, answer);
    return answer;
  };
  return {
    cluster: {
      releases: async () => newestReleases(await (records ??= helmRecords(get))),
      secret: async (namespace, name) => {
        const path = `/api/v1/namespaces/${namespace}/secrets/${encodeURIComponent(name)}`;
        const secret = await object({ path, right: `get secrets in namespace ${namespace}` });
        return secret === undefined ? undefined : textsOf(secret, `${namespace}/${name}`);
      },
      object,
      file: () => Promise.resolve(undefined),
    },
    bindings: (kinds) => readBindings(get, kinds),
    provider: (adoption, issuer) =>
      adoption.open({
        issuer,
        variable: (name) => io.env[name],
        fetch: (url, init) => io.fetch(url, { ...init, signal: AbortSignal.timeout(patience) }),
        pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        now: io.now,
      }),
  };
}

/** Longest wait for one answer, in milliseconds. */
const patience = 30_000;

function allowed(status: number, body: string, right: string): string {
  if (status !== 200) {
    throw new EngineError(
      "cluster_refused",
      `Expected the API server to answer (200), got ${status}.\nFix: use an identity that may ${right}; nothing is changed by this command.`,
    );
  }
  return body;
}

async function helmRecords(get: ClusterGet): Promise<SecretObject[]> {
  const found: SecretObject[] = [];
  let next = "";
  do {
    const query = new URLSearchParams({ labelSelector: "owner=helm", limit: "50", ...(next === "" ? {} : { continue: next }) });
    const { status, body } = await get(`/api/v1/secrets?${query.toString()}`);
    const page = secretListSchema.parse(JSON.parse(allowed(status, body, "list secrets, in which Helm keeps its releases")));
    found.push(...page.items);
    next = page.metadata?.continue ?? "";
  } while (next !== "");
  return found;
}

/** Files of a folder: what Helm, kubectl and the management API answered somebody else. */
export async function fileSources(folder: string, io: Io): Promise<Sources> {
  const { files } = await io.readFolder(folder);
  const read = (name: string, what: string): string => {
    const content = files.get(name);
    if (content === undefined) {
      throw new UsageError("unreadable_input", `Expected ${what} in ${join(folder, name)}, which is not there.`);
    }
    return content.toString("utf8");
  };
  const json = (name: string, what: string): unknown => parseJson(read(name, what), join(folder, name));
  const values = (name: string): unknown => yaml(read(name, "what `helm get values <release> --output yaml` prints"), join(folder, name));
  return {
    cluster: {
      releases: () =>
        Promise.resolve(
          [...files.keys()].flatMap((name): FoundRelease[] => {
            // `release.json` with `values.yaml`, and `release-<name>.json` with `values-<name>.yaml` where there are several.
            const suffix = /^release(-.+)?\.json$/.exec(name);
            return suffix === null ? [] : [releaseOfFiles(json(name, "a release"), values(`values${suffix[1] ?? ""}.yaml`))];
          }),
        ),
      secret: (_namespace, name) =>
        Promise.resolve(textsOf(json(`secret-${name}.json`, `what \`kubectl get secret ${name} --output json\` prints`), name)),
      file: (name) => Promise.resolve(files.get(name)?.toString("utf8")),
      object: ({ file, command }) => Promise.resolve(files.has(file) ? json(file, `what \`${command}\` prints`) : undefined),
    },
    bindings: () =>
      Promise.resolve(
        readBindingItems(json("bindings.json", "what `kubectl get clusterrolebindings,rolebindings -A --output json` prints")),
      ),
    provider: () =>
      Promise.resolve(({ file, path, among }) => {
        const together = among === undefined ? undefined : files.get(among.file);
        return Promise.resolve(
          among === undefined || together === undefined || files.has(file)
            ? json(file, `the answer to GET ${path}${among === undefined ? "" : ` (or all of its kind in ${among.file})`}`)
            : answerAmong(itemsOf(together.toString("utf8"), join(folder, among.file)), among),
        );
      }),
  };
}

/** Where nobody has this value, nothing is there. */
function answerAmong(items: readonly unknown[], { value, properties = [] }: NonNullable<ManagementQuestion["among"]>): unknown {
  return value === undefined
    ? items
    : items.find((item) => properties.some((name) => (item as Record<string, unknown> | null)?.[name] === value));
}

/**
 * The objects of a file: one document or several, one after another as a loop over a command writes them, each an object, a list or a page
 * of Microsoft Graph. A document begins at the beginning of a line.
 */
function itemsOf(text: string, name: string): unknown[] {
  const documents = jsonOrNothing(text) !== undefined ? [text] : text.split(/\n(?=[{[])/);
  return documents
    .filter((document) => document.trim() !== "")
    .map((document) => parseJson(document, name))
    .flatMap((document) => pageSchema.safeParse(document).data?.value ?? document);
}

const pageSchema = z.looseObject({ value: z.array(z.unknown()) });

function yaml(text: string, name: string): unknown {
  try {
    // Without --output, Helm prints a line for people first.
    return parse(text.replace(/^USER-SUPPLIED VALUES:\n/, "")) as unknown;
  } catch {
    throw new UsageError("unusable_input", `Expected YAML in ${name}, got something else.`);
  }
}
