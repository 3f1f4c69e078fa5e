import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import {
  nextQuery,
  pathOnly,
  type FoundRelease,
  type IdentityProviderAdoption,
  type ManagementQuestion,
  type PresentBinding,
  type SecretReader,
} from "../../model";
import type { ClusterGet } from "../cluster";
import { readBindings, readBindingItems } from "../drift/cluster";
import { EngineError, UsageError } from "../errors";
import { parseJson, readInput } from "../inputs";
import type { Io } from "../io";
import { newestReleases, releaseOfFiles, secretListSchema, type SecretObject } from "./release";

/** Where everything is read: a live cluster and a management API, or files that somebody else fetched. */
export interface Sources {
  /** Every release that may be meant. */
  releases(): Promise<readonly FoundRelease[]>;
  secrets(namespace: string): SecretReader;
  bindings(): Promise<readonly PresentBinding[]>;
  /** One question to the identity provider. */
  ask(adoption: IdentityProviderAdoption, issuer: string, question: ManagementQuestion): Promise<unknown>;
}

const secretData = z.looseObject({ data: z.record(z.string(), z.string()).optional() });

function textsOf(secret: unknown): Record<string, string> {
  const { data = {} } = secretData.parse(secret);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}

/** The cluster of a kubeconfig, and the identity provider's management API. */
export function liveSources(get: ClusterGet, io: Io): Sources {
  return {
    releases: async () => newestReleases(await helmRecords(get)),
    secrets: (namespace) => async (name) => {
      const { status, body } = await get(`/api/v1/namespaces/${namespace}/secrets/${encodeURIComponent(name)}`);
      if (status === 404) {
        return undefined;
      }
      return textsOf(JSON.parse(allowed(status, body, `get secrets in namespace ${namespace}`)));
    },
    bindings: () => readBindings(get, new Set(["ClusterRoleBinding", "RoleBinding"])),
    ask: (adoption, issuer, question) => askLive(adoption, issuer, question, io),
  };
}

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

/** Longest wait for one answer, in milliseconds. */
const patience = 30_000;

async function askLive(adoption: IdentityProviderAdoption, issuer: string, question: ManagementQuestion, io: Io): Promise<unknown> {
  const access = adoption.access(issuer, io.env);
  if (access === undefined) {
    throw new UsageError(
      "flags",
      `Expected read-only credentials for ${new URL(issuer).host} in ${adoption.credentials}, got none.\nFix: set them, or hand the answers over with --from-files.`,
    );
  }
  const place = pathOnly(question.path);
  let query: string | undefined = question.path.slice(place.length + 1);
  const items: unknown[] = [];
  for (const seen = new Set<string>(); query !== undefined;) {
    if (seen.has(query)) {
      throw new EngineError("provider_unreadable", `Expected another page of ${place} from ${access.address}, got the same one again.`);
    }
    seen.add(query);
    const { status, body, link } = await askOnce(`${access.address}${place}${query === "" ? "" : `?${query}`}`, access.headers, io);
    if (status === 404) {
      return undefined;
    }
    if (status !== 200) {
      throw new EngineError(
        "provider_unreadable",
        `Expected ${access.address} to answer GET ${question.path} (200), got ${status}.\nFix: the credentials need ${question.right}.`,
      );
    }
    const answer: unknown = parseJson(body, `the answer of ${access.address}`);
    if (!Array.isArray(answer)) {
      return answer;
    }
    items.push(...(answer as unknown[]));
    query = nextQuery(link, place);
  }
  return items;
}

async function askOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  io: Io,
): Promise<{ status: number; body: string; link: string | null }> {
  try {
    const answer = await io.fetch(url, { headers: { accept: "application/json", ...headers }, signal: AbortSignal.timeout(patience) });
    return { status: answer.status, body: await answer.text(), link: answer.headers.get("link") };
  } catch (error) {
    throw new EngineError(
      "provider_unreadable",
      `Expected an answer from ${new URL(url).origin}, got none: ${error instanceof Error ? error.message : "no reason given"}.\nFix: check the network and the issuer, or use --from-files.`,
      { cause: error },
    );
  }
}

/** Files of a folder: what Helm, kubectl and the management API answered somebody else. */
export function fileSources(folder: string, io: Io): Sources {
  const read = (name: string, what: string): Promise<string> => readInput(join(folder, name), what, io);
  const json = async (name: string, what: string): Promise<unknown> => parseJson(await read(name, what), name);
  return {
    releases: async () => {
      const metadata = await json("release.json", "what `helm get metadata <release> --output json` prints");
      return [releaseOfFiles(metadata, yaml(await read("values.yaml", "what `helm get values <release> --output yaml` prints")))];
    },
    secrets: () => async (name) => textsOf(await json(`secret-${name}.json`, `what \`kubectl get secret ${name} --output json\` prints`)),
    bindings: async () =>
      readBindingItems(await json("bindings.json", "what `kubectl get clusterrolebindings,rolebindings -A --output json` prints")),
    ask: (_adoption, _issuer, { file, path }) => json(file, `the answer to GET ${path}`),
  };
}

function yaml(text: string): unknown {
  try {
    // Without --output, Helm prints a line for people first.
    return parse(text.replace(/^USER-SUPPLIED VALUES:\n/, "")) as unknown;
  } catch {
    throw new UsageError("unusable_input", "Expected YAML in values.yaml, got something else.");
  }
}
