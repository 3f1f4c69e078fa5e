// Client of Microsoft Graph: endpoints from the metadata document, client credentials, retries, paging, one error class.
import { setTimeout as delay } from "node:timers/promises";
import { sendRequest, type HttpReply } from "../provider/http";
import { objectOf, objectsOf, parseJson, sortedJson, textOf } from "../provider/json";
import type { Properties, Value } from "../provider/values";
import type { AzureConfig } from "./config";

/** A refusal by Graph or the token service: the request, the status, and the vendor's own code and message. */
class GraphFailure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Which refusals are worth another try beside 429 and 5xx: what replication makes fail for a while. */
export type RetryWhen = (failure: GraphFailure) => boolean;

export const whenNotFound: RetryWhen = ({ status }) => status === 404;
export const whenNotFoundOrConflict: RetryWhen = ({ status }) => status === 404 || status === 409;

/** In milliseconds: an operation's whole time, as the official plugin's default of 10 minutes for creation. */
const patience = 600_000;
const tokenMargin = 300_000;
/** The official plugin wants five equal answers with 5 s between them (internal/helpers/consistency); the lab's Graph is nearer. */
const confirmations = 5;
const confirmationPause = 200;

interface Endpoints {
  readonly login: string;
  /** Without a slash at the end. */
  readonly graph: string;
}

const publicCloud: Endpoints = { login: "https://login.microsoftonline.com", graph: "https://graph.microsoft.com" };

export class GraphClient {
  private endpoints: Endpoints = publicCloud;
  private token: { readonly value: string; readonly expires: number } | undefined;
  private caller = "";
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    readonly config: AzureConfig,
    private readonly wait: (milliseconds: number) => Promise<unknown> = delay,
  ) {}

  /** One GET of the metadata document and one token, as at every start of the official plugin. */
  async connect(): Promise<void> {
    if (this.config.metadataHost) {
      this.endpoints = await readMetadata(this.config.metadataHost);
    }
    await this.authorization();
  }

  /** Object id of the calling service principal: `oid` of its token. */
  get callerId(): string {
    return this.caller;
  }

  /** The URL by which a body names a directory object. */
  reference(version: "v1.0" | "beta", id: string): string {
    return `${this.endpoints.graph}/${version}/directoryObjects/${id}`;
  }

  /** @returns the reply's JSON object; empty for a reply without a body @throws GraphFailure for a status of 400 or more */
  async send(method: string, path: string, body?: Properties, retry?: RetryWhen): Promise<Properties> {
    return objectOf(await this.exchange(method, new URL(this.endpoints.graph + path), body, retry));
  }

  /** Like GET by `send`, but undefined for a 404. */
  async find(path: string): Promise<Properties | undefined> {
    return this.send("GET", path).catch(undefinedIfGone);
  }

  /** Reads every page of a collection, following `@odata.nextLink`. */
  async list(path: string): Promise<Properties[]> {
    const found: Properties[] = [];
    for (let next: URL | undefined = new URL(this.endpoints.graph + path); next;) {
      const page = objectOf(await this.exchange("GET", next));
      found.push(...objectsOf(page.value));
      const link = textOf(page["@odata.nextLink"]);
      next = link === undefined ? undefined : new URL(link);
    }
    return found;
  }

  /** Reads until `fits` has held five times running; a 404 is undefined. */
  async confirm(path: string, fits: (found: Properties | undefined) => boolean): Promise<void> {
    const deadline = Date.now() + patience;
    for (let held = 0; held < confirmations;) {
      held = fits(await this.find(path)) ? held + 1 : 0;
      if (Date.now() > deadline) {
        throw new Error(`GET ${path}: waited ${patience / 1000} s for the change to be seen everywhere`);
      }
      if (held < confirmations) {
        await this.wait(confirmationPause);
      }
    }
  }

  /** Changes of one object go one after the other, as under the official plugin's lock. */
  oneAtATime<Result>(objectId: string, change: () => Promise<Result>): Promise<Result> {
    const result = (this.queues.get(objectId) ?? Promise.resolve()).then(change);
    this.queues.set(
      objectId,
      result.catch(() => undefined),
    );
    return result;
  }

  private async exchange(method: string, url: URL, body?: Properties, retry?: RetryWhen): Promise<Value> {
    const deadline = Date.now() + patience;
    for (let attempt = 0; ; attempt++) {
      const reply = await sendRequest({
        method,
        url,
        headers: {
          accept: "application/json",
          authorization: await this.authorization(),
          ...(body ? { "content-type": "application/json" } : {}),
        },
        body: body && sortedJson(body),
        timeout: 0,
      });
      if (reply.status < 400) {
        return reply.body.trim() === "" ? {} : parseJson(reply.body, `${method} ${url.pathname}`);
      }
      const failure = failureOf(reply, `${method} ${url.pathname}`);
      const pause = 1_000 * Math.min(61, 2 ** attempt);
      const again = isTransient(reply.status) || (retry?.(failure) ?? false);
      if (!again || Date.now() + pause > deadline) {
        throw failure;
      }
      const asked = Number(reply.headers["retry-after"]);
      await this.wait(reply.status === 429 && asked >= 0 ? asked * 1_000 : pause);
    }
  }

  private async authorization(): Promise<string> {
    if (!this.token || Date.now() > this.token.expires) {
      this.token = await this.requestToken();
    }
    return `Bearer ${this.token.value}`;
  }

  private async requestToken(): Promise<{ value: string; expires: number }> {
    const { clientId, tenantId, credentials } = this.config;
    const proof: Record<string, string> =
      credentials.kind === "secret"
        ? { client_secret: credentials.value }
        : { client_assertion: credentials.value, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" };
    const form = new URLSearchParams({
      client_id: clientId,
      ...proof,
      grant_type: "client_credentials",
      scope: `${this.endpoints.graph}/.default`,
    });
    const reply = await sendRequest({
      method: "POST",
      url: new URL(`${this.endpoints.login}/${tenantId}/oauth2/v2.0/token`),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      timeout: 60,
    });
    const what = `POST /${tenantId}/oauth2/v2.0/token`;
    if (reply.status >= 400) {
      throw failureOf(reply, what);
    }
    const answer = objectOf(parseJson(reply.body, what));
    const value = textOf(answer.access_token);
    if (!value) {
      throw new Error(`${what}: expected access_token in the reply, got none`);
    }
    const claims = objectOf(
      parseJson(Buffer.from(value.split(".")[1] ?? "", "base64url").toString("utf8"), `${what}: the token's payload`),
    );
    this.caller = textOf(claims.oid) ?? "";
    if (this.caller === "") {
      throw new Error(`${what}: expected the claim oid in the token, got none`);
    }
    const lifetime = typeof answer.expires_in === "number" ? answer.expires_in * 1_000 : 0;
    return { value, expires: Date.now() + lifetime - tokenMargin };
  }
}

/** https is forced, whatever the endpoints in it are (hashicorp/go-azure-sdk, sdk/internal/metadata/client.go). */
async function readMetadata(host: string): Promise<Endpoints> {
  const url = new URL(`https://${host}/metadata/endpoints?api-version=2022-09-01`);
  const reply = await sendRequest({ method: "GET", url, headers: { accept: "application/json" }, timeout: 60 });
  if (reply.status !== 200) {
    throw new Error(`GET ${url.pathname} at ${host}: expected status 200, got ${reply.status}`);
  }
  const document = objectOf(parseJson(reply.body, `GET ${url.pathname} at ${host}`));
  const login = textOf(objectOf(document.authentication).loginEndpoint);
  const graph = textOf(document.microsoftGraphResourceId)?.replace(/\/+$/, "");
  if (!textOf(document.name) || !textOf(document.resourceManager) || !login || !graph) {
    throw new Error(
      `GET ${url.pathname} at ${host}: expected name, resourceManager, microsoftGraphResourceId and loginEndpoint, got not all of them`,
    );
  }
  return { login: login.replace(/\/+$/, ""), graph };
}

/** For a `catch`: an object that is not there is undefined, every other failure stays one. */
export function undefinedIfGone(error: unknown): undefined {
  if (error instanceof GraphFailure && error.status === 404) {
    return undefined;
  }
  throw error;
}

function isTransient(status: number): boolean {
  return status === 429 || status >= 500;
}

function failureOf(reply: HttpReply, what: string): GraphFailure {
  let parsed: Properties = {};
  try {
    parsed = objectOf(JSON.parse(reply.body) as Value);
  } catch {
    // A gateway's page: the status says it all.
  }
  const error = objectOf(parsed.error);
  const code = textOf(error.code) ?? textOf(parsed.error) ?? "";
  const message = textOf(error.message) ?? textOf(parsed.error_description) ?? "";
  return new GraphFailure(reply.status, code, `${what}: unexpected status ${reply.status} with OData error: ${code}: ${message}`);
}

/** The last segment of a resource id such as `/applications/<object id>`. */
export function objectId(resourceId: string): string {
  return resourceId.slice(resourceId.lastIndexOf("/") + 1);
}

/** A literal of `$filter`. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A display name in `$filter` as the official plugin writes it for applications and groups: as it is, so that Graph refuses one with
 * an apostrophe (terraform-provider-azuread internal/services: applications/applications.go applicationFindByName, groups/groups.go
 * groupFindByName, groups/group_data_source.go).
 */
export function unescaped(displayName: string): string {
  return `'${displayName}'`;
}

export function filtered(path: string, filter: string, select?: readonly string[]): string {
  return `${path}?${new URLSearchParams({ $filter: filter, ...(select ? { $select: select.join(",") } : {}) }).toString()}`;
}
