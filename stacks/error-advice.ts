import * as pulumi from "@pulumi/pulumi";
import type { FailedOperation } from "../components/identity-providers";

/**
 * Says what a provider's error leaves out, for every resource of the stack. A hook of the program and not of the components:
 * under unit tests' mocks hooks never resolve, and a component must not depend on one.
 * @param advise words for a failed operation; undefined where there is nothing to add
 */
export function adviseOnErrors(advise: (failed: FailedOperation) => string | undefined): void {
  const hook = new pulumi.ErrorHook("gatehouse-advice", async (failed) => {
    const words = advise(failed);
    if (words !== undefined) {
      await pulumi.log.error(words);
    }
    // The providers retry by themselves; what they give up must not be tried on top of that.
    return false;
  });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the newer transforms cost a call for each resource
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    // Components have no operations that could fail.
    /^(gatehouse|pulumi):/.test(type)
      ? undefined
      : { props, opts: { ...opts, hooks: { ...opts.hooks, onError: [...(opts.hooks?.onError ?? []), hook] } } },
  );
}
