import { runAgain, type FailureCause } from "../../model";

const types = /^pulumi:pulumi:Stack$/;

/** What the Pulumi engine says about itself (pulumi/pulumi, pkg/backend and pkg/secrets). */
export const engineCauses: readonly FailureCause[] = [
  {
    cause: "locked",
    types,
    sign: /the stack is currently locked by \d+ lock|Another update is currently in progress|\[409\] Conflict: Another update/,
    remedy: () =>
      `Another update is under way, or one was killed. When none is (the lock names process and time): \`pulumi cancel\`. ${runAgain}`,
  },
  {
    // execve gives up above 128 KiB a variable (MAX_ARG_STRLEN); the engine hands the configuration over in the environment.
    cause: "engine",
    types: /./,
    sign: /argument list too long/i,
    remedy: () =>
      "The description is too large for the way in which the engine hands it to the program (128 KiB on Linux). Write it into a file of its own and name that: `gatehouse:from: environments/production.yaml`.",
  },
  {
    cause: "credentials",
    types,
    sign: /incorrect passphrase|passphrase must be set with PULUMI_CONFIG_PASSPHRASE|failed to decrypt configuration|could not decrypt|getting secrets manager/,
    remedy: () =>
      "The engine cannot open the stack's secrets. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or give access to the key that the stack file names.",
  },
  {
    cause: "credentials",
    types,
    sign: /PULUMI_ACCESS_TOKEN must be set|invalid access token|\[401\] Unauthorized/,
    remedy: () => "The engine is not signed in to its backend. Run `pulumi login`, or set PULUMI_ACCESS_TOKEN.",
  },
  {
    cause: "missing",
    types,
    sign: /no stack named '([^']{1,200})' found|no stack selected/,
    remedy: (_type, [, name]) =>
      name === undefined
        ? "No stack is selected. Name it with --stack."
        : `There is no stack '${name}' in this backend. Check its name, or make it: \`pulumi stack init ${name}\`.`,
  },
  {
    cause: "engine",
    types,
    sign: /failed to load checkpoint|unexpected end of JSON input|snapshot integrity failure/i,
    remedy: () =>
      "The engine cannot read its state. In a file store put the copy beside it, `<stack>.json.bak`, in its place; otherwise `pulumi stack export --version <earlier>` and `pulumi stack import` bring an earlier one back. Keep a copy of what is there first.",
  },
  {
    cause: "missing",
    types,
    sign: /no resource plugin '(?:pulumi-resource-)?([\w-]{1,60})|could not (?:find|load) plugin (?:for )?(?:'?([\w-]{1,60}))?/,
    remedy: (_type, [, plugin, other]) =>
      `The provider's plugin ${plugin ?? other ?? ""} is not installed here. Run \`pulumi install\`, or \`npm ci\` first where the program's packages are not there.`,
  },
];
