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
    sign: /incorrect passphrase|passphrase must be set with PULUMI_CONFIG_PASSPHRASE|failed to decrypt (?:encrypted )?configuration|Message authentication failed|could not decrypt|getting secrets manager/,
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
    cause: "credentials",
    types,
    sign: /(?:problem logging in|unable to open bucket|failed to read stack|blob \(key)[^\n]*(?:AccessDenied|PermissionDenied|no credentials|NoCredentialProviders|credential|\b403\b)|unable to open bucket/i,
    remedy: () =>
      "The engine does not get at the store of its state. Give this machine the store's credentials, and check its address (`pulumi whoami --verbose`).",
  },
  {
    cause: "throttled",
    types,
    sign: /\[429\]/,
    remedy: () => `The engine's own backend asks for patience. Wait a minute, then: ${runAgain}`,
  },
  {
    cause: "policy",
    types,
    sign: /\b(?:\d+ )?policy violations?\b|mandatory policy/i,
    remedy: () =>
      "A rule of the policy pack refuses the plan. The lines under 'Policies' name the rule and the resource; docs/policies.md says what each one asks for.",
  },
  {
    cause: "engine",
    types,
    sign: /\bpending operations?\b/i,
    remedy: () =>
      "An earlier update was interrupted, and the state does not know how its last operations ended. `pulumi refresh` looks at each and asks what it cannot see. " +
      runAgain,
  },
  {
    cause: "engine",
    types,
    sign: /no space left on device/,
    remedy: () => `The disk of this machine is full. Make room, and keep the state's copy. ${runAgain}`,
  },
  {
    cause: "missing",
    types,
    sign: /Cannot find (?:module|package) '([^'\n]{1,200})'/,
    remedy: (_type, [, name = ""]) =>
      `The program's package '${name.split("\n")[0] ?? ""}' is not there. Run \`npm ci\` (or \`pulumi install\`) in the project's folder, with the lock file that belongs to it.`,
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
