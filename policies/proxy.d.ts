// The SDK strips this class from its typings although its index exports it (@pulumi/policy 1.21.0, `stripInternal`).
import "@pulumi/policy/proxy";

declare module "@pulumi/policy/proxy" {
  export class UnknownValueError extends Error {
    readonly props: readonly string[];
  }
}
