import * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/pulumi/provider";
import { ownTypes, type OwnProvider } from "../components";

type Values = Readonly<Record<string, unknown>>;
type Held<T> = T extends (...args: infer A) => infer R ? (...args: A) => R : never;
type Operation<K extends keyof OwnProvider> = Held<NonNullable<OwnProvider[K]>>;

const { specialSigKey, specialSecretSig, specialOutputValueSig, unknownValue } = pulumi.runtime;

/** A value without the engine's envelopes: a secret's content, an output's value, or what stands for one that a plan does not know. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as Values;
  if (fields[specialSigKey] === specialSecretSig) {
    return plain(fields["value"]);
  }
  if (fields[specialSigKey] === specialOutputValueSig) {
    return "value" in fields ? plain(fields["value"]) : unknownValue;
  }
  return Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, plain(inner)]));
}

/** Whether a secret is anywhere in it. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const fields = value as Values;
  const own = fields[specialSigKey] === specialSecretSig || (fields[specialSigKey] === specialOutputValueSig && fields["secret"] === true);
  return own || Object.values(value).some(holdsSecret);
}

/** What came in as a secret goes back as one: this plugin says that it keeps them, so the engine marks nothing by itself. */
function sealed(result: Values | undefined, ...given: readonly (Values | undefined)[]): Values {
  const secrets = given.flatMap((values) =>
    Object.entries(values ?? {})
      .filter(([, value]) => holdsSecret(value))
      .map(([key]) => key),
  );
  return Object.fromEntries(
    Object.entries(result ?? {}).map(([key, value]) => [
      key,
      secrets.includes(key) && value !== undefined ? { [specialSigKey]: specialSecretSig, value } : value,
    ]),
  );
}

const made = new Map<string, OwnProvider>();

/** The code for the type in a URN: `urn:pulumi:<stack>::<project>::<parent types>$gatehouse:okta:ClientSecrets::<name>`. */
function providerOf(urn: string): OwnProvider {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const known = ownTypes.find(({ module, name }) => type === `gatehouse:${module}:${name}`);
  if (known === undefined) {
    throw new Error(`Expected a resource of this package, got ${type}.`);
  }
  // Packages are found from where this plugin is.
  const provider = made.get(type) ?? known.provider(__dirname);
  made.set(type, provider);
  return provider;
}

const operation = <K extends keyof OwnProvider>(urn: string, name: K): Operation<K> => {
  const provider = providerOf(urn);
  const found = provider[name];
  if (found === undefined) {
    throw new Error(`${urn}: expected a resource that knows ${name}`);
  }
  return found.bind(provider) as Operation<K>;
};

/** What the engine asks of a resource of this package, answered by the same code that Pulumi's plug-in for dynamic resources runs. */
export const ownResources: Pick<Provider, "check" | "diff" | "create" | "read" | "update" | "delete"> = {
  async check(urn, olds: Values, news: Values) {
    const result = await operation(urn, "check")(plain(olds), plain(news));
    return { inputs: sealed(result.inputs as Values, news), failures: result.failures };
  },
  diff: (id, urn, olds: Values, news: Values) => operation(urn, "diff")(id, plain(olds), plain(news)),
  async create(urn, inputs: Values) {
    const result = await operation(urn, "create")(plain(inputs));
    return { id: result.id, outs: sealed(result.outs as Values, inputs) };
  },
  async read(id, urn, props: Values | undefined) {
    const found = await operation(urn, "read")(id, plain(props));
    return { id: found.id ?? "", props: sealed(found.props as Values, props) };
  },
  async update(id, urn, olds: Values, news: Values) {
    const result = await operation(urn, "update")(id, plain(olds), plain(news));
    return { outs: sealed(result.outs as Values, olds, news) };
  },
  async delete(id, urn, props: Values) {
    await operation(urn, "delete")(id, plain(props));
  },
};
