import { tools } from "../../../machine/toolchain";
import { fits, parseVersion } from "../../../machine/toolchain/versions";

describe("parseVersion", () => {
  it.each([
    ["v3.230.0\n", "3.230.0"],
    ["Kubernetes v1.36.3", "1.36.3"],
    ["Kubernetes v1.34.1-gke.1829001", "1.34.1-gke.1829001"],
    ["etcd Version: 3.6.7\nGit SHA: Not provided (use ./build instead of go build)\nGo Version: go1.26.8\n", "3.6.7"],
    ["v3.22.0", "3.22.0"],
    ["v3.14.2+gc309b6f", "3.14.2"],
    ["v0.0.0-master+$Format:%H$", "0.0.0-master"],
    ["command not found", undefined],
    ["", undefined],
  ])("%j -> %j", (output, expected) => {
    expect(parseVersion(output)).toBe(expected);
  });
});

describe("fits", () => {
  it.each([
    ["pulumi", "3.220.0", true],
    ["pulumi", "3.219.9", false],
    ["pulumi", "4.0.0", false],
    ["helm", "3.14.0", true],
    ["helm", "3.13.3", false],
    ["helm", "4.0.1", false],
    ["etcd", "3.5.21", true],
    ["etcd", "3.4.37", false],
    ["kube-apiserver", "1.34.0", true],
    ["kube-apiserver", "1.34.0-gke.5", true],
    ["kube-apiserver", "1.33.9", false],
    ["kube-apiserver", "0.0.0-master", false],
  ] as const)("%s %s: %s", (name, version, expected) => {
    expect(fits(tools[name], version)).toBe(expected);
  });

  it.each(Object.values(tools))("accepts the version of $name that its own module pins", (tool) => {
    expect(fits(tool, tool.version)).toBe(true);
  });
});
