// The SDK strips these from its typings although its index exports them (@pulumi/policy 1.21.0, `stripInternal`).
import "@pulumi/policy/proxy";

declare module "@pulumi/policy/proxy" {
  export class UnknownValueError extends Error {
    readonly props: readonly string[];
  }
  /** Wraps resource inputs so that reading an unknown value throws `UnknownValueError`, as the SDK's server does for each policy. */
  export function unknownCheckingProxy<T extends object>(properties: T): T;
}
