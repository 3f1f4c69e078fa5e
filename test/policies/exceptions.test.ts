import { applyExceptions, exceptionsFor, MalformedExceptionError, parseExceptions, type Exception } from "../../policies/exceptions";

const rules = ["rbac-no-wildcards", "rbac-secrets-read"];
const exception: Exception = {
  rule: "rbac-no-wildcards",
  resource: "legacy-*",
  owner: "ana@example.com",
  reason: "vendor chart",
  until: "2026-12-31",
};
const resource = { name: "legacy-role", urn: "urn:pulumi:dev::shop::kubernetes:rbac.authorization.k8s.io/v1:Role::legacy-role" };
const on = (date: string): Date => new Date(date);

describe("applyExceptions", () => {
  it.each([
    ["a name pattern", "legacy-*"],
    ["the whole name", "legacy-role"],
    ["the URN", resource.urn],
    ["a URN pattern", "urn:pulumi:dev::*::legacy-role"],
  ])("excepts by %s", (_, pattern) => {
    const excepted = { ...exception, resource: pattern };
    expect(applyExceptions([excepted], "rbac-no-wildcards", resource, on("2026-11-23"))).toEqual({ state: "active", exception: excepted });
  });

  it.each([
    ["another rule", exception, "rbac-secrets-read"],
    ["another name", { ...exception, resource: "legacy" }, "rbac-no-wildcards"],
    ["a name that only contains the pattern", { ...exception, resource: "role" }, "rbac-no-wildcards"],
    ["a dot that is meant literally", { ...exception, resource: "legacy.role" }, "rbac-no-wildcards"],
  ])("does not except %s", (_, given, rule) => {
    expect(applyExceptions([given], rule, resource, on("2026-11-23"))).toEqual({ state: "none" });
  });

  it("works until the last moment of its last day, UTC", () => {
    expect(applyExceptions([exception], exception.rule, resource, on("2026-12-31T23:59:59.999Z")).state).toBe("active");
    expect(applyExceptions([exception], exception.rule, resource, on("2027-01-01T00:00:00.000Z")).state).toBe("expired");
  });

  it("prefers an exception that still works over one that is over", () => {
    const old = { ...exception, until: "2025-01-01" };
    expect(applyExceptions([old, exception], exception.rule, resource, on("2026-11-23"))).toEqual({ state: "active", exception });
    expect(applyExceptions([old], exception.rule, resource, on("2026-11-23"))).toEqual({ state: "expired", exception: old });
  });

  it("finds every exception that names a resource", () => {
    const other = { ...exception, rule: "rbac-secrets-read" };
    expect(exceptionsFor([exception, other, { ...exception, resource: "x" }], resource)).toEqual([exception, other]);
  });
});

describe("parseExceptions", () => {
  it("accepts a well-formed list, and none at all", () => {
    expect(parseExceptions([exception], rules)).toEqual([exception]);
    expect(parseExceptions(undefined, rules)).toEqual([]);
  });

  it.each([
    ["no list", "all", "exceptions: expected a list, got string"],
    ["no object", ["x"], 'exceptions[0]: expected an object with rule, resource, owner, reason, until, got "x"'],
    ["a missing owner", [{ ...exception, owner: undefined }], "exceptions[0].owner: expected text, got nothing"],
    ["an empty reason", [{ ...exception, reason: " " }], 'exceptions[0].reason: expected text, got " "'],
    ["an unknown rule", [{ ...exception, rule: "x" }], 'exceptions[0].rule: expected a rule of this pack, got "x"'],
    ["an unknown field", [{ ...exception, untill: "x" }], "exceptions[0].untill: expected only rule, resource, owner, reason, until"],
    [
      "a date that does not exist",
      [{ ...exception, until: "2026-02-30" }],
      'exceptions[0].until: expected a date YYYY-MM-DD, got "2026-02-30"',
    ],
    ["a date without a year", [{ ...exception, until: "31.12." }], 'exceptions[0].until: expected a date YYYY-MM-DD, got "31.12."'],
    [
      "a pattern for everything",
      [exception, { ...exception, resource: "**" }],
      "exceptions[1].resource: expected a URN or a name pattern, got one that matches everything (lower the rule's level instead)",
    ],
  ])("refuses %s", (_, configured, fault) => {
    expect(() => parseExceptions(configured, rules)).toThrow(new MalformedExceptionError([fault]));
  });

  it("lists all faults at once", () => {
    expect(() => parseExceptions([{ ...exception, rule: "x", until: "soon" }], rules)).toThrow(
      new MalformedExceptionError([
        'exceptions[0].rule: expected a rule of this pack, got "x"',
        'exceptions[0].until: expected a date YYYY-MM-DD, got "soon"',
      ]),
    );
  });
});
