/**
 * The client secrets of an Okta app, as a Pulumi dynamic resource.
 *
 * Okta holds two secrets at once (management API, /api/v1/apps/{appId}/credentials/secrets), and neither Okta's Pulumi provider nor
 * Terraform's has a resource for them (okta/terraform-provider-okta#1915). The values are the stack's own; this resource puts them there
 * beside each other, and takes away those that the schedule does not have any more. Its code is stored with the resource; Pulumi's own
 * plug-in for dynamic resources runs it.
 */
import type * as pulumi from "@pulumi/pulumi";
import { openOrganisation, type Call, type Json } from "./management";
import { heldNow, stepsTowards, type Held, type ListedSecret, type WantedSecret } from "./plan";

/** What the program asks for. */
export interface ClientSecretsInputs {
  readonly appId: string;
  /** The active one first, then the one before it while the overlap lasts. */
  readonly secrets: readonly WantedSecret[];
  /** The settings of the component's own provider; left out where the stack's configuration says which organisation. */
  readonly organisation?: Readonly<Record<string, string>>;
}

/** What the state keeps besides the inputs. */
export interface ClientSecretsState extends ClientSecretsInputs {
  readonly held: Held;
}

/** What stands for a value that a plan does not know yet (sdk/nodejs/runtime/rpc.ts of Pulumi). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const pathOf = (appId: string): string => `/api/v1/apps/${encodeURIComponent(appId)}/credentials/secrets`;

async function listed(call: Call, appId: string): Promise<ListedSecret[] | undefined> {
  const answer = await call("GET", pathOf(appId));
  return Array.isArray(answer) ? (answer as ListedSecret[]) : undefined;
}

async function remove(call: Call, appId: string, id: string): Promise<void> {
  const path = `${pathOf(appId)}/${encodeURIComponent(id)}`;
  const found = (await call("GET", path)) as Json | undefined;
  if (found?.["status"] === "ACTIVE") {
    await call("POST", `${path}/lifecycle/deactivate`);
  }
  await call("DELETE", path);
}

/** Brings the app's secrets to what is wanted; what an interrupted update left is taken up where it stopped. */
async function converge(call: Call, inputs: ClientSecretsInputs, held: Held): Promise<ClientSecretsState> {
  const { appId, secrets } = inputs;
  const before = await listed(call, appId);
  if (before === undefined) {
    throw new Error(`Okta app ${appId}: expected it to be there, got nothing.`);
  }
  const made: Record<string, string> = {};
  for (const step of stepsTowards(secrets, before, held)) {
    if (step.what === "create") {
      const { id } = (await call("POST", pathOf(appId), { client_secret: step.secret.value, status: "ACTIVE" })) as { id: string };
      made[step.secret.start] = id;
    } else if (step.what === "activate") {
      await call("POST", `${pathOf(appId)}/${encodeURIComponent(step.id)}/lifecycle/activate`);
    } else {
      await remove(call, appId, step.id);
    }
  }
  return { ...inputs, held: { ...heldNow(secrets, before, held), ...made } };
}

function failuresOf(secrets: unknown): { property: string; reason: string }[] {
  const values = (Array.isArray(secrets) ? (secrets as readonly WantedSecret[]) : []).map(({ value }) => value);
  const known = values.filter((value) => value !== unknownValue);
  return new Set(known).size === known.length && values.length <= 2
    ? []
    : [{ property: "secrets", reason: "secrets: expected one or two that differ, got more, or one twice" }];
}

/** The parts of a dynamic provider; the organisation is where the component's provider or the stack's configuration says. */
export function clientSecretsProvider(): pulumi.dynamic.ResourceProvider<ClientSecretsInputs, ClientSecretsState> {
  // One object that all functions share: each of them is stored with its own copy of a variable, but not of an object.
  const settings: { config?: (key: string) => string | undefined } = {};
  const open = ({ organisation: own }: Pick<ClientSecretsInputs, "organisation">): Promise<Call> =>
    // The credentials are the okta provider's own, wherever it has them from.
    openOrganisation(
      (key, variable) => (own === undefined ? settings.config?.(`okta:${key}`) : own[key]) || process.env[variable] || undefined,
    );
  return {
    configure({ config }) {
      settings.config = (key) => config.get(key);
      return Promise.resolve();
    },

    check(_olds, news) {
      return Promise.resolve({ inputs: news, failures: failuresOf(news.secrets) });
    },

    diff(_id, olds, news) {
      const moved = olds.appId !== news.appId;
      const changes = moved || JSON.stringify([olds.secrets, olds.organisation]) !== JSON.stringify([news.secrets, news.organisation]);
      return Promise.resolve({ changes, replaces: moved ? ["appId"] : [] });
    },

    async create(inputs) {
      return { id: `${inputs.appId}/client-secrets`, outs: await converge(await open(inputs), inputs, {}) };
    },

    async update(_id, olds, news) {
      return { outs: await converge(await open(news), news, olds.held) };
    },

    /** A secret that somebody removed or deactivated is not among those that are there, so the next update puts it back. */
    async read(id, props) {
      if (props === undefined) {
        return {};
      }
      const found = await listed(await open(props), props.appId);
      if (found === undefined) {
        return {};
      }
      const active = found.filter(({ status }) => status === "ACTIVE").map((secret) => secret.id);
      const secrets = props.secrets.filter(({ start }) => active.includes(props.held[start] ?? ""));
      return { id, props: { ...props, secrets } };
    },

    /** The app goes next, or stays without this resource: the active secret is in use, the one before it is nobody's any more. */
    async delete(_id, { appId, secrets, held, organisation }) {
      const call = await open({ organisation });
      const there = (await listed(call, appId)) ?? [];
      for (const { start } of secrets.slice(1)) {
        const id = held[start];
        if (there.some((secret) => secret.id === id) && id !== undefined) {
          await remove(call, appId, id);
        }
      }
    },
  };
}
