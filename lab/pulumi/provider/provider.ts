// What a provider is to the gRPC adapter (grpc.ts): plain values in and out.
import type { Difference } from "./diff";
import type { CheckFailure } from "./schema";
import type { Properties, Value } from "./values";

/** A resource as the engine names it. */
export interface ResourceName {
  readonly urn: string;
  /** Type token, for example `okta:group/group:Group`. */
  readonly type: string;
  /** The Pulumi name. */
  readonly name: string;
}

/** A resource's id and state; `secrets` names the state's properties that are secret whatever the inputs were. */
export interface ResourceState {
  readonly id: string;
  readonly state: Properties;
  readonly secrets?: ReadonlySet<string>;
}

export interface Provider {
  /** The plugin's version, as GetPluginInfo answers. */
  readonly version: string;
  /** Refuses a configuration that cannot work. Values may be unknown. */
  checkConfig(config: Properties): CheckFailure[];
  /** Called once, before anything that needs the vendor. */
  configure(config: Properties): Promise<void>;
  /** @returns in `secrets` the inputs that are secret without the program having said so of one of that name */
  check(
    resource: ResourceName,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: CheckFailure[]; secrets?: ReadonlySet<string> }>;
  /** @param ignoreChanges properties that the program wants left out of the comparison; the engine has put the old inputs in place already */
  diff(
    resource: ResourceName,
    id: string,
    oldInputs: Properties,
    oldState: Properties,
    news: Properties,
    ignoreChanges?: readonly string[],
  ): Promise<Difference>;
  /** With `preview` nothing may be made; computed properties are UNKNOWN and the id is empty. */
  create(resource: ResourceName, inputs: Properties, preview: boolean, timeoutSeconds: number): Promise<ResourceState>;
  /** @returns undefined when the resource is gone; for an import, `oldState` and `oldInputs` are empty */
  read(
    resource: ResourceName,
    id: string,
    oldInputs: Properties,
    oldState: Properties,
  ): Promise<(ResourceState & { readonly inputs: Properties }) | undefined>;
  update(
    resource: ResourceName,
    id: string,
    oldInputs: Properties,
    oldState: Properties,
    news: Properties,
    preview: boolean,
    timeoutSeconds: number,
    ignoreChanges?: readonly string[],
  ): Promise<ResourceState>;
  delete(resource: ResourceName, id: string, oldInputs: Properties, oldState: Properties, timeoutSeconds: number): Promise<void>;
  /** A function (data source). @throws Error naming an unknown function */
  invoke(token: string, inputs: Properties): Promise<Record<string, Value>>;
  /** Asks running operations to stop. */
  cancel?(): void;
}

/**
 * A resource that exists although its creation or update did not finish: the engine keeps it in the state,
 * shows the reasons, and tries again at the next update.
 */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly resource: ResourceState,
    readonly inputs: Properties,
  ) {
    super(message);
  }
}
