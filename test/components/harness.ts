import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import * as components from "../../components";
import * as issuers from "../../components/identity-providers/issuer";
import { compareText } from "../../model";

/** One resource as the engine would have been asked to register it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Name of the parent; undefined at the top. */
  readonly parent: string | undefined;
  /** Inputs as they cross the wire: secrets in their envelope ({@link secret}), unknown values as {@link unknown}. */
  readonly inputs: Record<string, unknown>;
  /** Outputs that are marked secret whatever the provider says. */
  readonly secretOutputs: readonly string[];
  /** Names of the resources that this one waits for. */
  readonly dependsOn: readonly string[];
  /** Properties that are left out of every comparison; missing where there are none. */
  readonly ignoreChanges?: readonly string[];
  /** Properties whose change replaces the resource whatever the provider plans; missing where there are none. */
  readonly replaceOnChanges?: readonly string[];
  /** Name of the provider that the program chose; missing for the default one. */
  readonly provider?: string;
  /** True where the old resource goes before the new one comes; missing elsewhere. */
  readonly deleteBeforeReplace?: boolean;
  readonly retainOnDelete?: boolean;
}

/** One call of a provider's function. */
export interface Called {
  readonly token: string;
  readonly inputs: Record<string, unknown>;
  /** Name of the provider that the program chose; missing for the default one. */
  readonly provider?: string;
}

export interface Simulation<T> {
  readonly result: T;
  /** Sorted by type and name. */
  readonly resources: readonly Registered[];
  readonly calls: readonly Called[];
}

export interface World {
  /** A plan: no provider runs, so ids and computed outputs are unknown. */
  readonly preview?: boolean;
  /** What a provider's functions answer. */
  readonly call?: (called: Called) => Record<string, unknown>;
  /** What a provider computes on top of the inputs; only where this is no preview. */
  readonly computed?: (type: string, name: string) => Record<string, unknown>;
}

/** The envelope in which a secret crosses the wire. */
export function secret(value: unknown): Record<string, unknown> {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

/** What stands for a value that a plan does not know. */
export const unknown = pulumi.runtime.unknownValue;

/** What the providers of walkthrough 1 compute. */
function computedDefaults(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "okta:app/oAuth:OAuth":
      return { clientId: `0oa-${name}` };
    case "random:index/randomPassword:RandomPassword":
      return { result: `generated-for-${name}` };
    default:
      return {};
  }
}

/**
 * Runs a piece of a program under Pulumi's mocks and waits until every resource is registered.
 * The stack's configuration, which a test may have set before, is empty afterwards.
 */
export async function simulate<T>(program: (library: typeof components) => T | Promise<T>, world: World = {}): Promise<Simulation<T>> {
  const calls: Called[] = [];
  const preview = world.preview ?? false;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, custom, inputs }) => ({
        id: custom === true && !preview ? `${name}-id` : undefined,
        state: { ...(inputs as Record<string, unknown>), ...(preview ? {} : (world.computed ?? computedDefaults)(type, name)) },
      }),
      call: ({ token, inputs, provider }) => {
        const chosen = provider === undefined || provider === "" ? {} : { provider: providerName(provider) };
        const called = { token, inputs: inputs as Record<string, unknown>, ...chosen };
        calls.push(called);
        if (world.call === undefined) {
          throw new Error(`No answer was given for ${token}.`);
        }
        return world.call(called);
      },
    },
    "gatehouse",
    "lab",
    preview,
  );
  const registered = recordRegistrations();
  const result = await runToEnd(() => program(components));
  const resources = [...registered].sort((left, right) => compareText(`${left.type} ${left.name}`, `${right.type} ${right.name}`));
  return { result, resources, calls };
}

/**
 * Runs a program under the mocks that are set, until every resource is registered; the stack's configuration is empty afterwards.
 * No identity provider answers here: its address counts as right. What is compared is tested in identity-providers/issuer.test.ts.
 */
export async function runToEnd<T>(program: () => T | Promise<T>): Promise<T> {
  const issuer = vi.spyOn(issuers, "requireIssuer").mockResolvedValue({});
  try {
    const result = await program();
    await pulumi.runtime.disconnect();
    return result;
  } finally {
    issuer.mockRestore();
    pulumi.runtime.setAllConfig({});
  }
}

/** The mocks' own record leaves out parents, dependencies and secret outputs, so the requests are read on their way. */
function recordRegistrations(): Registered[] {
  const registered: Registered[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    registered.push({
      type: request.getType(),
      name: request.getName(),
      parent: nameOf(request.getParent()),
      inputs: withoutSecretUnknowns(request.getObject()?.toJavaScript() ?? {}),
      secretOutputs: [...new Set(request.getAdditionalsecretoutputsList())].sort(compareText),
      dependsOn: request
        .getDependenciesList()
        .map((urn) => nameOf(urn) ?? "")
        .sort(compareText),
      ...(request.getIgnorechangesList().length === 0 ? {} : { ignoreChanges: request.getIgnorechangesList() }),
      ...(request.getReplaceonchangesList().length === 0 ? {} : { replaceOnChanges: request.getReplaceonchangesList() }),
      ...(request.getProvider() === "" ? {} : { provider: providerName(request.getProvider()) }),
      ...(request.getDeletebeforereplace() ? { deleteBeforeReplace: true } : {}),
      ...(request.getRetainondelete() === true ? { retainOnDelete: true } : {}),
    });
    return register(request, callback);
  };
  return registered;
}

/** SDKs from 3.249 on say of an unknown value that it is secret as well; for what these tests hold that is one and the same. */
function withoutSecretUnknowns<T>(value: T): T {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const envelope = value as Record<string, unknown>;
  if (envelope[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig && envelope["value"] === unknown) {
    return unknown as T;
  }
  const copied: unknown = Array.isArray(value)
    ? value.map(withoutSecretUnknowns)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecretUnknowns(inner as unknown)]));
  return copied as T;
}

/** `<urn>::<id>` */
function providerName(reference: string): string | undefined {
  return nameOf(reference.slice(0, reference.lastIndexOf("::")));
}

function nameOf(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

/** The only resource of a type. */
export function only(simulation: Simulation<unknown>, type: string): Registered {
  const found = simulation.resources.filter((resource) => resource.type === type);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`Expected one resource of type ${type}, found ${found.length}.`);
  }
  return first;
}

/** `<type> <name>` of everything that was registered. */
export function listing(simulation: Simulation<unknown>): string[] {
  return simulation.resources.map(({ type, name }) => `${type} ${name}`);
}

interface Settling<T> {
  promise(): Promise<T>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
}

/** What an output holds in the end (undefined while unknown), and whether it is known and secret. */
export async function settled<T>(output: pulumi.Output<T>): Promise<{ value: T; known: boolean; secret: boolean }> {
  // The SDK keeps these members out of its public types.
  const settling = output as unknown as Settling<T>;
  return { value: await settling.promise(), known: await settling.isKnown, secret: await settling.isSecret };
}
