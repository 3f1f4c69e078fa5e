import fc from "fast-check";
import { effectiveGroup, effectiveUsername, kastenChartContract, kastenPathPrefix, oktaGroupsFilter } from "../../../model";

describe("username", () => {
  const rule = { issuer: "https://example.okta.com", value: "00u1" };
  test.each([
    ["a prefix is put before it as it stands", "sub", "okta:", "okta:00u1"],
    ["no separator is added", "sub", "okta", "okta00u1"],
    ["a lone dash switches prefixing off", "sub", "-", "00u1"],
    ["an empty prefix means the issuer and #", "sub", "", "https://example.okta.com#00u1"],
    ["but not for the address", "email", "", "00u1"],
    ["the dash holds for the address as well", "email", "-", "00u1"],
    ["and so does a prefix", "email", "okta:", "okta:00u1"],
  ])("%s", (_, claim, prefix, expected) => {
    expect(effectiveUsername({ ...rule, claim, prefix })).toBe(expected);
  });
});

describe("group", () => {
  test.each([
    ["okta:", "okta:Kasten Admins"],
    ["", "Kasten Admins"],
    ["-", "-Kasten Admins"],
  ])("prefix %j", (prefix, expected) => {
    expect(effectiveGroup({ prefix, value: "Kasten Admins" })).toBe(expected);
  });
});

describe("path of K10, in the chart's own order", () => {
  const of = (values: Record<string, unknown>) => kastenPathPrefix({ release: "backup", values });
  test.each([
    ["the release name when nothing is set", {}, "backup"],
    ["the ingress path when an ingress is created", { ingress: { create: true, urlPath: "/kasten/" } }, "kasten"],
    ["not the ingress path without an ingress", { ingress: { create: false, urlPath: "kasten" } }, "backup"],
    ["the route path before the ingress path", { route: { enabled: true, path: "r" }, ingress: { create: true, urlPath: "i" } }, "r"],
    ["a route that is off leaves the ingress", { route: { enabled: false, path: "r" }, ingress: { create: true, urlPath: "i" } }, "i"],
    [
      "an empty route path means the release name",
      { route: { enabled: true, path: "/" }, ingress: { create: true, urlPath: "i" } },
      "backup",
    ],
    ["a path of several parts", { ingress: { create: true, urlPath: "a/b" } }, "a/b"],
  ])("%s", (_, values, expected) => {
    expect(of(values)).toBe(expected);
  });
});

describe("chart contract", () => {
  const contract = (secretHolds: string, ...knows: string[]) => ({
    supported: true,
    secretHolds,
    sessions: knows.includes("sessions"),
    secureCookies: knows.includes("secureCookies"),
    pkce: knows.includes("pkce"),
    pathNeedsIngress: knows.includes("pathNeedsIngress"),
  });
  // templates/secrets.yaml of 6.0.401 and 6.0.701 demands the client's credentials in values; 7.0.1 takes a Secret's name.
  test.each([
    ["4.5.0", contract("configuration")],
    ["5.5.100", contract("configuration")],
    ["6.0.1", contract("configuration")],
    ["6.0.401", contract("configuration")],
    ["6.5.0", contract("configuration", "sessions")],
    ["6.5.1401", contract("configuration", "sessions")],
    ["7.0.0", contract("credentials", "sessions")],
    ["7.5.401", contract("credentials", "sessions", "pathNeedsIngress")],
    ["8.0.15", contract("credentials", "sessions", "pathNeedsIngress")],
    ["8.5.1301", contract("credentials", "sessions", "secureCookies", "pathNeedsIngress")],
    ["9.0.701", contract("credentials", "sessions", "secureCookies", "pkce", "pathNeedsIngress")],
  ])("%s", (version, expected) => {
    expect(kastenChartContract(version)).toEqual(expected);
  });

  test.each(["4.4.9", "10.0.0", "10.0.0-rc.1", "latest", ""])("%j is not supported", (version) => {
    expect(kastenChartContract(version)).toEqual({
      supported: false,
      expected: "a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read",
    });
  });
});

describe("Okta's groups filter", () => {
  test("is anchored, sorted and escaped", () => {
    expect(oktaGroupsFilter(["b.c", "A (x)", "b.c"])).toBe("^(A \\(x\\)|b\\.c)$");
  });

  test("of no group is refused", () => {
    expect(() => oktaGroupsFilter([])).toThrow(
      "Groups claim: expected at least one group name, got none: a filter of no names would match the empty name.",
    );
  });

  test("matches exactly the names, whatever characters they hold", () => {
    const name = fc.string({
      minLength: 1,
      maxLength: 12,
      unit: fc.constantFrom("a", "b", ".", "*", "+", "?", "^", "$", "|", "(", ")", "[", "]", "{", "}", "\\", "-", "/", " "),
    });
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), name, (names, other) => {
        const filter = new RegExp(oktaGroupsFilter(names));
        expect(names.every((item) => filter.test(item))).toBe(true);
        expect(filter.test(other)).toBe(names.includes(other));
        expect(filter.test(`${names[0]}x`)).toBe(names.includes(`${names[0]}x`));
      }),
    );
  });
});
