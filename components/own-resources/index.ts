/**
 * Resources that no vendor's provider has, and who runs them.
 *
 * In a Node.js program it is Pulumi's plug-in for dynamic resources, which takes the code from the state and packages from the program's
 * node_modules. A program in another language has no node_modules, so there the component plugin runs them itself (plugin/). Holds no
 * resource: those are beside what they belong to.
 */
import * as pulumi from "@pulumi/pulumi";

/** What a resource can do, as Pulumi's dynamic resources write it. */
export type OwnProvider = pulumi.dynamic.ResourceProvider;

/** A type of resource. */
export interface OwnType {
  /** `okta` and `ClientSecrets` of `pulumi-nodejs:dynamic/okta:ClientSecrets`: identity. */
  readonly module: string;
  readonly name: string;
  /** @param modules a folder from which packages are found; the program's own where left out */
  provider(modules?: string): OwnProvider;
}

let servedByPlugin = false;

/** Said by the component plugin, before it makes anything. */
export function serveOwnResources(): void {
  servedByPlugin = true;
}

/** One resource of such a type. */
export class OwnResource extends pulumi.CustomResource {
  constructor(type: OwnType, name: string, props: pulumi.Inputs, options?: pulumi.CustomResourceOptions) {
    if (servedByPlugin) {
      super(`gatehouse:${type.module}:${type.name}`, name, props, options);
    } else {
      super(`pulumi-nodejs:dynamic/${type.module}:${type.name}`, name, { ...props, __provider: stored(type) }, options);
    }
  }
}

const texts = new WeakMap<OwnType, Promise<string>>();

/** The code as text, as pulumi.dynamic.Resource stores it. Made once for each type, at some 100 ms. */
function stored(type: OwnType): pulumi.Output<string> {
  const text = texts.get(type) ?? serialized(type);
  texts.set(type, text);
  return pulumi.output(text);
}

async function serialized(type: OwnType): Promise<string> {
  const provider = type.provider();
  return (await pulumi.runtime.serializeFunction(() => provider)).text;
}

/**
 * Settings of the provider that a component's resources use, so that an own resource reaches the same cluster or organisation: those of
 * the component's options, else, where the stack's configuration cannot be asked later, those of the configuration. A secret output;
 * undefined where the resource reads the configuration itself.
 */
export function providerSettings(
  component: pulumi.ComponentResource,
  token: string,
  keys: readonly string[],
): pulumi.Output<Readonly<Record<string, string>>> | undefined {
  const provider = component.getProvider(token);
  const [namespace = ""] = token.split(":");
  if (provider !== undefined) {
    return pulumi.secret(servedByPlugin ? registered(provider, keys) : declared(provider, keys));
  }
  if (!servedByPlugin) {
    return undefined;
  }
  const config = new pulumi.Config(namespace);
  return pulumi.secret(textsOf(Object.fromEntries(keys.map((key) => [key, config.get(key)]))));
}

/** What the program gave the provider: the engine's answer becomes a field of the resource for each of its arguments. */
function declared(provider: pulumi.ProviderResource, keys: readonly string[]): pulumi.Output<Readonly<Record<string, string>>> {
  const fields = provider as unknown as Readonly<Record<string, unknown>>;
  const known = keys.filter((key) => pulumi.Output.isInstance(fields[key]));
  return pulumi.output(Object.fromEntries(known.map((key) => [key, fields[key]]))).apply(textsOf);
}

/** The plugin gets a provider by its name alone, and asks the engine for the rest. */
function registered(provider: pulumi.ProviderResource, keys: readonly string[]): pulumi.Output<Readonly<Record<string, string>>> {
  return provider.urn.apply(async (urn) => {
    const { state } = (await pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn })) as { state: Record<string, unknown> };
    return textsOf(Object.fromEntries(keys.map((key) => [key, state[key]])));
  });
}

function textsOf(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== ""),
  );
}
