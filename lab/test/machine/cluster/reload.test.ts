import { configurationHash, judgeReload, lastReloadError, readReloadState } from "../../../machine/cluster/reload";

// As kube-apiserver 1.36.3 writes them.
const metrics = (
  hash: string,
  success: number,
  failure: number,
) => `# HELP apiserver_authentication_config_controller_automatic_reloads_total [BETA] Total number
# TYPE apiserver_authentication_config_controller_automatic_reloads_total counter
apiserver_authentication_config_controller_automatic_reloads_total{apiserver_id_hash="sha256:aa",status="failure"} ${failure}
apiserver_authentication_config_controller_automatic_reloads_total{apiserver_id_hash="sha256:aa",status="success"} ${success}
apiserver_authentication_config_controller_last_config_info{apiserver_id_hash="sha256:aa",hash="${hash}"} 1
apiserver_authorization_config_controller_automatic_reloads_total{status="success"} 9
`;

it("reads hash and counters, and takes an absent counter for zero", () => {
  expect(readReloadState(metrics("sha256:bb", 2, 1))).toEqual({ hash: "sha256:bb", successes: 2, failures: 1 });
  expect(readReloadState("")).toEqual({ hash: undefined, successes: 0, failures: 0 });
});

it("hashes as the server does", () => {
  expect(configurationHash("abc")).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

describe("judgeReload", () => {
  const state = (hash: string | undefined, successes: number, failures: number) => ({ hash, successes, failures });
  it.each([
    ["its hash is reported", state("old", 0, 0), state("new", 1, 0), "in force"],
    ["its hash is reported after an earlier failure", state("old", 0, 0), state("new", 1, 1), "in force"],
    ["another hash is reported", state("old", 0, 0), state("old", 0, 0), "pending"],
    ["another text was taken meanwhile", state("old", 0, 0), state("other", 1, 0), "pending"],
    ["a failure was counted", state("old", 1, 1), state("old", 1, 2), "refused"],
    ["a server without hashes counted a success", state(undefined, 1, 0), state(undefined, 2, 0), "in force"],
    ["a server without hashes counted nothing", state(undefined, 1, 0), state(undefined, 1, 0), "pending"],
  ] as const)("when %s", (_what, before, now, verdict) => {
    expect(judgeReload(before, now, "new")).toBe(verdict);
  });
});

describe("lastReloadError", () => {
  const E = (message: string) => `E1123 06:50:25.053453   11542 authentication.go:789] ${message}`;
  it("takes the last failure with its indented lines, without klog's header", () => {
    const log = [
      E('"failed to validate authentication config" err="old"'),
      E('"failed to load authentication config" err=<'),
      "\tno kind",
      "\t'",
      " >",
      "I1123 other",
    ];
    expect(lastReloadError(log.join("\n"))).toBe('"failed to load authentication config" err=< no kind \'');
  });

  it("takes a failure of one line", () => {
    expect(lastReloadError(`${E('"failed to update authentication config" err="no route"')}\nI1123 next`)).toBe(
      '"failed to update authentication config" err="no route"',
    );
  });

  it("answers undefined when the server said nothing", () => {
    expect(lastReloadError('I1123 authentication.go:818] "reloaded authentication config"\n')).toBeUndefined();
  });
});
